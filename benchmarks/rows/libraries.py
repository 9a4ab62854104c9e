"""Other ways of writing a pydantic model that people use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cattrs.preconf.orjson
import msgpack
import orjson
import ormsgpack

from benchmarks.records.classes import dataclass_of, dataclass_value
from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS
from benchmarks.row import TAG, Comparison, Row, Side, schema_of
from benchmarks.rows.json_text import to_json
from benchmarks.rows.messagepack import tagged


def _dumped(size: Size, ours: Side, encode: Callable[[Any], bytes], decode: Callable[[bytes], Any]) -> Comparison:
    theirs = Side("encode(dump())", encode=encode, dump=ours.names["value"].model_dump)
    assert decode(theirs.once()) == CONTENTS[size]
    return Comparison(ours, theirs)


def by_orjson(size: Size) -> Comparison:
    return _dumped(size, to_json(size).ours, orjson.dumps, orjson.loads)


def by_msgpack(size: Size) -> Comparison:
    return _dumped(size, tagged(size).ours, msgpack.packb, msgpack.unpackb)


def by_ormsgpack(size: Size) -> Comparison:
    return _dumped(size, tagged(size).ours, ormsgpack.packb, ormsgpack.unpackb)


def _cattrs(size: Size) -> tuple[Any, Any, Side]:
    value = dataclass_value(size)
    schema = schema_of(type(value), "json")
    return cattrs.preconf.orjson.make_converter(), value, Side("dumps(value)", dumps=schema.dumps, value=value)


def cattrs_dumps(size: Size) -> Comparison:
    converter, value, ours = _cattrs(size)
    theirs = Side("dumps(value)", dumps=converter.dumps, value=value)
    assert orjson.loads(ours.once()[TAG:]) == CONTENTS[size] == orjson.loads(theirs.once())
    return Comparison(ours, theirs)


def cattrs_loads(size: Size) -> Comparison:
    converter, value, dumps = _cattrs(size)
    model = dataclass_of(MODELS[size])
    ours = Side("loads(record)", loads=schema_of(model, "json").loads, record=dumps.once())
    theirs = Side("loads(text, model)", loads=converter.loads, text=converter.dumps(value), model=model)
    assert ours.once() == value == theirs.once()
    return Comparison(ours, theirs)


ROWS = (
    Row("orjson", "pydantic to JSON / `model_dump`, orjson", by_orjson),
    Row("ormsgpack", "pydantic to MessagePack / `model_dump`, ormsgpack", by_ormsgpack),
    Row("msgpack", "pydantic to MessagePack / `model_dump`, msgpack", by_msgpack),
    Row("cattrs", "dataclass to JSON / cattrs with orjson", cattrs_dumps),
    Row("cattrs-loads", "`loads` of JSON to a dataclass / cattrs with orjson", cattrs_loads),
)
