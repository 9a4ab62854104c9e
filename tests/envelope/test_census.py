from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from versioned_serde import Census, DeclarationError, Schema, Version, take_census

CLEAN = Census(50_000_000, 0, "2026-11-20T08:00:00+00:00")


class Order(BaseModel):
    model_config = ConfigDict(extra="allow")
    buyer: str


def release(census: Census | None, *, writes: int) -> Schema[Order]:
    return Schema(
        "shop.order",
        Order,
        Version(1, codec="json", framing="bare"),
        Version(2, framing="inline", census=census),
        writes=writes,
    )


def test_a_census_counts_what_would_be_read_as_a_tag() -> None:
    census = take_census(
        [
            b'{"buyer":"ada"}',
            b'{"buyer":"$serde"}',  # a value, no member
            b'{"lines":[{"$serde":1}]}',  # not in the outermost object
            b'{"$serde":{"schema":"x","version":1,"min_reader":1}}',
            b'{"$serde":1}',
            b'{"\\u0024serde":1}',  # the same name, spelled otherwise
            b'{"$serde',  # who knows
            memoryview(b"{}"),  # type: ignore[list-item]  # as a driver gives it
        ]
    )
    assert (census.records, census.reserved) == (8, 4)
    assert eval(repr(census)) == census  # noqa: S307  it is pasted into code


def test_inline_after_bare_in_one_column() -> None:
    prepared, active = release(CLEAN, writes=1), release(CLEAN, writes=2)
    order = Order(buyer="ada")
    for record in (b'{"buyer": "ada"}', prepared.dumps(order), active.dumps(order)):
        assert prepared.loads(record) == active.loads(record) == order
    assert active.dumps(order).startswith(b'{"$serde":')
    assert prepared.identify(b'{"buyer": "ada"}').version == 1


def test_without_a_clean_census_it_is_refused() -> None:
    with pytest.raises(DeclarationError, match="take_census"):
        release(None, writes=1)
    with pytest.raises(DeclarationError, match="found 3 bare records"):
        release(Census(50, 3, CLEAN.begun), writes=1)


def test_a_bare_writer_never_writes_the_reserved_member() -> None:
    order = Order.model_validate({"buyer": "ada", "$serde": {"schema": "shop.order", "version": 2, "min_reader": 2}})
    assert release(CLEAN, writes=1).dumps(order) == b'{"buyer":"ada"}'
    escaped = release(CLEAN, writes=2).dumps(order)
    assert release(CLEAN, writes=1).loads(escaped) == order
