"""msgspec's Structs, and dataclasses."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson
import ormsgpack

from benchmarks.records.classes import dataclass_value, struct_value
from benchmarks.records.contents import CONTENTS, Size
from benchmarks.row import TAG, Comparison, Row, Side, schema_of


def _messagepack(value: Any, theirs: Side, size: Size, *, trusted: bool = False) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(type(value), "msgpack", trusted=trusted).dumps, value=value)
    assert msgspec.msgpack.decode(ours.once()[TAG:]) == CONTENTS[size] == msgspec.msgpack.decode(theirs.once())
    return Comparison(ours, theirs)


def _json(value: Any, theirs: Side, size: Size) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(type(value), "json").dumps, value=value)
    assert msgspec.json.decode(ours.once()[TAG:]) == CONTENTS[size] == msgspec.json.decode(theirs.once())
    return Comparison(ours, theirs)


def struct(size: Size, *, trusted: bool = False) -> Comparison:
    value = struct_value(size)
    theirs = Side("encode(value)", encode=msgspec.msgpack.Encoder().encode, value=value)
    return _messagepack(value, theirs, size, trusted=trusted)


def trusted_struct(size: Size) -> Comparison:
    return struct(size, trusted=True)


def struct_json(size: Size) -> Comparison:
    value = struct_value(size)
    return _json(value, Side("encode(value)", encode=msgspec.json.Encoder().encode, value=value), size)


def dataclass(size: Size) -> Comparison:
    value = dataclass_value(size)
    return _messagepack(value, Side("encode(value)", encode=msgspec.msgpack.Encoder().encode, value=value), size)


def dataclass_ormsgpack(size: Size) -> Comparison:
    value = dataclass_value(size)
    return _messagepack(value, Side("packb(value)", packb=ormsgpack.packb, value=value), size)


def dataclass_orjson(size: Size) -> Comparison:
    value = dataclass_value(size)
    return _json(value, Side("dumps(value)", dumps=orjson.dumps, value=value), size)


def loads(size: Size) -> Comparison:
    value = struct_value(size)
    schema = schema_of(type(value), "msgpack")
    ours = Side("loads(record)", loads=schema.loads, record=schema.dumps(value))
    decode = msgspec.msgpack.Decoder(type(value)).decode
    theirs = Side("decode(payload)", decode=decode, payload=msgspec.msgpack.encode(value))
    assert ours.once() == value == theirs.once()
    return Comparison(ours, theirs)


ROWS = (
    Row(
        "D",
        "msgspec Struct to MessagePack, with tag and count / bare msgspec",
        struct,
        {"S": 0.55, "M": 0.52, "L": 0.60},
    ),
    Row(
        "F",
        "the same as D, in pure Python and with trusted Structs / bare msgspec",
        trusted_struct,
        {"S": 1.65, "M": 1.17, "L": 1.08},
        pure=True,
    ),
    Row("struct-pure", "the same as D, in pure Python / bare msgspec", struct, pure=True),
    Row("struct-json", "msgspec Struct to JSON / msgspec's JSON", struct_json),
    Row("struct-loads", "`loads` to a Struct / msgspec's typed decoder", loads),
    Row("dataclass", "dataclass to MessagePack / msgspec", dataclass),
    Row("dataclass-ormsgpack", "dataclass to MessagePack / ormsgpack", dataclass_ormsgpack),
    Row("dataclass-orjson", "dataclass to JSON / orjson", dataclass_orjson),
)
