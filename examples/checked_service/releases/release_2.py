"""Release 2 prepares: it knows the buyer, and still writes what release 1 reads."""

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
    writes=1,
)
registry = Registry(orders)
