"""Other keys: no collision loses a value, and what was deleted does not come back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evolution.describing import NUMBER, TEXT, down, lineage, raw, sent, shape, up
from versioned_serde.errors import ConversionError, DeclarationError, PayloadError
from versioned_serde.evolution.complement import drop_stale
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.rekey import rekey
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import MapType, NullableType, ObjectType
from versioned_serde.tree import COMPLEMENT, Entry, Tree, copied, same

UPPER = rekey("prices", up=str.upper, down=str.lower)
WAYS = lineage(shape(prices=MapType(NUMBER)), UPPER)


def written(ways: Lineage, tree: Tree, *, newest: bool = False) -> Tree:
    """What a writer of the oldest version, or of the newest, makes of an edited tree, as it is read again."""
    drop_stale(tree, ways.shapes[-1 if newest else 0], ways.binding, lambda it: ways.down(it, 1) if newest else None)
    return sent(tree)  # type: ignore[no-any-return]


def test_keys_change_and_values_do_not() -> None:
    assert WAYS.shapes[0] == WAYS.shapes[1]
    assert up(WAYS, {"prices": {"usd": 1, "eur": 2}}) == {"prices": {"USD": 1, "EUR": 2}}
    assert down(WAYS, {"prices": {"USD": 1}}) == {"prices": {"usd": 1}}
    assert up(WAYS, {}) == {}


def test_a_record_of_an_equal_shape_is_not_taken_for_one_of_the_newest_version() -> None:
    """Whoever reads directly asks whether it is the very same shape."""
    assert WAYS.shapes[0] is not WAYS.shapes[1]


def test_null_stays_null() -> None:
    ways = lineage(shape(prices=(NullableType(MapType(NUMBER)), None)), UPPER)
    assert up(ways, {"prices": None}) == {"prices": None}
    assert ways.shapes[0] == ways.shapes[1]


def test_the_keys_of_a_default_change_too() -> None:
    ways = lineage(shape(prices=(MapType(NUMBER), {"USD": 1})), UPPER)
    assert ways.shapes[0] == shape(prices=(MapType(NUMBER), {"usd": 1}))
    with pytest.raises(DeclarationError, match="has a default whose keys do not come back"):
        lineage(shape(prices=(MapType(NUMBER), {"usd": 1})), UPPER)


def test_of_keys_that_become_the_same_the_one_that_comes_back_is_shown() -> None:
    for keys in (("USD", "usd", "Usd"), ("Usd", "usd", "USD")):
        older = {"prices": {key: len(keys) - index for index, key in enumerate(keys)}}
        higher = sent(up(WAYS, copied(older)))
        assert higher["prices"] == {"USD": 2}
        assert same(down(WAYS, higher), older)
    assert up(WAYS, {"prices": {"Usd": 1, "USD": 2}})["prices"] == {"USD": 2}, "the first of the alphabet"


def test_a_key_that_would_not_come_back_does() -> None:
    higher = sent(up(WAYS, {"prices": {"Usd": 1}}))
    higher["prices"]["USD"] = 5
    assert down(WAYS, written(WAYS, higher, newest=True)) == {"prices": {"Usd": 5}}


def test_an_edit_of_the_value_that_is_shown_leaves_the_others() -> None:
    lower = sent(down(WAYS, {"prices": {"USD": 1, "Usd": 2, "EUR": 3}}))
    assert lower["prices"] == {"usd": 1, "eur": 3}
    lower["prices"] |= {"usd": 7, "gbp": 4}
    assert up(WAYS, written(WAYS, lower)) == {"prices": {"USD": 7, "Usd": 2, "EUR": 3, "GBP": 4}}


def test_a_key_that_was_deleted_takes_the_others_along_and_they_do_not_come_back() -> None:
    lower = sent(down(WAYS, {"prices": {"USD": 1, "Usd": 2}}))
    del lower["prices"]["usd"]
    lower = written(WAYS, lower)
    assert COMPLEMENT not in lower
    lower["prices"]["usd"] = 1
    assert up(WAYS, written(WAYS, lower)) == {"prices": {"USD": 1}}


def test_what_the_way_up_keeps_is_dropped_with_its_key_too() -> None:
    higher = sent(up(WAYS, {"prices": {"usd": 1, "USD": 2}}))
    del higher["prices"]["USD"]
    higher = written(WAYS, higher, newest=True)
    higher["prices"]["USD"] = 1
    assert down(WAYS, written(WAYS, higher, newest=True)) == {"prices": {"usd": 1}}


def test_what_the_map_holds_now_is_not_overwritten_by_what_was_kept() -> None:
    other = lineage(shape(prices=MapType(NUMBER)), rekey("prices", up=str.upper, down=lambda key: key[:1].lower()))
    higher = sent(up(other, {"prices": {"ab": 1, "AB": 2}}))
    assert higher["prices"] == {"AB": 2}
    higher["prices"]["a"] = 5
    assert down(other, written(other, higher, newest=True))["prices"] == {"AB": 2, "ab": 1, "a": 5}


def test_beside_steps_of_the_values_and_a_rename() -> None:
    ways = lineage(
        shape(prices=MapType(ObjectType(shape(amount=TEXT)))),
        rename("costs", "prices"),
        UPPER,
        within("prices", retype("amount", was=NUMBER, up=str, down=lambda text: int(text.split(".")[0]))),
    )
    tree = {"prices": {"USD": {"amount": "1.5"}, "Usd": {"amount": "2.5"}}}
    lower = sent(down(ways, copied(tree)))
    assert lower["costs"]["usd"]["amount"] == 1
    assert same(up(ways, written(ways, copied(lower))), tree)
    lower["costs"]["usd"]["amount"] = 3
    assert up(ways, written(ways, lower)) == {"prices": {"USD": {"amount": "3"}, "Usd": {"amount": "2.5"}}}


def test_two_such_steps_of_one_map_in_one_version_are_refused() -> None:
    with pytest.raises(DeclarationError, match=r"both change the value of `prices\[keys\]` in one version"):
        lineage(shape(prices=MapType(NUMBER)), UPPER, UPPER)


@pytest.mark.parametrize(("function", "text"), [(lambda key: key[9], "IndexError"), (lambda key: 5, "gives a `int`")])
def test_a_function_that_fails_is_named_without_the_key(function: Any, text: str) -> None:
    ways = lineage(shape(prices=MapType(NUMBER)), rekey("prices", up=function, down=str.lower))
    with pytest.raises(ConversionError, match=text) as caught:
        up(ways, {"prices": {"secret": 1}})
    assert caught.value.path == "prices[*]"
    assert "secret" not in str(caught.value)


def test_a_way_back_that_fails_loses_every_key_and_all_are_kept() -> None:
    ways = lineage(shape(prices=MapType(NUMBER)), rekey("prices", up=str.upper, down=lambda key: key[9]))
    assert down(ways, up(ways, {"prices": {"a": 1, "A": 2}})) == {"prices": {"a": 1, "A": 2}}


@pytest.mark.parametrize("kept", [{"usd": raw({})}, {"gbp": raw({"GBP": 1})}])
def test_an_entry_that_says_nothing_of_the_keys_does_no_harm(kept: Any) -> None:
    tree = {"prices": {"usd": 1}, COMPLEMENT: [Entry("2.0", "down", {}, kept, each="prices")]}
    assert up(WAYS, tree) == {"prices": {"USD": 1}}


def test_an_entry_that_keeps_no_map_is_damage() -> None:
    tree = {"prices": {"usd": 1}, COMPLEMENT: [Entry("2.0", "down", {}, {"usd": raw(5)}, each="prices")]}
    with pytest.raises(PayloadError) as caught:
        up(WAYS, tree)
    assert caught.value.path == "prices[*]"


KEYS = "abcAB"
FUNCTIONS = st.fixed_dictionaries({key: st.sampled_from(KEYS) for key in KEYS})
MAPS = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 3))


@given(FUNCTIONS, FUNCTIONS, MAPS, st.randoms(use_true_random=False))
def test_there_and_back_by_any_two_functions(upper: Any, lower: Any, prices: dict[str, int], random: Any) -> None:
    """L3, whatever order the maps have on the way, and nothing wears off."""
    step = rekey("prices", up=upper.__getitem__, down=lower.__getitem__)
    ways = lineage(shape(prices=MapType(NUMBER)), step)
    for there, back in ((up, down), (down, up)):
        tree: Tree = {"prices": prices}
        other = sent(there(ways, copied(tree)))
        other["prices"] = dict(random.sample(list(other["prices"].items()), len(other["prices"])))
        came = back(ways, copied(other))
        assert same(came, tree)
        again = there(ways, sent(came))
        assert again["prices"] == other["prices"]
        assert COMPLEMENT not in other or COMPLEMENT in again
