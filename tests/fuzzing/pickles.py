"""Pickles to begin with: nothing here writes them, so they are made by Python."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

PICKLED = ("tests.fuzzing.pickles.Line",)
"""The classes that the pickles may hold, by the names in them."""


class Line:
    """An element as an instance."""

    def __init__(self) -> None:
        self.sku = "b"
        self.count = 2


_RECORD = {
    "name": "ada",
    "lines": [{"sku": "a", "count": 1}, Line()],
    "tags": ["x"],
    "prices": {"p": 1.5},
    "total": -(2**70),
    "price": Decimal("1.10"),
    "at": datetime(2026, 1, 2, tzinfo=UTC),
    "size": "small",
    "data": b"\xff\x00",
}
PICKLES = (
    *(pickle.dumps(_RECORD, protocol) for protocol in (2, 3, 4, 5)),
    pickle.dumps({"name": "ada", "lines": [], "tags": [], "prices": {}, "more": [UUID(int=7), {1, 2}, frozenset("a")]}),
)
