"""A stored model holds a type that the project does not decide about."""

from __future__ import annotations

from tests.check.rules.sources.conftest import Project
from versioned_serde.check.rules.sources import foreign_type


def test_fails_for_a_model_and_an_enum_from_elsewhere(project: Project) -> None:
    code = """
    from tests.cli.shop import Order as Foreign
    from http import HTTPMethod

    @dataclass
    class Order:
        held: Foreign
        safe: HTTPMethod

    orders = Schema("shop.order", Order, FIRST)
    """
    found = {each.attribute: each for each in foreign_type.check(project(code))}
    assert "comes from `tests.cli.shop`" in found["held"].message
    assert "comes from `http`" in found["safe"].message


def test_fails_with_a_note_for_any_type(project: Project) -> None:
    code = """
    @dataclass
    class Order:
        extras: dict[str, Any]

    orders = Schema("shop.order", Order, FIRST)
    """
    (finding,) = foreign_type.check(project(code))
    assert (finding.severity, finding.attribute) == ("note", "extras")


def test_fails_for_a_model_that_allows_arbitrary_types(project: Project) -> None:
    code = """
    class Order(BaseModel, arbitrary_types_allowed=True):
        x: int

    orders = Schema("shop.order", Order, FIRST)
    """
    (finding,) = foreign_type.check(project(code))
    assert (finding.severity, "arbitrary_types_allowed" in finding.message) == ("warning", True)


def test_passes_the_projects_own(project: Project) -> None:
    code = """
    from google.protobuf.timestamp_pb2 import Timestamp

    @dataclass
    class Line:
        sku: str

    @dataclass
    class Order:
        lines: list[Line]
        at: Timestamp

    orders = Schema("shop.order", Order, FIRST, keys={"lines": "sku"})
    """
    assert not list(foreign_type.check(project(code)))
