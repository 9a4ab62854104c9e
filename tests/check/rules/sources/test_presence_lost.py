"""A stored model is taken apart without what was set."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import presence_lost

ORDER = """
class Order(BaseModel):
    x: int | None = None

class Page(BaseModel):
    x: int | None = None

orders = Schema("shop.order", Order, FIRST)
"""


def test_fails_where_nulls_and_defaults_are_dropped(project: Project) -> None:
    code = f"""{ORDER}
def save(order: Order):
    return orders.dumps(Order(**order.model_dump(exclude_none=True))), order.model_dump(exclude_defaults=True)
"""
    found = list(presence_lost.check(project(code)))
    assert ["exclude_none" in each.message or "exclude_defaults" in each.message for each in found] == [True, True]
    assert {each.schema for each in found} == {"shop.order"}


def test_fails_for_a_struct_that_omits_defaults(project: Project) -> None:
    code = """
    class Order(msgspec.Struct, omit_defaults=True):
        x: int = 0

    orders = Schema("shop.order", Order, FIRST)
    """
    (finding,) = presence_lost.check(project(code))
    assert "omit_defaults" in finding.message


def test_passes_what_keeps_presence(project: Project) -> None:
    code = f"""{ORDER}
def save(order: Order, page: Page):
    order.model_dump(exclude_unset=True), order.model_dump(exclude_none=False), page.model_dump(exclude_none=True)
    return order.model_dump()
"""
    assert not list(presence_lost.check(project(code)))
