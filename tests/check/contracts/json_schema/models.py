"""A service's models, from which pydantic makes schemas as services have them; and every small change of those."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Status(Enum):
    NEW = "new"
    PAID = "paid"
    LOST = "lost"


class Address(BaseModel):
    street: str = Field(min_length=1, max_length=80)
    postcode: str = Field(pattern=r"^[0-9]{5}$")
    country: Literal["DE", "FR"] = "DE"


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: str = Field(pattern=r"^[A-Z]{3}-\d+$")
    count: int = Field(ge=1, le=1000)
    price: Decimal
    discount: float | None = Field(default=None, ge=0, lt=1)


class Card(BaseModel):
    kind: Literal["card"]
    number: str = Field(min_length=12, max_length=19)


class Transfer(BaseModel):
    kind: Literal["transfer"]
    iban: str
    due: date | None = None


class Category(BaseModel):
    name: str
    children: list[Category] = []


class Order(BaseModel):
    id: UUID
    placed: datetime
    status: Status = Status.NEW
    lines: list[Line] = Field(min_length=1)
    shipping: Address
    billing: Address | None = None
    payment: Annotated[Card | Transfer, Field(discriminator="kind")] | None = None
    tags: set[str] = set()
    labels: dict[str, str] = {}
    position: tuple[float, float] | None = None
    category: Category | None = None
    note: str | int | None = None


SCHEMAS: dict[str, dict[str, Any]] = {
    model.__name__: model.model_json_schema(mode="validation") for model in (Order, Line, Category)
}


def changes(root: Any) -> Iterator[tuple[str, Any]]:
    """Every small change of a document: what it is, and the document with it."""
    places: list[tuple[list[Any], Any]] = [([], root)]
    while places:
        path, node = places.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                places.append(([*path, key], value))
                if path and path[-1] in ("properties", "$defs"):
                    continue  # a name, no keyword
                yield from _of_keyword(root, path, key, value)
            if path and path[-1] == "properties":
                yield "a property is renamed", _with(root, path, {**node, "renamed": next(iter(node.values()))}, ())
                for name in node:
                    yield f"{name} is gone", _with(root, path, {key: node[key] for key in node if key != name}, ())
                    yield f"{name} is of another type", _with(root, path, node | {name: {"type": "boolean"}}, ())
                    nullable = {"anyOf": [node[name], {"type": "null"}]}
                    yield f"{name} may be null", _with(root, path, node | {name: nullable}, ())
        elif isinstance(node, list):
            places.extend(([*path, index], value) for index, value in enumerate(node))


def _of_keyword(root: Any, path: list[Any], key: str, value: Any) -> Iterator[tuple[str, Any]]:
    at = [*path, key]
    if key in ("title", "description", "default", "$defs", "properties", "$ref", "discriminator"):
        return
    yield f"{key} is gone", _with(root, at, None, (key,))
    if isinstance(value, int) and not isinstance(value, bool):
        yield f"{key} is higher", _with(root, at, value + 1, ())
        yield f"{key} is lower", _with(root, at, max(0, value - 1), ())
    if isinstance(value, list) and key in ("required", "enum", "anyOf", "oneOf", "prefixItems"):
        yield f"{key} has one fewer", _with(root, at, value[:-1] or value, ())
        other = {"required": "other", "enum": "other"}.get(key, {"type": "boolean"})
        yield f"{key} has one more", _with(root, at, [*value, other], ())
        yield f"{key} in another order", _with(root, at, value[::-1], ())
    if key == "oneOf":
        yield "any of instead of one of", _with(root, path, _renamed(_at(root, path), "oneOf", "anyOf"), ())
    if key == "type" and value == "object":
        node = _at(root, path)
        yield "closed", _with(root, path, node | {"additionalProperties": False}, ())
        yield (
            "its properties must all be there",
            _with(root, path, node | {"required": list(node.get("properties", []))}, ()),
        )
        if path:  # what is around would move the definitions
            yield "wrapped", _with(root, path, {"allOf": [node]}, ())
    if key == "type" and value == "integer":
        yield "any number", _with(root, at, "number", ())


def _renamed(node: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: value for key, value in node.items()}


def _at(root: Any, path: list[Any]) -> Any:
    for key in path:
        root = root[key]
    return root


def _with(root: Any, path: list[Any], value: Any, gone: tuple[str, ...]) -> Any:
    """The document with another value at a path, or without it."""
    if not path:
        return copy.deepcopy(value)
    document = copy.deepcopy(root)
    parent = _at(document, path[:-1])
    if gone:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return document
