"""A stored model refuses other values than it did."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import strictness_changed


def code(attribute: str, more: str = "") -> str:
    return f"""
class Order(BaseModel):
    x: {attribute}
{more}
orders = Schema("shop.order", Order, FIRST)
"""


def test_fails_where_an_old_record_is_refused(project: Project) -> None:
    (finding,) = strictness_changed.check(
        project(code("Annotated[int, Field(ge=1)]"), code("Annotated[int, Field(ge=0)]"))
    )
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "x", "backward")
    assert "does not say `ge=0` any more and says `ge=1`" in finding.message
    assert finding.witness is not None


def test_fails_as_a_warning_where_no_small_record_shows_it(project: Project) -> None:
    (finding,) = strictness_changed.check(project(code("Annotated[int, Field(le=2**50)]"), code("int")))
    assert (finding.severity, finding.direction) == ("warning", "backward")
    (finding,) = strictness_changed.check(project(code("int"), code("Annotated[int, Field(le=9)]")))
    assert (finding.severity, finding.direction) == ("warning", "forward")


def test_fails_for_a_setting_of_the_whole_model(project: Project) -> None:
    strict = code("str").replace("(BaseModel)", "(BaseModel, str_strip_whitespace=True)")
    (finding,) = strictness_changed.check(project(strict, code("str")))
    assert (finding.attribute, finding.severity) == ("the top", "warning")


def test_passes_the_same_constraint_spelled_otherwise(project: Project) -> None:
    new = "from pydantic import NonNegativeInt as Size" + code("Size")
    old = code("Annotated[int, Field(ge=0, description='A number.')]")
    assert not list(strictness_changed.check(project(new, old)))


def test_passes_an_attribute_that_is_new(project: Project) -> None:
    new = code("int", "    y: Annotated[int, Field(ge=0)] = 0")
    assert not list(strictness_changed.check(project(new, code("int"))))
