from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.tree import COMPLEMENT, Entry, Raw, Typed, copied, holds_undeclared, objects, same

PARIS = timezone(timedelta(hours=1))
RAW = Raw("json", b"1.10")

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.decimals()
    | st.datetimes(timezones=st.sampled_from([UTC, PARIS]) | st.none())
    | st.times()
    | st.uuids()
    | st.builds(Raw, st.sampled_from(["json", "msgpack"]), st.binary(max_size=5))
)
NAMES = st.text("abc", min_size=1, max_size=2)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4))
TREES = st.dictionaries(NAMES, VALUES, max_size=4)

DIFFERENT = [
    None,
    False,
    True,
    0,
    1,
    0.0,
    -0.0,
    1.0,
    float("nan"),
    float("inf"),
    "1",
    b"1",
    Decimal(1),
    Decimal("1.1"),
    Decimal("1.10"),
    Decimal(0),
    Decimal("-0"),
    Decimal("NaN"),
    datetime(2020, 1, 1, 12, tzinfo=UTC),
    datetime(2020, 1, 1, 13, tzinfo=PARIS),
    datetime(2020, 1, 1, 12),  # noqa: DTZ001  a naive one is another
    time(12),
    time(12, tzinfo=UTC),
    timedelta(1),
    UUID(int=1),
    [],
    [1],
    [1, 2],
    [2, 1],
    [True],
    (1, 2),
    {},
    {"a": 1},
    {"b": 1},
    {"a": 1, "b": 2},
    {"a": 1.0},
    RAW,
    Raw("json", b"1.1"),
    Raw("msgpack", b"1.10"),
    Typed(None, 1),
    Typed(None, 1.0),
    Entry("4.1", "up", {}, {}),
    Entry("4.1", "down", {}, {}),
    Entry("4.2", "up", {}, {}),
    Entry("4.1", "up", {"a": RAW}, {}),
    Entry("4.1", "up", {}, {"a": RAW}),
]


def test_values_that_differ_on_the_wire_are_not_the_same() -> None:
    for one, other in combinations(DIFFERENT, 2):
        assert not same(one, other), (one, other)
        assert not same(other, one), (other, one)
        assert not same({"x": [one]}, {"x": [other]}), (one, other)


def test_entries_are_the_same_whether_or_not_they_were_found_stale() -> None:
    assert same(Entry("4.1", "up", {"a": RAW}, {}, stale=True), Entry("4.1", "up", {"a": Raw("json", b"1.10")}, {}))


def test_the_order_of_names_does_not_count() -> None:
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_values_of_typed_are_compared_without_their_types() -> None:
    assert same(Typed("one", [1]), Typed("other", [1]))


@given(TREES)
def test_a_copy_is_the_same_and_shares_no_container(tree: dict[str, Any]) -> None:
    copy = copied(tree)
    assert same(copy, tree)
    assert same(tree, tree)
    assert not {id(node) for node in _containers(copy)} & {id(node) for node in _containers(tree)}


def _containers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in _containers(item))]
    if isinstance(value, list):
        return [value, *(node for item in value for node in _containers(item))]
    return []


@given(TREES)
def test_objects_are_every_dict_and_none_comes_before_the_one_that_holds_it(tree: dict[str, Any]) -> None:
    found = [id(node) for node in objects(tree)]
    assert sorted(found) == sorted(id(node) for node in _containers(tree) if isinstance(node, dict))
    for node in objects(tree):
        for item in node.values():
            assert all(found.index(id(node)) < found.index(id(inner)) for inner in objects(item))


def test_objects_of_any_depth_are_found() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"x": [deep]}
    assert sum(1 for _ in objects(deep)) == 100_001


@given(TREES)
def test_a_tree_holds_something_undeclared_if_any_object_in_it_does(tree: dict[str, Any]) -> None:
    expected = any(isinstance(item, Raw) for node in objects(tree) for item in node.values())
    assert holds_undeclared(tree) is expected


@pytest.mark.parametrize(
    "undeclared", [{"x": RAW}, {"x": Typed(None, 1)}, {COMPLEMENT: [Entry("4.0", "down", {}, {})]}]
)
def test_what_is_undeclared_is_found_at_any_depth(undeclared: dict[str, Any]) -> None:
    assert holds_undeclared(undeclared)
    assert holds_undeclared({"a": 1, "b": [{"c": {"d": undeclared}}]})
    assert not holds_undeclared({"a": 1, "b": [{"c": {"d": {}}}]})


def test_a_member_of_a_map_that_has_the_reserved_name_is_no_complement() -> None:
    assert not holds_undeclared({"map": {COMPLEMENT: ["x"]}})
