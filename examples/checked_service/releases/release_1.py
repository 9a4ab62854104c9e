"""Release 1: the customer of an order is its customer."""

from dataclasses import dataclass
from decimal import Decimal

from versioned_serde import Registry, Schema, Version


@dataclass
class Order:
    customer: str
    total: Decimal


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    writes=1,
)
registry = Registry(orders)
