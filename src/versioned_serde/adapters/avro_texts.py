"""Avro schemas as short texts, in which all stands that decides the bytes, and no more: for the lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from versioned_serde.adapters.avro_schema import Schema, avro_name
from versioned_serde.shape import Shape


def field_texts(record: Schema, named: Mapping[str, Any], shape: Shape) -> dict[str, str]:
    """Name of each field of a record -> its place, counted from 1, and its type, such as `2 array of long`.

    Args:
        record: the parsed schema.
        named: the definitions of its named types, by their full names.
        shape: whose attributes are in the fields; such a field is called like its attribute.
    """
    names = {avro_name(name): name for name in shape.names}
    found: dict[str, str] = {}
    for place, field in enumerate(record["fields"], 1):
        name: str = field["name"]
        found[names.get(name, name)] = f"{place} {_text(field['type'], named, ())}"
    return found


def _text(schema: Schema, named: Mapping[str, Any], around: tuple[str, ...], *, in_union: bool = False) -> str:
    if isinstance(schema, list):
        return f"({' | '.join(_text(each, named, around, in_union=True) for each in schema)})"
    if isinstance(schema, str):
        return schema if schema not in named else _text(named[schema], named, around, in_union=in_union)
    logical = schema.get("logicalType")
    scale = f" {schema.get('precision')},{schema.get('scale', 0)}" if logical == "decimal" else ""
    return _kind(schema, named, around, in_union=in_union) + (f" as {logical}{scale}" if logical else "")


def _kind(schema: Mapping[str, Any], named: Mapping[str, Any], around: tuple[str, ...], *, in_union: bool) -> str:
    match schema["type"]:
        case "array":
            return f"array of {_text(schema['items'], named, around)}"
        case "map":
            return f"map of {_text(schema['values'], named, around)}"
        case "enum":
            return f"enum {' '.join(schema['symbols'])}"
        case "fixed":
            return f"fixed {schema['size']}"
        case "record" | "error":
            name: str = schema["name"]
            if name in around:
                return f"as {len(around) - around.index(name)} above"
            held = ", ".join(
                f"{each['name']} {_text(each['type'], named, (*around, name))}" for each in schema["fields"]
            )
            # Elsewhere the name of a record decides nothing.
            return f"record {name.rpartition('.')[2]}({held})" if in_union else f"record({held})"
        case other:
            return _text(other, named, around, in_union=in_union)
