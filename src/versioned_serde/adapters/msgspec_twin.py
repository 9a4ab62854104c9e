"""Twins: Structs generated from shapes, so that msgspec parses and checks a payload in one go.

A twin has the attributes of its shape by their wire names, and refuses any other. Its values have the types of the
tree, except that what a format has no form of its own for stays text, which the functions of `texts` read as they
always do. `native.decode` then makes instances of the twins. It is imported only where the native core is in use.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Optional, Union

import msgspec

from versioned_serde.adapters.texts import text_form
from versioned_serde.limits import Limits
from versioned_serde.native import Decoder, decode
from versioned_serde.protocols import Make, Making
from versioned_serde.shape import (
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)

_DEEPEST = 100
"""Of a shape: what is in it is made by recursion on the C stack."""
_LONGEST = 640
"""Characters of a number: no setting of the interpreter makes `int` refuse so few."""
_INT64 = 20
"""Characters of an int of 64 bits."""
_PLAIN: dict[ScalarName, tuple[type, str]] = {
    "str": (str, "str"),
    "int": (int, "plain"),
    "bool": (bool, "plain"),
    "float": (float, "float"),
}


class Unusual(Exception):  # noqa: N818  no error: it says that the pure path is to be taken
    """A shape that no twin can be read for exactly as the pure path reads it."""


def decoder(
    codec: Literal["json", "msgpack"], shape: Shape, making_of: Callable[[Shape], Making | Make | None], limits: Limits
) -> Decoder | None:
    """A decoder that gives exactly the values of the pure path, or None where that cannot be promised.

    Args:
        codec: how payloads are written.
        shape: the shape, with its model.
        making_of: how instances of a shape's model are made.
        limits: the bounds that the pure path keeps to.
    """
    longest = min(limits.max_digits, _LONGEST)
    module: Any = msgspec.json if codec == "json" else msgspec.msgpack
    try:
        if longest < _INT64:
            raise Unusual
        twin, plan = _Twins(codec == "json", making_of, limits).record(shape, _DEEPEST)
        parse = module.Decoder(twin).decode
    except (Unusual, TypeError, ValueError, OverflowError):
        # msgspec refuses some wire names, members of enums and discriminators.
        return None
    return decode.Decoder(parse, plan, codec == "json", longest, limits.max_items)


class _Twins:
    """Makes the type that msgspec parses into, and the plan for what it gives."""

    def __init__(self, json: bool, making_of: Callable[[Shape], Making | Make | None], limits: Limits) -> None:
        self._json = json
        self._making_of = making_of
        self._limits = limits

    def type(self, type_: Type, room: int) -> tuple[Any, decode.Plan]:
        """Those of a type, in which `room` objects and lists may be nested."""
        if room < 0:
            raise Unusual
        match type_:
            case Scalar(name=name):
                return self._scalar(name)
            case EnumType():
                return self._enum(type_)
            case NullableType(inner=inner):
                twin, plan = self.type(inner, room)
                return Optional[twin], decode.nullable(plan)  # noqa: UP045  made at run time
            case ListType(item=item, container="list" | "tuple"):
                twin, plan = self.type(item, room - 1)
                return list[twin], decode.within(type_.container, plan)  # type: ignore[valid-type]
            case MapType(value=value):
                twin, plan = self.type(value, room - 1)
                return dict[str, twin], decode.within("map", plan)  # type: ignore[valid-type]
            case ObjectType(shape=shape):
                return self.record(shape, room - 1)
            case UnionType(discriminator=discriminator):
                arms = [self.record(arm.shape, room - 1, (discriminator, tag)) for tag, arm in type_.objects]
                if len(arms) < len(type_.arms):
                    raise Unusual
                twins, plans = zip(*arms, strict=True)
                return Union[twins], decode.union(list(plans))  # noqa: UP007  made at run time
            # A set, whose order depends on its past; what may be anything; and what may have any depth.
            case ListType() | AnyType() | RecursiveType():
                raise Unusual

    def record(self, shape: Shape, room: int, told_apart_by: tuple[str, str | int] | None = None) -> tuple[Any, Any]:
        """Those of an object; as an arm of a union, with the discriminator and its value."""
        making = self._making_of(shape)
        if making is None or room < 0:
            raise Unusual
        names = making.names if isinstance(making, Making) else shape.names
        fresh = making.fresh if isinstance(making, Making) else {}
        fields: list[Any] = []
        wire_names: dict[str, str] = {}
        attributes: list[Any] = []
        for index, (attribute, name) in enumerate(zip(shape.attributes, names, strict=True)):
            field = f"a{index}"
            if told_apart_by is not None and told_apart_by[0] == attribute.name:
                attributes.append((name, None, _constant(attribute, told_apart_by[1]), None, _tag(told_apart_by[1])))
                continue
            twin, plan = self.type(attribute.type, room)
            fields.append((field, twin) if attribute.always_written else (field, twin, msgspec.UNSET))
            wire_names[field] = attribute.name
            attributes.append((name, field, None, fresh.get(name), plan))
        discriminator, tag = (None, None) if told_apart_by is None else told_apart_by
        made = msgspec.defstruct(
            "Twin",
            fields,
            rename=wire_names,
            tag_field=discriminator,
            tag=tag,
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        slots = [(name, field and getattr(made, field), *rest) for name, field, *rest in attributes]
        return made, decode.record(made, msgspec.UNSET, slots, making)

    def _scalar(self, name: ScalarName) -> tuple[Any, decode.Plan]:
        if name in _PLAIN:
            kind, leaf = _PLAIN[name]
            return kind, decode.leaf(leaf)
        if name == "bytes" and not self._json:
            return bytes, decode.leaf("plain")
        read = text_form(name, self._limits).read
        return str, decode.text(_finite(read) if name == "decimal" else read)

    def _enum(self, type_: EnumType) -> tuple[Any, decode.Plan]:
        if type_.open or len(set(type_.members)) < len(type_.members):
            raise Unusual
        made_at_run_time: Any = Literal
        twin = made_at_run_time[type_.members]
        if type_.cls is None:
            return twin, _tag(type_.members[0])
        return twin, decode.enumeration({raw: type_.cls(raw) for raw in type_.members})


def _tag(value: str | int) -> decode.Plan:
    """The plan of a value that is the same in memory as in the payload."""
    return decode.leaf("str" if isinstance(value, str) else "plain")


def _constant(attribute: Attribute, tag: str | int) -> Any:
    type_ = attribute.type
    if not isinstance(type_, EnumType) or tag not in type_.members:
        raise Unusual
    if type_.cls is None:
        return tag
    if not issubclass(type_.cls, Enum):
        raise Unusual
    return type_.cls(tag)


def _finite(read: Callable[[str], Any]) -> Callable[[str], Decimal]:
    def finite(text: str) -> Decimal:
        value: Decimal = read(text)
        if not value.is_finite():
            raise Unusual  # whether a model takes it is a question for the model
        return value

    return finite
