"""The function that computes a default is another one."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import default_factory_changed


def code(attribute: str, more: str = "") -> str:
    return f"""
class Order(BaseModel):
    x: {attribute}
{more}
orders = Schema("shop.order", Order, FIRST)
"""


def test_fails_where_its_body_is_another(project: Project) -> None:
    old, new = (code(f"int = Field(default_factory=lambda: {number})") for number in (1, 2))
    (finding,) = default_factory_changed.check(project(new, old))
    assert (finding.severity, finding.attribute) == ("warning", "x")


def test_passes_the_same_function_elsewhere(project: Project) -> None:
    old = code("list[int] = Field(default_factory=list)")
    assert not list(default_factory_changed.check(project(code("tuple[int, ...] = Field(default_factory=tuple)"), old)))
    named = code("int = Field(default_factory=lambda: 1)")
    assert not list(default_factory_changed.check(project(f"import os\n\n{named}", named)))
