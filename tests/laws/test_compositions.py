"""L3 for random compositions of steps, in one version and over several, at the top and within objects."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.evolution.describing import sent
from tests.laws.cases import cases, tried
from tests.laws.composing import Composer
from versioned_serde.evolution.complement import drop_stale
from versioned_serde.testing.strategies import sources
from versioned_serde.tree import copied, same

VALUES = 3


@cases(VALUES)
@given(random=sources(), versions=st.integers(1, 3))
def test_there_and_back(random: Random, versions: int) -> None:
    composer = Composer(random)
    ways = composer.lineage(versions)
    oldest, newest = ways.shapes[0], ways.shapes[-1]
    for _ in range(VALUES):
        told = (composer.verbs, ways.shapes)
        tree = composer.tree(newest)
        for version in range(1, ways.newest):
            lower = copied(tree)
            ways.down(lower, version)
            lower = sent(lower)
            if version == ways.newest - 1:
                # Whoever writes it back as it is drops nothing. One version that leaves entries is in flight at a time.
                before = copied(lower)
                drop_stale(lower, ways.shapes[version - 1], ways.binding, lambda it: None)
                assert same(lower, before), told
            again = copied(lower)
            ways.up(again, version)
            assert same(again, tree), (version, lower, told)
            ways.down(again, version)
            assert same(sent(again), lower), (version, "nothing wears off", told)
        tree = composer.tree(oldest)
        higher = copied(tree)
        ways.up(higher, 1)
        higher = sent(higher)
        drop_stale(higher, newest, ways.binding, lambda it: ways.down(it, 1))
        ways.down(higher, 1)
        assert same(higher, tree), told
        tried("L3")
