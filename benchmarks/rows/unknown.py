"""Records that hold attributes that this release does not know."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import KEYS, MODELS, fields_of, value_of, with_more
from benchmarks.row import TAG, Comparison, Row, Side, schema_of
from versioned_serde import Schema, Version, add

_MORE: dict[str, Any] = {"gift": "wrapped in blue", "points": 120, "referrer": "Charles Babbage"}


def _newer(size: Size, codec: str) -> tuple[Schema[Any], BaseModel]:
    """The schema of a newer release, with three attributes more, and a value that has them."""
    more = {f"extra_{name}": value for name, value in _MORE.items()}
    model = with_more(size, **{name: (type(value) | None, None) for name, value in more.items()})
    schema = schema_of(model, codec, Version(2, *map(add, more)), keys=KEYS[size], writes=2)
    return schema, model.model_validate({**CONTENTS[size], **more})


def _read_and_written(size: Size, codec: str) -> Comparison:
    ours = schema_of(MODELS[size], codec, keys=KEYS[size])
    newer, value = _newer(size, codec)
    record, plain = newer.dumps(value), ours.dumps(value_of(size))
    with_unknown = Side("write(read(record))", write=ours.write, read=ours.read, record=record)
    without = Side("write(read(record))", write=ours.write, read=ours.read, record=plain)
    assert newer.loads(with_unknown.once()) == value
    assert ours.loads(with_unknown.once()) == value_of(size)
    assert without.once() == plain
    return Comparison(with_unknown, without)


def messagepack(size: Size) -> Comparison:
    return _read_and_written(size, "msgpack")


def json(size: Size) -> Comparison:
    return _read_and_written(size, "json")


def looked_at(size: Size) -> Comparison:
    """Pydantic ignores what it does not know, too."""
    ours = schema_of(MODELS[size], "json", keys=KEYS[size])
    newer, value = _newer(size, "json")
    record = newer.dumps(value)
    loads = Side("loads(record)", loads=ours.loads, record=record)
    validate = MODELS[size].model_validate_json
    theirs = Side("validate_json(text)", validate_json=validate, text=record[TAG:])
    assert loads.once() == value_of(size) == theirs.once()
    return Comparison(loads, theirs)


def carried(size: Size) -> Comparison:
    """Models with `extra="allow"` carry unknown attributes themselves, through `loads` and `dumps`."""
    fields: dict[str, Any] = {name: (type_, ...) for name, type_ in fields_of(MODELS[size]).items()}
    model = create_model("Open", __config__=ConfigDict(extra="allow"), **fields)
    value = model.model_validate({**CONTENTS[size], "extra_gift": "wrapped in blue", "extra_points": 120})
    ours = Side("dumps(value)", dumps=schema_of(model, "json", keys=KEYS[size]).dumps, value=value)
    theirs = Side("to_json(value)", to_json=model.__pydantic_serializer__.to_json, value=value)
    assert model.model_validate_json(ours.once()[TAG:]) == value == model.model_validate_json(theirs.once())
    return Comparison(ours, theirs)


ROWS = (
    Row(
        "J",
        "reading a record with 3 unknown attributes and writing it back / the same without them",
        messagepack,
        {"S": 1.6, "M": 1.35, "L": 1.25},
    ),
    Row("unknown-json", "the same as J, in JSON", json),
    Row("unknown-loads", "U: `loads` of JSON with 3 unknown attributes / `model_validate_json`", looked_at),
    Row("unknown-carried", 'U: a model with `extra="allow"` and 2 unknown attributes to JSON / `to_json`', carried),
)
