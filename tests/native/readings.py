"""One schema that reads with the native core and without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pydantic

from versioned_serde import Schema, SerdeError
from versioned_serde.native import Decoder

_SLOTS = ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")


def check(schema: Schema[Any], record: bytes, headers: Mapping[str, str] | None = None) -> bool:
    """Asserts that both ways of reading give, raise and count the same; tells whether one was without a tree."""
    counted, pure = _counted(schema, lambda: by_tree(schema, record, headers))
    assert _counted(schema, lambda: schema.unpack(record, headers)) == (counted, pure)
    if not headers:
        assert _counted(schema, lambda: schema.loads(record)) == (counted, pure)
    try:
        origin, coded = schema._compiled.reader.identify(record, headers)
        decoder = schema._compiled.decoders.get(origin.version)
        return decoder is not None and decoder.decode(schema._compiled.reader.payload(origin, coded)) is not None
    except SerdeError:
        return False


def by_tree(schema: Schema[Any], record: bytes, headers: Mapping[str, str] | None = None) -> Any:
    """The value, by the way that is the reference."""
    origin, coded = schema._compiled.reader.identify(record, headers)
    return schema._value(origin, coded, None)


def decoder(schema: Schema[Any]) -> Decoder | None:
    """The decoder of the newest version, or None where none can be made."""
    return schema._compiled.decoders.get(schema.lines[-1].number)


def _counted(schema: Schema[Any], read: Any) -> tuple[Any, Any]:
    before = [count.value for count in schema.counts()]
    try:
        outcome = told(read())
    except SerdeError as error:
        outcome = type(error), str(error)
    return [count.value - old for count, old in zip(schema.counts(), before, strict=True)], outcome


def told(value: Any) -> Any:
    """All that can be seen of a value: types, order, and what pydantic keeps beside the attributes."""
    kind = type(value)
    if isinstance(value, pydantic.BaseModel):
        return kind, told(vars(value)), [told(getattr(value, name)) for name in _SLOTS]
    if kind is dict:
        return kind, [(key, told(item)) for key, item in value.items()]
    if kind is list or kind is tuple:
        return kind, [told(item) for item in value]
    if kind is set:
        return kind, sorted(value)
    if kind is float or kind is Decimal:
        return kind, repr(value)
    if kind is datetime or kind is time:
        return kind, value.isoformat(), type(value.tzinfo)
    if hasattr(value, "__dict__") and not hasattr(value, "_value_"):
        return kind, told(vars(value))
    return kind, value
