"""Which types and defaults a kind of model and a codec carry, found by declaring each and looking what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pkgutil import iter_modules
from typing import Any

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
)
from versioned_serde.testing.histories import KIND, Choice, Field, Form, History, Nested, Spec
from versioned_serde.testing.releases import KINDS, Release

CODECS: tuple[str, ...] = tuple(module.name for module in iter_modules(codecs.__path__))
"""The names of all codecs: whatever is in the folder."""
CODINGS: tuple[str, ...] = ("none", *(module.name for module in iter_modules(codings.__path__)))
MODELS: tuple[str, ...] = tuple(module.name for module in iter_modules(models.__path__))
"""The plug-ins for kinds of models; `KINDS` has at least one entry for each."""


def _nested(tag: str | None = None) -> Spec:
    kind = [] if tag is None else [Field(KIND, EnumType((tag,)))]
    return Spec(f"Probe{tag or ''}", [(*kind, Field("b", Scalar("str")))])


def _probes() -> Iterator[tuple[str, Any]]:
    for name in ("str", "int", "float", "bool", "bytes", "decimal", "datetime", "date", "time", "timedelta", "uuid"):
        yield name, Scalar(name)  # type: ignore[arg-type]
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
    yield "object", Nested(_nested())
    yield "null instead of an object", NullableType(Nested(_nested()))
    yield "list of objects", ListType(Nested(_nested()))
    yield "list of lists", ListType(ListType(Nested(_nested())))
    yield "map of objects", MapType(Nested(_nested()))
    yield "union of objects", Choice((("card", _nested("card")), ("cash", _nested("cash"))))


PROBES: dict[str, Any] = dict(_probes())
"""What is found out: name -> a type that needs just that."""


def needed(type_: Any) -> frozenset[str]:
    """The names in `PROBES` of what a type needs."""
    match type_:
        case Scalar(name=name):
            return frozenset({name})
        case EnumType(base=base, open=is_open, cls=cls):
            name = f"{'text' if base == 'str' else 'integer'} enum, {'open' if is_open else 'closed'}"
            return frozenset({name} if cls is None else {name, "enum class"})
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


@cache
def refusals(kind: str, codec: str | Codec) -> Mapping[str, str]:
    """Name in `PROBES` -> why models of a kind cannot have it in a codec; without what they can."""
    found = {}
    for name, type_ in PROBES.items():
        reason = _refusal(kind, codec, type_)
        if reason is not None:
            found[name] = reason
    return found


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
