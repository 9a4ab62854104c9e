"""Shapes -> Avro schemas, and the names in them.

A name on the wire that Avro has no such name for is escaped: each character that Avro forbids at its place becomes
`_x<code point in hexadecimal>_`, and so does a `_` that stands before an `x`, so that no two names become one. The
empty tag of a union's arm becomes `_x_`.

Types are named by their place, `Record` for the whole and `Record.lines` for the objects under `lines`, because the
name of a class in Python is nothing that bytes should depend on. Avro's specification forbids the names of primitive
types in all namespaces, so there the first letter is escaped: `Record._x6e_ull`.

Fields, arms and symbols stand in the order of their names, whatever order they have in a class. In Avro the order
decides the bytes, and an older shape that is derived from a newer one has another order than the class once had.
"""

from __future__ import annotations

import re
from typing import Any, Final

from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)

Schema = Any
"""An Avro schema as JSON has it: a str, a list or a dict."""

ROOT: Final = "Record"
ABSENT_NAME: Final = "versioned_serde.Absent"
"""Name of the record without fields that stands for an attribute that is absent, where null is a value."""
UNDECLARED: Final = "_x24_undeclared"
"""The field for what a record holds beside its attributes; as an attribute it would be `$undeclared`, which is none."""
UNDECLARED_TYPE: Final = ["null", "string"]

_ABSENT: Final = {"type": "record", "name": ABSENT_NAME, "fields": []}
_SCALARS: dict[ScalarName, Schema] = {
    "str": "string",
    "int": "long",
    "float": "double",
    "bool": "boolean",
    "bytes": "bytes",
    "decimal": "string",
    "datetime": "string",
    "date": {"type": "int", "logicalType": "date"},
    "time": "string",
    "timedelta": "string",
    "uuid": {"type": "string", "logicalType": "uuid"},
}
_PRIMITIVE: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_escaped = re.compile(r"^[0-9]|_(?=x)|[^A-Za-z0-9_]").sub
_is_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII).fullmatch


def avro_name(name: str) -> str:
    """The name of an attribute's field; see above."""
    return _escaped(lambda found: f"_x{ord(found[0]):x}_", name) or "_x_"


def type_name(name: str) -> str:
    """The last part of the name of a type; never that of a primitive one."""
    escaped = avro_name(name)
    return f"_x{ord(escaped[0]):x}_{escaped[1:]}" if escaped in _PRIMITIVE else escaped


def avro_schema(shape: Shape) -> dict[str, Any]:
    """The Avro schema of the records that the codec writes for a shape; equal shapes have equal ones.

    Raises:
        DeclarationError: the shape holds a type that Avro cannot carry.
    """
    return _Derivation().record(shape, ROOT)


def refuse_recursive(shape: Shape) -> None:
    """Raises `DeclarationError` for a shape around itself: neither its schemas nor its payloads are followed here."""
    if shape.recursive:
        raise DeclarationError(
            f"`{shape.name}` contains itself, which the codec `avro` has no form for.", hint="Use another codec."
        )


class _Derivation:
    def __init__(self) -> None:
        self._absent_defined = False

    def record(self, shape: Shape, name: str) -> dict[str, Any]:
        refuse_recursive(shape)
        attributes = sorted(shape.attributes, key=lambda each: each.name)
        fields = [self._field(attribute, f"{name}.{type_name(attribute.name)}") for attribute in attributes]
        fields.append({"name": UNDECLARED, "type": UNDECLARED_TYPE, "default": None})
        return {"type": "record", "name": name, "fields": fields}

    def _field(self, attribute: Attribute, name: str) -> dict[str, Any]:
        field: dict[str, Any] = {"name": avro_name(attribute.name)}
        type_ = attribute.type
        if not attribute.optional:  # a computed default may be missing in data from before this library
            return field | {"type": self._type(type_, name)}
        if isinstance(type_, NullableType):
            # Absent before the rest: a type is defined where it is first named.
            return field | {"type": [self._absent(), *self._branches(type_, name)], "default": {}}
        return field | {"type": ["null", *self._branches(type_, name)], "default": None}

    def _absent(self) -> Schema:
        if self._absent_defined:
            return ABSENT_NAME
        self._absent_defined = True
        return _ABSENT

    def _type(self, type_: Type, name: str) -> Schema:
        branches = self._branches(type_, name)
        return branches if isinstance(type_, NullableType | UnionType) else branches[0]

    def _branches(self, type_: Type, name: str) -> list[Schema]:
        match type_:
            case NullableType(inner):
                return ["null", *(branch for branch in self._branches(inner, name) if branch != "null")]
            case UnionType():
                arms = sorted(type_.objects, key=lambda each: str(each[0]))
                return [self.record(arm.shape, f"{name}.{type_name(str(tag))}") for tag, arm in arms]
            case _:
                return [self._single(type_, name)]

    def _single(self, type_: Type, name: str) -> Schema:
        match type_:
            case Scalar(scalar):
                return _SCALARS[scalar]
            case EnumType():
                if type_.base == "int":
                    return "long"
                if not type_.open and all(_is_name(str(member)) for member in type_.members):
                    return {"type": "enum", "name": name, "symbols": sorted(map(str, type_.members))}
                return "string"
            case ListType(item):
                return {"type": "array", "items": self._type(item, name)}
            case MapType(value):
                return {"type": "map", "values": self._type(value, name)}
            case ObjectType(shape):
                return self.record(shape, name)
            case AnyType():
                return "string"
        raise DeclarationError(
            f"The codec `avro` has no form for the type {type(type_).__name__}.", hint="Use another codec."
        )
