"""Schemas and parameters -> what of them is fixed once it is released, as plain JSON.

Nothing here depends on a version of Python or of a library, or on where a class lives and what it is called: a release
that changes only such things has the same lock. Each attribute is one line of text, so that two branches that add one
each can be merged like any other text.
"""

from __future__ import annotations

import enum
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from versioned_serde import plugins
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.version import Framing
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.behaviour import behaviour
from versioned_serde.parameter import Parameter
from versioned_serde.protocols import NumberedCodec
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import NO_CODING, Line
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Raw

OUTERMOST = "the top"
"""The place of the object that holds all others."""
FORMAT = 1
"""Of the files. Another number is refused: what it means is not known here."""
_PYTHON = {"decimal": "Decimal", "uuid": "UUID"}
"""Scalars whose types in Python have another name."""
_DIGEST = 16
"""Characters of a digest: enough to tell the shapes of one schema apart, and short enough to be read."""

_DESCRIBED: WeakKeyDictionary[Schema[Any] | Parameter[Any], dict[str, Any]] = WeakKeyDictionary()
"""What was described: a check looks at each declaration several times, and none of them changes."""


def described(declared: Schema[Any] | Parameter[Any]) -> dict[str, Any]:
    """A schema or parameter as plain JSON, keys in the order in which they are written.

    It is kept for the next time, and not to be changed.
    """
    if (known := _DESCRIBED.get(declared)) is None:
        known = _DESCRIBED[declared] = _schema(declared) if isinstance(declared, Schema) else _parameter(declared)
    return known


def shape_digest(shape: Shape) -> str:
    """16 hexadecimal digits that are the same for equal shapes, in any process, and differ for different ones."""
    return digest(shape_lines(shape))


