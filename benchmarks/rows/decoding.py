"""Records to pydantic models."""

from __future__ import annotations

import msgspec
import ormsgpack
from pydantic import BaseModel

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, value_of
from benchmarks.row import Comparison, Row, Side, schema_of


def _ours(size: Size, codec: str) -> Side:
    value = value_of(size)
    schema = schema_of(MODELS[size], codec)
    side = Side("loads(record)", loads=schema.loads, record=schema.dumps(value))
    _check(side.once(), value)
    return side


def _check(found: BaseModel, value: BaseModel) -> None:
    assert found == value
    assert found.model_fields_set == value.model_fields_set


def _validate_json(size: Size) -> Side:
    value = value_of(size)
    text = value.model_dump_json().encode()
    side = Side("validate_json(text)", validate_json=MODELS[size].model_validate_json, text=text)
    _check(side.once(), value)
    return side


def json(size: Size) -> Comparison:
    return Comparison(_ours(size, "json"), _validate_json(size))


def messagepack(size: Size) -> Comparison:
    return Comparison(_ours(size, "msgpack"), _validate_json(size))


def messagepack_by_hand(size: Size) -> Comparison:
    theirs = Side(
        "validate(unpackb(payload))",
        validate=MODELS[size].model_validate,
        unpackb=ormsgpack.unpackb,
        payload=ormsgpack.packb(CONTENTS[size]),
    )
    _check(theirs.once(), value_of(size))
    return Comparison(_ours(size, "msgpack"), theirs)


def json_by_msgspec(size: Size) -> Comparison:
    theirs = Side(
        "validate(decode(text))",
        validate=MODELS[size].model_validate,
        decode=msgspec.json.Decoder().decode,
        text=value_of(size).model_dump_json().encode(),
    )
    _check(theirs.once(), value_of(size))
    return Comparison(_ours(size, "json"), theirs)


ROWS = (
    Row(
        "G",
        "`loads` of JSON to pydantic / `model_validate_json`",
        json,
        {"S": 0.55, "M": 0.60, "L": 0.66},
    ),
    Row("loads-msgpack", "`loads` of MessagePack to pydantic / `model_validate_json` of JSON", messagepack),
    Row(
        "loads-unpackb",
        "`loads` of MessagePack to pydantic / `model_validate(ormsgpack.unpackb(...))`",
        messagepack_by_hand,
    ),
    Row("loads-msgspec", "`loads` of JSON to pydantic / `model_validate(msgspec.json.decode(...))`", json_by_msgspec),
    Row("pure-G", "the same as G, in pure Python / `model_validate_json`", json, pure=True),
)
