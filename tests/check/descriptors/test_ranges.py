"""What of a range is missing, held against sets of numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.check.descriptors.ranges import missing, shown

_RANGES = st.tuples(st.integers(-20, 20), st.integers(0, 12)).map(lambda each: (each[0], each[0] + each[1]))


@given(_RANGES, st.lists(_RANGES, max_size=5))
def test_missing_is_the_difference_of_the_sets(wanted: tuple[int, int], kept: list[tuple[int, int]]) -> None:
    gone = missing(wanted, kept)
    there = {number for low, high in kept for number in range(low, high + 1)}
    expected = [number for number in range(wanted[0], wanted[1] + 1) if number not in there]
    assert [number for low, high in gone for number in range(low, high + 1)] == expected
    assert all(low <= high for low, high in gone)
    assert all(high + 1 < low for (_, high), (low, _) in pairwise(gone))


def test_ranges_for_people() -> None:
    assert shown([(1, 1), (3, 5)]) == "1, 3 to 5"
