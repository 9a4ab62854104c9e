"""Places are what protobuf's own parser reads, in whatever order they were written."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import SourceCodeInfo
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.check.descriptors.places import Places
from versioned_serde.check.finding import Place

_PATHS = st.lists(st.integers(min_value=0, max_value=300), max_size=6)
_SPANS = st.lists(st.integers(min_value=0, max_value=500), min_size=3, max_size=4)


@given(st.lists(st.tuples(_PATHS, _SPANS, st.text(max_size=300)), max_size=8))
def test_the_first_location_of_a_path_counts(found: list[tuple[list[int], list[int], str]]) -> None:
    info = SourceCodeInfo()
    first: dict[tuple[int, ...], list[int]] = {}
    for path, span, comment in found:
        info.location.add(path=path, span=span, leading_comments=comment)
        first.setdefault(tuple(path), [each + 1 for each in span])
    places = Places(info.SerializeToString())
    for key, numbers in first.items():
        line, column, *_, end_column = numbers
        end_line = numbers[2] if len(numbers) == 4 else line
        assert places.has(key)
        assert places.at("a.proto", key) == Place(
            path="a.proto", line=line, column=column, end_line=end_line, end_column=end_column
        )
    assert places.at("a.proto", (9, 9, 9, 9, 9, 9, 9)) is None


def test_a_location_in_another_order_is_found() -> None:
    # The span stands before the path, and an unknown field before both locations.
    places = Places(bytes.fromhex("1801" + "0a09 1203 010203 0a02 0405" + "0a05 1203 070809"))
    assert places.at("a", (4, 5)) == Place(path="a", line=2, column=3, end_line=2, end_column=4)
    assert places.at("a", ()) == Place(path="a", line=8, column=9, end_line=8, end_column=10)


@pytest.mark.parametrize("path", [(), (4,), (4, 0)])
def test_without_locations_there_are_no_places(path: tuple[int, ...]) -> None:
    assert not Places(b"").has(path)
    assert Places(b"").at("a", path) is None
