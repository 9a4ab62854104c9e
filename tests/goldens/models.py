"""The models of the golden samples. A released sample's model never changes; a later one gets another name."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Literal, NotRequired, TypedDict
from uuid import UUID

import msgspec
from pydantic import BaseModel


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Part:
    sku: str
    amount: int = 1


@dataclass
class Card:
    kind: Literal["card"]
    number: str


@dataclass
class Cash:
    kind: Literal["cash"]
    change: int


@dataclass
class Plain:
    """What every codec can carry."""

    text: str
    count: int
    share: float
    sure: bool
    blob: bytes
    price: Decimal
    moment: datetime
    day: date
    at: time
    took: timedelta
    id: UUID
    color: Color
    note: str | None = None
    parts: list[Part] = field(default_factory=list)
    prices: dict[str, int] = field(default_factory=dict)
    nested: Part | None = None


PLAIN = Plain(
    text="Grüße \U0001f600 \t\"'<&>",
    count=-(2**53) + 1,
    share=0.1,
    sure=True,
    blob=bytes(range(0, 256, 5)),
    price=Decimal("1234567890.10"),
    moment=datetime(2026, 11, 20, 8, 0, 0, 125_000, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    day=date(2026, 2, 28),
    at=time(23, 59, 59),
    took=timedelta(days=2, seconds=3, microseconds=4),
    id=UUID("12345678-1234-5678-1234-567812345678"),
    color=Color.BLUE,
    note=None,
    parts=[Part("a"), Part("b", 3)],
    prices={"x": 1, "y z": -2},
    nested=Part("c", 0),
)
SMALL = Plain(
    text="",
    count=0,
    share=-0.0,
    sure=False,
    blob=b"",
    price=Decimal(0),
    moment=datetime(1970, 1, 1, tzinfo=UTC),
    day=date(1, 1, 1),
    at=time(0),
    took=timedelta(0),
    id=UUID(int=0),
    color=Color.RED,
)


@dataclass
class Payment:
    """A union."""

    way: Card | Cash


class Order(BaseModel):
    """The newest form of a history of versions."""

    buyer: str
    total: Decimal
    note: str | None = None
    lines: list[Line] = []


class Line(BaseModel):
    sku: str
    color: Color | str = Color.RED


class FormerOrder(BaseModel):
    """The form before the last version."""

    buyer: str
    total: Decimal
    fax: str | None = None
    note: str | None = None
    lines: list[FormerLine] = []


class FormerLine(BaseModel):
    sku: str
    color: Literal["red"] | str = "red"


class Event(msgspec.Struct):
    """A Struct, with an attribute that may be absent."""

    name: str
    size: int | msgspec.UnsetType = msgspec.UNSET


class Row(TypedDict):
    """A mapping."""

    key: str
    value: NotRequired[int | None]
