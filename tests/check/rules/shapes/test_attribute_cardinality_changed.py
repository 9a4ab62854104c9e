"""One value where there was a list or map, or the other way round."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_cardinality_changed
from versioned_serde.shape import ListType, MapType, NullableType, Scalar

INT = Scalar("int")


def test_fails_for_a_list() -> None:
    finding = only(attribute_cardinality_changed, order(INT), order(ListType(INT)))
    assert (finding.severity, finding.direction) == ("error", "forward")
    assert "`x` was one value and is a list" in finding.message


def test_fails_for_a_map_of_lists() -> None:
    finding = only(attribute_cardinality_changed, order(MapType(ListType(INT))), order(ListType(INT)))
    assert "`x` was a map of lists and is a list" in finding.message


def test_passes_null_around_it() -> None:
    assert not found(attribute_cardinality_changed, order(ListType(INT)), order(NullableType(ListType(INT))))
    assert not found(attribute_cardinality_changed, order(ListType(INT)), order(ListType(Scalar("str"))))
