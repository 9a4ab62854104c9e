"""What is in the records S, M and L, as plain values.

S is 6 flat attributes, about 100 bytes; M an order of 20 attributes with an address and 8 lines, 1 kB; L 500 nested
items, 60 kB.
"""

from __future__ import annotations

from typing import Any, Literal

Size = Literal["S", "M", "L"]
SIZES: tuple[Size, ...] = ("S", "M", "L")

CONTENTS: dict[Size, dict[str, Any]] = {
    "S": {
        "id": 17,
        "name": "Ada Lovelace",
        "active": True,
        "score": 9.75,
        "city": "London",
        "zip": "W1J 9AA",
    },
    "M": {
        "id": 17,
        "buyer": "Ada Lovelace",
        "email": "ada@example.org",
        "phone": "+44 20 7946 0000",
        "status": "confirmed",
        "total": 123.45,
        "tax": 20.58,
        "shipping": 4.5,
        "currency": "GBP",
        "paid": True,
        "gift": False,
        "note": None,
        "coupon": "SPRING",
        "created": "2026-03-01T12:00:00Z",
        "updated": "2026-03-02T08:30:00Z",
        "channel": "web",
        "priority": 2,
        "weight": 3.25,
        "address": {"street": "12 St James's Square", "city": "London", "zip": "SW1Y 4JH", "country": "GB"},
        "lines": [
            {"sku": f"SKU-{number:04}", "title": f"Part number {number}", "amount": number, "price": 1.25 * number}
            for number in range(1, 9)
        ],
    },
    "L": {
        "id": 17,
        "name": "The parts of the Analytical Engine",
        "items": [
            {
                "sku": f"SKU-{number:04}",
                "title": f"Figure wheel number {number} of the store, in brass, turned by hand",
                "amount": number,
                "price": 1.25 * number,
            }
            for number in range(1, 501)
        ],
    },
}
