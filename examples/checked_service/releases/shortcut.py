"""The shortcut: knows the buyer and writes it, at once after release 1."""

from dataclasses import dataclass
from decimal import Decimal

from versioned_serde import Registry, Schema, Version, rename


@dataclass
class Order:
    buyer: str
    total: Decimal


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    Version(2, rename("customer", "buyer")),
    writes=2,
)
registry = Registry(orders)
