"""S, M and L as pydantic models; the other libraries' classes are made from these."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, create_model

from benchmarks.records.contents import CONTENTS, Size


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


class Large(BaseModel):
    id: int
    name: str
    items: list[Line]


MODELS: dict[Size, type[BaseModel]] = {"S": Small, "M": Medium, "L": Large}
KEYS: dict[Size, dict[str, str]] = {"S": {}, "M": {"lines": "sku"}, "L": {"items": "sku"}}
"""For schemas: what identifies an element of the record's list."""


def fields_of(model: type[BaseModel]) -> dict[str, Any]:
    """Types by name."""
    return {name: field.annotation for name, field in model.model_fields.items()}


def value_of(size: Size) -> BaseModel:
    return MODELS[size].model_validate(CONTENTS[size])


def with_more(size: Size, **more: Any) -> type[BaseModel]:
    """The model with more attributes at its end, each given as (type, default)."""
    # Made from the fields and not as a subclass, whose own attributes would be looked up elsewhere.
    fields = {name: (type_, ...) for name, type_ in fields_of(MODELS[size]).items()}
    made: type[BaseModel] = create_model(MODELS[size].__name__, **{**fields, **more})
    return made
