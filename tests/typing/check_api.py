"""What type checkers say of the public API. Checked by mypy and basedpyright, never run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, assert_type

import msgspec
from pydantic import BaseModel

from versioned_serde import Document, Parameter, Records, Schema, SerdeError, Shape, Version
from versioned_serde.protocols import ObjectStore
from versioned_serde.tree import Raw, Typed


class Order(BaseModel):
    buyer: str


@dataclass
class Point:
    x: int


class Struct(msgspec.Struct):
    x: int


class Mapped(TypedDict):
    x: int


V1 = Version(1, codec="json", framing="envelope")
orders = Schema("shop.order", Order, V1)


def schemas_know_what_they_read(data: bytes) -> None:
    assert_type(orders, Schema[Order])
    assert_type(orders.loads(data), Order)
    assert_type(orders.unpack(data, {}), Order)
    assert_type(Schema("a.point", Point, V1).loads(data), Point)
    assert_type(Schema("a.struct", Struct, V1).loads(data), Struct)
    assert_type(Schema("a.mapped", Mapped, V1).loads(data), Mapped)
    assert_type(Schema("a.shape", Shape("Point", ()), V1).loads(data), dict[str, Any])


def verbs_take_and_give_the_model(order: Order, data: bytes) -> None:
    assert_type(orders.dumps(order), bytes)
    payload, headers = orders.pack(order)
    assert_type(payload, bytes)
    assert_type(headers, Mapping[str, str])
    assert_type(orders.dumps_many([order, None]), list[bytes | None])
    assert_type(orders.loads_many([data, None]), list[Order | None])
    assert_type(orders.loads_many([data], errors="collect"), list[Order | SerdeError | None])
    orders.dumps(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def documents_hold_the_model(data: bytes) -> None:
    document = orders.read(data)
    assert_type(document, Document[Order])
    assert_type(document.value, Order)
    assert_type(document.unknown, Mapping[str, Raw | Typed])
    with document.edit() as order:
        assert_type(order, Order)
    document.set(Point(1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(orders.write(document), bytes)


def records_hold_the_model(store: ObjectStore) -> None:
    records = Records(orders, store)
    assert_type(records.get("17"), Order | None)
    assert_type(records.edit("17", lambda order: order), Order)


def parameters_know_their_value() -> None:
    assert_type(Parameter("a.interval", {1: 5.0}, kind="at_most", writes=1).value, float)
    assert_type(Parameter("a.mode", {1: "plain"}, kind="one_of", writes=1).value, str)
