"""A service whose records are inspected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from versioned_serde import Parameter, Registry, Schema, Version, add


@dataclass
class OldOrder:
    buyer: str
    total: int = 0


@dataclass
class Order:
    buyer: str
    total: int = 0
    gift: str | None = None


@dataclass
class Failing:
    buyer: str

    def __post_init__(self) -> None:
        raise KeyError("a bug of the service")


registry = Registry(
    Schema("shop.order", OldOrder, Version(1, codec="json", framing="bare"), Version(2, framing="envelope"), writes=2),
    Schema("shop.inline", OldOrder, Version(1, codec="json", framing="inline")),
    Schema("shop.headers", OldOrder, Version(1, codec="json", framing="headers")),
    Schema("shop.failing", Failing, Version(1, codec="json", framing="bare")),
    Parameter("shop.heartbeat", {1: 5.0}, kind="at_most", writes=1),
)
orders: Schema[Any] = registry.schemas[0]
newer = Schema("shop.order", Order, Version(2, codec="json", framing="envelope"), Version(3, add("gift")), writes=3)
"""A later release."""
