"""One record in each kind of model, with a value, for the schemas that are fuzzed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

import msgspec
import pydantic

from tests.protos.build import classes

MESSAGES = classes(
    """
    message Line
    string sku = 1
    optional int32 count = 2
    message Record
    string name = 1
    repeated Line lines = 2
    repeated string tags = 3
    map double prices = 4
    optional sint64 total = 5
    optional double weight = 6
    optional string price = 7
    optional string at = 8
    optional string size = 9
    optional bytes data = 10
    optional Line first = 11
    repeated int32 packed = 12
    """
)
LINE = {"sku": str, "count": int | None}
RECORD: dict[str, Any] = {
    "name": str,
    "lines": list,
    "tags": list[str],
    "prices": dict[str, float],
    "total": int | None,
    "weight": float | None,
    "price": Decimal | None,
    "at": datetime | None,
    "size": Literal["small", "large"] | None,
    "data": bytes | None,
    "first": dict,
}
ALWAYS = ("sku", "name", "lines", "tags", "prices")


class Sample(NamedTuple):
    """A model, and one value of it."""

    model: Any
    value: Any


def samples(kind: str) -> Iterator[Sample]:
    """The models of a kind, the richest first. A kind more is a branch more.

    Raises:
        KeyError: of an unknown kind.
    """
    if kind == "protobuf":
        line, record = MESSAGES["Line"], MESSAGES["Record"]
        yield Sample(record, record(name="ada", lines=[line(sku="a", count=1)], prices={"x": 1.5}, packed=[1, -1]))
        return
    make = {"dataclass": _dataclass, "mapping": _mapping, "msgspec": _struct, "pydantic": _pydantic}[kind]
    line = make("Line", LINE)
    plain = RECORD | {"lines": list[line], "first": line | None}  # type: ignore[valid-type]
    for names in (plain | {"more": Any}, plain):
        record = make("Record", names)
        many = {"total": -7, "weight": 0.5, "price": Decimal("1.10"), "at": datetime(2026, 1, 2, tzinfo=UTC)}
        many |= {"size": "small", "data": b"\xff\x00", "first": line(sku="b")}
        value = record(
            name="ada", lines=[line(sku="a", count=1), line(sku="é\n")], tags=["x"], prices={"p": 1.5}, **many
        )
        yield Sample(record, value)


def _dataclass(name: str, attributes: dict[str, Any]) -> Any:
    fields = [(each, type_, dataclasses.field()) for each, type_ in attributes.items() if each in ALWAYS]
    fields += [
        (each, type_, dataclasses.field(default=None)) for each, type_ in attributes.items() if each not in ALWAYS
    ]
    return dataclasses.make_dataclass(name, fields, kw_only=True)


def _mapping(name: str, attributes: dict[str, Any]) -> Any:
    made: Any = TypedDict  # its functional form has no type for names that are found at run time
    optional: Any = NotRequired
    return made(name, {each: type_ if each in ALWAYS else optional[type_] for each, type_ in attributes.items()})


def _struct(name: str, attributes: dict[str, Any]) -> Any:
    fields: list[Any] = [(each, type_) if each in ALWAYS else (each, type_, None) for each, type_ in attributes.items()]
    return msgspec.defstruct(name, fields, kw_only=True)


def _pydantic(name: str, attributes: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {each: (type_, ... if each in ALWAYS else None) for each, type_ in attributes.items()}
    return pydantic.create_model(name, **fields)
