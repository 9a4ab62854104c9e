"""Protobuf messages (upb): a codec that is wrapped."""

from __future__ import annotations

from benchmarks.records.contents import Size
from benchmarks.records.messages import message_of, message_value
from benchmarks.row import TAG, Comparison, Row, Side, schema_of


def dumps(size: Size, *, trusted: bool = False) -> Comparison:
    value = message_value(size)
    schema = schema_of(message_of(size), "protobuf", trusted=trusted)
    ours = Side("dumps(value)", dumps=schema.dumps, value=value)
    theirs = Side("serialize()", serialize=value.SerializeToString)
    assert ours.once()[TAG:] == theirs.once()
    assert message_of(size).FromString(theirs.once()) == value
    return Comparison(ours, theirs)


def trusted(size: Size) -> Comparison:
    return dumps(size, trusted=True)


def loads(size: Size) -> Comparison:
    value = message_value(size)
    schema = schema_of(message_of(size), "protobuf")
    ours = Side("loads(record)", loads=schema.loads, record=schema.dumps(value))
    theirs = Side("parse(payload)", parse=message_of(size).FromString, payload=value.SerializeToString())
    assert ours.once() == value == theirs.once()
    return Comparison(ours, theirs)


ROWS = (
    Row(
        "E",
        "another codec, wrapped: protobuf of trusted messages, with tag and count / bare `SerializeToString`",
        trusted,
        {"S": 1.27, "M": 1.10, "L": 1.07},
    ),
    Row("protobuf", "the same as E, of messages that are looked at / bare `SerializeToString`", dumps),
    Row("protobuf-loads", "`loads` to a protobuf message / `FromString`", loads),
)