def digest(lines: Mapping[str, str]) -> str:
    """`shape_digest` of a shape in lines."""
    text = "\n".join(f"{path}: {line}" for path, line in sorted(lines.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]


def shape_lines(shape: Shape) -> dict[str, str]:
    """Each attribute of a shape and of the objects within it, sorted: path -> type and default.

    `lines.sku` is the `sku` of the objects in `lines`, `payment[card].number` the `number` of the arm `card`. The order
    of attributes does not count, nor does that of an enum's members or of a union's arms.
    """
    return dict(sorted((path, line(attribute, holder)) for path, attribute, holder in attributes(shape)))


def attributes(
    shape: Shape, prefix: str = "", around: tuple[Shape, ...] = ()
) -> Iterator[tuple[str, Attribute, Shape]]:
    """Each attribute with its path and the whole shape that has it, outermost first."""
    if shape.recursive:
        # Told by its place: what a class is called does not count.
        shape = shape.renamed(prefix.removesuffix(".") or OUTERMOST)
    whole = shape.within(around)
    for attribute in shape.attributes:
        path = prefix + quoted(attribute.name)
        yield path, attribute, whole
        for place, nested in _objects(attribute.type):
            yield from attributes(nested, f"{path}{place}.", (*around, shape))


def quoted(name: str) -> str:
    """A name in a path: as it is, or as JSON text where it could be taken for something else."""
    return name if name.isidentifier() else json.dumps(name)


def _objects(type_: Type) -> Iterator[tuple[str, Shape]]:
    match type_:
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from _objects(inner)
        case ObjectType(shape=shape):
            yield "", shape
        case UnionType():
            # An arm may stand under several tags and is still one object type.
            in_order = sorted(type_.objects, key=lambda each: str(each[0]), reverse=True)
            for tag, arm in {id(arm): (tag, arm) for tag, arm in in_order}.values():
                yield f"[{tag}]", arm.shape


def line(attribute: Attribute, holder: Shape) -> str:
    """An attribute of a whole shape without its name: `str`, `str | None = null`, `list[object] = computed`."""
    meant = _default(attribute, holder)
    within = f" in oneof {attribute.slot}" if attribute.slot else ""
    return type_text(attribute.type) + within + (f" = {meant}" if meant else "")


def type_text(type_: Type) -> str:
    """A type as an annotation would say it, as far as one can; objects are told by the lines of their attributes."""
    match type_:
        case Scalar(name=name):
            return _PYTHON.get(name, name)
        case EnumType(members=members, open=is_open):
            listed = ", ".join(sorted(json.dumps(member, ensure_ascii=False) for member in members))
            return f"Literal[{listed}]" + (f" | {type_.base}" if is_open else "")
        case NullableType(inner=inner):
            return f"{type_text(inner)} | None"
        case ListType(item=item):
            return f"list[{type_text(item)}]"
        case MapType(value=value):
            return f"dict[str, {type_text(value)}]"
        case ObjectType():
            return "object"
        case RecursiveType(name=place):
            return f"object as at {place}"
        case UnionType(discriminator=discriminator, arms=arms):
            return f"object by {quoted(discriminator)} of {', '.join(sorted(json.dumps(tag) for tag, _ in arms))}"
        case AnyType():
            return "Any"


def _default(attribute: Attribute, holder: Shape) -> str:
    default = attribute.default
    if default is REQUIRED:
        return ""
    if isinstance(default, Constant):
        # It may hold objects of shapes around it, which back references do not show.
        unrolled = holder.unrolled.get(attribute.name)
        assert unrolled is not None
        plain = isinstance(unrolled.type, Scalar | EnumType)
        return (_encoder if plain else _encoder.__wrapped__)(unrolled.type)(default.value).data.decode()
    return {FACTORY: "computed", ABSENT: "absent"}[default]


@cache
def _encoder(type_: Type) -> Callable[[Any], Raw]:
    """The codec `json` gives every value one form, which its own wire format holds it to."""
    return plugins.codec("json").value(type_, DEFAULT_LIMITS).encode


def _framing(framing: Framing | ForeignFraming) -> str:
    """A framing of ours by its name, one of another system by its name and its sign."""
    if isinstance(framing, str):
        return framing
    beside = [f"{name}: {value}" for name, value in sorted(framing.headers.items())]
    return ", ".join([framing.name, *([framing.prefix.hex()] if framing.prefix else []), *beside])


def _schema(schema: Schema[Any]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "what": "schema",
        "name": schema.name,
        **({"view": True} if schema.view else {}),
        "id": schema.id.hex(),
        "writes": schema.writes,
        "listed": list(schema.versions),
        "written": [schema.writes],
        "keys": dict(sorted(schema.keys.items())),
        "reserved": sorted(schema.reserved),
        **_behaviour(schema),
        "versions": {
            str(each.number): {**_version(each, version.steps), **_added(schema, each)}
            for each, version in zip(schema.lines, schema.declared, strict=True)
        },
    }


def _behaviour(schema: Schema[Any]) -> dict[str, Any]:
    found = behaviour(attributes(schema.lines[-1].shape), OUTERMOST)
    return {"behaviour": found} if found else {}


def _version(version: Line, steps: Sequence[Step]) -> dict[str, Any]:
    coding = version.coding
    texts = {repr(step): step_text(step) for step in steps}
    shape = shape_lines(version.shape)
    return {
        "codec": version.codec.name,
        "codec_id": version.codec.id,
        "coding": "none" if coding is None else coding.name,
        "coding_id": NO_CODING if coding is None else coding.id,
        "framing": _framing(version.framing),
        "checksum": version.checksum,
        "min_reader": version.min_reader,
        "raised_by": [texts.get(reason, reason) for reason in version.raised_by],
        "steps": [step_text(step) for step in steps],
        "shape": shape,
        "digest": digest(shape),
        **_fields(version),
    }


def _added(schema: Schema[Any], version: Line) -> dict[str, Any]:
    """The attributes that a step adds and another one of the version converts, as they are kept in older records."""
    found: dict[str, str] = {}
    for each in schema.lineage.singles:
        if each.version == version.number and isinstance(each.step, add):
            before, after = shape_lines(each.older), shape_lines(each.newer)
            found |= {path: line for path, line in after.items() if path not in before}
    shape = shape_lines(version.shape)
    differing = {path: line for path, line in sorted(found.items()) if shape.get(path) != line}
    return {"added": differing} if differing else {}


def _fields(version: Line) -> dict[str, Any]:
    codec = version.codec
    found = codec.fields(version.shape) if isinstance(codec, NumberedCodec) else {}
    return {"fields": dict(sorted(found.items()))} if found else {}


def step_text(step: Step) -> str:
    """A step as it was declared, `...` standing for functions, types and classes.

    What they decide is in the shapes; their own names may change, and a function's body cannot be compared.
    """
    told: list[str] = []
    for name, parameter in list(inspect.signature(type(step)).parameters.items()):
        # A step of somebody else's may keep what it was given under other names; then that is not told.
        value = getattr(step, name, parameter.default)
        if parameter.kind is parameter.VAR_POSITIONAL:
            told += map(_told, getattr(step, name, ()))
        elif value is not parameter.default:
            told.append(_told(value) if parameter.kind is not parameter.KEYWORD_ONLY else f"{name}={_told(value)}")
    return f"{type(step).__name__}({', '.join(told)})"


def adds(steps: Iterable[str], path: str) -> bool:
    """Whether one of the steps of a version, as texts, adds the attribute at a path; its own name decides."""
    name = json.dumps(path.rpartition(".")[2], ensure_ascii=False)
    return any(f"add({name}" in step for step in steps)


def _told(value: Any) -> str:
    match value:
        case Step():
            return step_text(value)
        case enum.Enum():
            return _told(value.value)
        case None | bool() | int() | float() | bytes() | Decimal() | UUID():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return f"[{', '.join(map(_told, value))}]"
        case dict():
            return f"{{{', '.join(f'{_told(key)}: {_told(item)}' for key, item in value.items())}}}"
        case Constant():
            return _told(value.value)
        case Default():
            return repr(value)
        case _:
            return "..."


def _parameter(parameter: Parameter[Any]) -> dict[str, Any]:
    tolerance = parameter.tolerance
    return {
        "format": FORMAT,
        "what": "parameter",
        "name": parameter.name,
        "kind": parameter.kind,
        "writes": parameter.writes,
        "listed": list(parameter.versions),
        "tolerates": sorted(tolerance) if isinstance(tolerance, frozenset) else tolerance,
        "versions": {str(version): parameter.values[version] for version in parameter.versions},
    }
