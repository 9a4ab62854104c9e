"""Which types and defaults a kind of model and a codec carry, found by declaring each and looking what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pkgutil import iter_modules
from typing import Any, get_args

from versioned_serde import codecs, codings, models
from versioned_serde.errors import DeclarationError
from versioned_serde.protocols import Codec
from versioned_serde.shape import (
    ABSENT,
    REQUIRED,
    AnyType,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    Scalar,
    ScalarName,
)
from versioned_serde.testing.histories import KIND, Choice, Field, Form, History, Nested, Spec
from versioned_serde.testing.releases import KINDS, Release

CODECS: tuple[str, ...] = tuple(module.name for module in iter_modules(codecs.__path__) if module.name != "pickle")
"""The names of all codecs: whatever is in the folder, but for `pickle`, which writes nothing."""
CODINGS: tuple[str, ...] = ("none", *(module.name for module in iter_modules(codings.__path__)))
MODELS: tuple[str, ...] = tuple(module.name for module in iter_modules(models.__path__))
"""The plug-ins for kinds of models; `KINDS` has at least one entry for each."""


def _nested(tag: str | None = None) -> Spec:
    kind = [] if tag is None else [Field(KIND, EnumType((tag,)))]
    return Spec(f"Probe{tag or ''}", [(*kind, Field("b", Scalar("str")))])


def _probes() -> Iterator[tuple[str, Any]]:
    for scalar in get_args(ScalarName):
        yield scalar, Scalar(scalar)
    yield "text enum, closed", EnumType(("red", "green"))
    yield "text enum, open", EnumType(("red", "green"), open=True)
    yield "integer enum, closed", EnumType((0, 1))
    yield "integer enum, open", EnumType((0, 1), open=True)
    yield "enum class", EnumType((0, 1), cls=object)
    yield "null", NullableType(Scalar("str"))
    yield "anything", AnyType()
    yield "list", ListType(Scalar("int"))
    yield "set", ListType(Scalar("int"), "set")
    yield "map", MapType(Scalar("str"))
    nested: Any = Nested(_nested())
    yield "object", nested
    yield "null instead of an object", NullableType(nested)
    yield "list of objects", ListType(nested)
    yield "list of lists", ListType(ListType(nested))
    yield "map of objects", MapType(nested)
    yield "union of objects", Choice((("card", _nested("card")), ("cash", _nested("cash"))))


PROBES: dict[str, Any] = dict(_probes())
"""What is found out: name -> a type that needs just that."""


def needed(type_: Any) -> frozenset[str]:
    """The names in `PROBES` of what a type needs."""
    match type_:
        case Scalar(name=name):
            return frozenset({name})
        case EnumType(base=base, open=is_open, cls=cls):
            enum = f"{'text' if base == 'str' else 'integer'} enum, {'open' if is_open else 'closed'}"
            return frozenset({enum} if cls is None else {enum, "enum class"})
        case AnyType():
            return frozenset({"anything"})
        case NullableType(inner=inner):
            return needed(inner) | {"null instead of an object" if isinstance(inner, Nested | Choice) else "null"}
        case ListType(item=ListType() as item):
            return needed(item) | {"list of lists"}
        case ListType(item=item, container=container):
            return needed(item) | {"list of objects" if isinstance(item, Nested | Choice) else container}
        case MapType(value=value):
            return needed(value) | {"map of objects" if isinstance(value, Nested | Choice) else "map"}
        case Nested():
            return frozenset({"object"})
        case Choice():
            return frozenset({"union of objects"})
    raise TypeError(type_)


def refusals(kind: str, codec: str | Codec) -> Mapping[str, str]:
    """Name in `PROBES` -> why models of a kind cannot have it in a codec; without what they can."""
    if (kind, codec) not in _REFUSALS:
        reasons = {name: _refusal(kind, codec, type_) for name, type_ in PROBES.items()}
        _REFUSALS[kind, codec] = {name: reason for name, reason in reasons.items() if reason is not None}
    return _REFUSALS[kind, codec]


_REFUSALS: dict[tuple[str, str | Codec], Mapping[str, str]] = {}


def _refusal(kind: str, codec: str | Codec, type_: Any) -> str | None:
    classes = KINDS[kind]()
    for default in (REQUIRED, ABSENT, Constant([]), Constant({})):
        each = Field("a", type_, default)
        if classes.says(each):
            history = History(Spec("Probe", [(each,)]), [Form(codec)])
            try:
                Release(history, 1, 1, kind)
            except DeclarationError as error:
                return error.problem
            return None
    return "Models of this kind do not have it."


def carried(kind: str, used: Iterable[str | Codec]) -> frozenset[str]:
    """The names in `PROBES` of what models of a kind can have in every one of some codecs."""
    return frozenset(PROBES).difference(*(refusals(kind, codec) for codec in used))
