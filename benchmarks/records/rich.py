"""R: an order of types that neither JSON nor MessagePack has a form for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from pydantic import BaseModel


class Status(Enum):
    OPEN = "open"
    SENT = "sent"


class Payment(BaseModel):
    paid_at: datetime | None
    amount: Decimal
    reference: UUID


class Rich(BaseModel):
    id: UUID
    status: Status
    created: datetime
    due: date
    total: Decimal
    signature: bytes
    payment: Payment | None
    refund: Payment | None
    delivered: date | None


RICH = Rich(
    id=UUID("12345678-1234-4678-9234-567812345678"),
    status=Status.SENT,
    created=datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC),
    due=date(2026, 3, 15),
    total=Decimal("1234.50"),
    signature=b"signed by Ada Lovelace",
    payment=Payment(
        paid_at=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        amount=Decimal("1234.50"),
        reference=UUID("87654321-4321-4765-8321-876543218765"),
    ),
    refund=None,
    delivered=None,
)
