"""The records that are measured: S is 6 flat attributes, M an order of 20 attributes with address and 8 lines."""

from __future__ import annotations

from pydantic import BaseModel


class Small(BaseModel):
    id: int
    name: str
    active: bool
    score: float
    city: str
    zip: str


class Address(BaseModel):
    street: str
    city: str
    zip: str
    country: str


class Line(BaseModel):
    sku: str
    title: str
    amount: int
    price: float


class Medium(BaseModel):
    id: int
    buyer: str
    email: str
    phone: str
    status: str
    total: float
    tax: float
    shipping: float
    currency: str
    paid: bool
    gift: bool
    note: str | None
    coupon: str | None
    created: str
    updated: str
    channel: str
    priority: int
    weight: float
    address: Address
    lines: list[Line]


SMALL = Small(id=17, name="Ada Lovelace", active=True, score=9.75, city="London", zip="W1J 9AA")
MEDIUM = Medium(
    id=17,
    buyer="Ada Lovelace",
    email="ada@example.org",
    phone="+44 20 7946 0000",
    status="confirmed",
    total=123.45,
    tax=20.58,
    shipping=4.5,
    currency="GBP",
    paid=True,
    gift=False,
    note=None,
    coupon="SPRING",
    created="2026-03-01T12:00:00Z",
    updated="2026-03-02T08:30:00Z",
    channel="web",
    priority=2,
    weight=3.25,
    address=Address(street="12 St James's Square", city="London", zip="SW1Y 4JH", country="GB"),
    lines=[
        Line(sku=f"SKU-{number:04}", title=f"Part number {number}", amount=number, price=1.25 * number)
        for number in range(1, 9)
    ],
)
