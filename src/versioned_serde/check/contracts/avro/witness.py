"""A value of a writer's schema on which a reader fails, as bytes and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import fastavro

from versioned_serde.check.contracts.avro.resolution import Obstacle, Step
from versioned_serde.check.contracts.avro.types import Array, Enum, Fixed, Map, Primitive, Record, Type, Union

_SMALLEST: Final[dict[str, Any]] = {
    "null": None,
    "boolean": False,
    "int": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "bytes": b"",
    "string": "",
}


class _NoValueError(Exception):
    """A type has no finite value, such as a record that holds itself."""


def witness(writer: Type, obstacle: Obstacle) -> str | None:
    """`<the payload in hexadecimal> = <the value as Avro's JSON>`; None if no value leads to the obstacle.

    The payload is the datum alone, in Avro's binary form, written with the writer's schema.
    """
    try:
        value = _leading(writer, obstacle.steps, obstacle.value, frozenset())
    except _NoValueError:
        return None
    written = BytesIO()
    fastavro.schemaless_writer(written, bare(writer), value)
    return f"{written.getvalue().hex()} = {json.dumps(_json(writer, value), ensure_ascii=False)}"


def bare(type_: Type) -> Any:
    """A schema for the same bytes, as JSON: without logical types, defaults and aliases."""
    return _bare(type_, set())


def _bare(type_: Type, defined: set[str]) -> Any:
    match type_:
        case Array():
            return {"type": "array", "items": _bare(type_.items, defined)}
        case Map():
            return {"type": "map", "values": _bare(type_.values, defined)}
        case Union():
            return [_bare(each, defined) for each in type_.branches]
        case Enum() | Fixed() | Record():
            if type_.name in defined:
                return type_.name
            defined.add(type_.name)
            # An empty namespace, or else a name without dots would be one of the namespace around it.
            named = {"name": type_.name, "namespace": type_.name.rpartition(".")[0]}
            if isinstance(type_, Enum):
                return {**named, "type": "enum", "symbols": list(type_.symbols)}
            if isinstance(type_, Fixed):
                return {**named, "type": "fixed", "size": type_.size}
            fields = [{"name": each.name, "type": _bare(each.type, defined)} for each in type_.fields]
            return {**named, "type": "record", "fields": fields}
        case _:
            return str(type_)


def _leading(type_: Type, steps: Sequence[Step], end: Any, around: frozenset[str]) -> Any:
    """A value, for fastavro, that has `end`, or anything, at the end of a way into its type."""
    if not steps:
        return _smallest(type_, around) if end is None else end
    (kind, which), *rest = steps
    match type_:
        case Record():
            inside = frozenset({type_.name})  # the way leads on by what is written here, whatever is around it
            return {
                each.name: _leading(each.type, rest, end, inside)
                if kind == "field" and each.name == which
                else _smallest(each.type, inside)
                for each in type_.fields
            }
        case Union():
            branch = type_.branches[which]
            return _label(branch), _leading(branch, rest, end, around)
        case Array():
            return [_leading(type_.items, rest, end, around)]
        case Map():
            return {"key": _leading(type_.values, rest, end, around)}
        case _:
            raise TypeError(type_)


def _smallest(type_: Type, around: frozenset[str]) -> Any:
    """A value for fastavro that holds as little as possible, and no record within itself."""
    match type_:
        case Primitive():
            return _SMALLEST[type_.name]
        case Array():
            return []
        case Map():
            return {}
        case Fixed():
            return bytes(type_.size)
        case Enum():
            if not type_.symbols:
                raise _NoValueError
            return type_.symbols[0]
        case Record():
            if type_.name in around:
                raise _NoValueError
            return {each.name: _smallest(each.type, around | {type_.name}) for each in type_.fields}
        case Union():
            for branch in type_.branches:
                try:
                    return _label(branch), _smallest(branch, around)
                except _NoValueError:
                    continue
            raise _NoValueError
        case _:
            raise TypeError(type_)


def _label(branch: Type) -> str:
    """How fastavro, and Avro's JSON, name a branch of a union."""
    return branch.name if isinstance(branch, Enum | Fixed | Record) else str(branch)


def _json(type_: Type, value: Any) -> Any:
    """A value in the specification's JSON encoding."""
    match type_:
        case Union():
            label, inner = value
            branch = next(each for each in type_.branches if _label(each) == label)
            return None if inner is None else {label: _json(branch, inner)}
        case Record():
            return {each.name: _json(each.type, value[each.name]) for each in type_.fields}
        case Array():
            return [_json(type_.items, each) for each in value]
        case Map():
            return {key: _json(type_.values, each) for key, each in value.items()}
        case _:
            return value.decode("latin-1") if isinstance(value, bytes) else value
