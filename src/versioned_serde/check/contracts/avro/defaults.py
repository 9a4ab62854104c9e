"""Whether a default is a value of its type, as JSON has it."""

from __future__ import annotations

from typing import Any, Final

from versioned_serde.check.contracts.avro.types import Array, Enum, Fixed, Map, Primitive, Record, Type, Union

_BITS: Final = {"int": 31, "long": 63}


def fits(value: Any, type_: Type) -> bool:
    """Whether a default is one of a type; one of a union may be of any of its branches.

    Bytes are texts of the characters U+0000 to U+00FF. (https://avro.apache.org/docs/1.12.0/specification/)
    """
    match type_:
        case Primitive():
            return _fits_primitive(value, type_.name)
        case Array():
            return isinstance(value, list) and all(fits(each, type_.items) for each in value)
        case Map():
            return isinstance(value, dict) and all(fits(each, type_.values) for each in value.values())
        case Union():
            return any(fits(value, branch) for branch in type_.branches)
        case Enum():
            return value in type_.symbols
        case Fixed():
            return _is_bytes(value) and len(value) == type_.size
        case Record():
            return isinstance(value, dict) and all(
                fits(value[each.name], each.type) if each.name in value else each.has_default for each in type_.fields
            )
        case _:
            raise TypeError(type_)


def _fits_primitive(value: Any, name: str) -> bool:
    match name:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "int" | "long":
            return (
                isinstance(value, int)
                and not isinstance(value, bool)
                and -(2 ** _BITS[name]) <= value < 2 ** _BITS[name]
            )
        case "float" | "double":
            # The texts are how implementations write what JSON has no numbers for.
            if isinstance(value, str):
                return value in {"NaN", "Infinity", "-Infinity"}
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "bytes":
            return _is_bytes(value)
        case _:
            return isinstance(value, str)


def _is_bytes(value: Any) -> bool:
    return isinstance(value, str) and all(character <= "\xff" for character in value)
