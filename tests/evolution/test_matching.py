"""Which element of an edited list is which, over every small list, against the rule said as plainly as possible."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import pytest

from versioned_serde.errors import AmbiguousEditError
from versioned_serde.evolution.lists import match, match_by_key, places
from versioned_serde.tree import Raw

VALUES = ("a", "b")
UNKNOWN = Raw("json", b"1")


def elements(values: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"id": value} for value in values]


def retained(values: tuple[str, ...], holding: tuple[bool, ...]) -> list[dict[str, Any]]:
    return [{"id": value, **({"x": UNKNOWN} if holds else {})} for value, holds in zip(values, holding, strict=True)]


def lists(longest: int) -> list[tuple[str, ...]]:
    return [values for length in range(longest + 1) for values in product(VALUES, repeat=length)]


def told(values: tuple[str, ...], after: tuple[str, ...], identities: tuple[int | None, ...]) -> list[int | None]:
    """No key: identity first; then a value that is unique among what is left on both sides."""
    result = list(identities)
    lost = [index for index in range(len(values)) if index not in result]
    fresh = [index for index, source in enumerate(result) if source is None]
    for index in fresh:
        same = [source for source in lost if values[source] == after[index]]
        twins = [other for other in fresh if after[other] == after[index]]
        if len(same) == 1 and len(twins) == 1:
            result[index] = same[0]
    return result


@pytest.mark.parametrize("values", lists(3), ids="".join)
def test_without_a_key(values: tuple[str, ...]) -> None:
    for after, holding in product(lists(3), product((False, True), repeat=len(values))):
        for identities in product((None, *range(len(values))), repeat=len(after)):
            known = [source for source in identities if source is not None]
            if len(set(known)) < len(known):
                continue
            before, base = elements(values), retained(values, holding)
            expected = told(values, after, identities)
            if not known and values == after:
                expected = list(range(len(values)))  # a comparison sees no edit
            left = [index for index in range(len(values)) if index not in expected]
            if None in expected and any(holding[index] for index in left):
                with pytest.raises(AmbiguousEditError):
                    match(base, before, elements(after), identities)
            else:
                assert match(base, before, elements(after), identities) == expected


@pytest.mark.parametrize("values", lists(3), ids="".join)
def test_with_a_key_identity_decides_only_for_what_it_leaves(values: tuple[str, ...]) -> None:
    for after, holding in product(lists(3), product((False, True), repeat=len(values))):
        before, base = elements(values), retained(values, holding)
        doubles = [
            key for key in VALUES if key in after and key in values and max(after.count(key), values.count(key)) > 1
        ]
        held = [
            key for key in doubles if any(holds for value, holds in zip(values, holding, strict=True) if value == key)
        ]
        if values == after:
            assert match_by_key(base, before, elements(after), [None] * len(after), "id") == list(range(len(after)))
        elif held:
            with pytest.raises(AmbiguousEditError):
                match_by_key(base, before, elements(after), [None] * len(after), "id")
        else:
            expected = [None if key in doubles or key not in values else values.index(key) for key in after]
            assert match_by_key(base, before, elements(after), [None] * len(after), "id") == expected


def test_an_element_whose_key_changed_in_place_is_followed() -> None:
    base = retained(("a", "b"), (True, True))
    assert match_by_key(base, elements(("a", "b")), elements(("c", "b")), [0, 1], "id") == [0, 1]
    # A key that another element already has decides against identity.
    assert match_by_key(base, elements(("a", "b")), elements(("b",)), [0], "id") == [1]


def test_what_a_model_shows_in_another_order_is_found_by_its_key() -> None:
    assert places(elements(("a", "b")), elements(("b", "a")), "id", ordered=True) == [1, 0]
    assert places(elements(("a", "b")), elements(("b", "a")), None, ordered=False) is None
    assert places(elements(("a", "b")), elements(("a",)), "id", ordered=True) is None
    twins = elements(("a", "a", "b", "b"))
    assert places(twins, twins, "id", ordered=True) == [0, 1, 2, 3]
    assert places(twins, elements(("b", "b", "a", "a")), "id", ordered=True) is None


@pytest.mark.parametrize("holding", list(product((False, True), repeat=3)), ids=str)
def test_what_a_model_shows_in_another_order_is_found_by_its_value(holding: tuple[bool, ...]) -> None:
    values = ("a", "b", "c")
    for order in permutations(range(3)):
        shown = elements(tuple(values[index] for index in order))
        assert places(retained(values, holding), shown, None, ordered=True) == list(order)


def test_what_a_model_shows_in_another_way_is_where_it_was() -> None:
    assert places(elements(("a ", "b ")), elements(("a", "b")), None, ordered=True) == [0, 1]
    assert places(elements(("a ", "b")), elements(("a", "b")), None, ordered=True) == [0, 1]
    defaults = [{"id": "a", "size": 1}, {"id": "b", "size": 1}]
    assert places(elements(("a", "b")), defaults, None, ordered=True) == [0, 1]
    assert places(elements(("b", "a")), defaults, None, ordered=True) == [1, 0]


def test_what_a_model_shows_in_another_order_and_way_is_not_guessed() -> None:
    assert places(elements(("b", "a", "c ")), elements(("a", "b", "c")), None, ordered=True) is None
    assert places(elements(("b", "b", "a", "a")), elements(("a", "a", "b", "b")), None, ordered=True) is None
