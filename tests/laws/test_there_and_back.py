"""L3: `up(down(x)) == x` and `down(up(x)) == x` for every step and chain, through real bytes.

Presence is excepted where a step writes an implied default out, and what is purged is gone.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.cases import cases, tried
from tests.laws.reference import same_plain
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested
from versioned_serde.testing.laws import as_version, lowered
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import histories, sources

VALUES = 2


@pytest.mark.parametrize("kind", KINDS)
@cases(VALUES)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_down_and_up_again(kind: str, data: st.DataObject, random: Random, newest: int) -> None:
    history: History = data.draw(histories(kind, newest=newest))
    release = Release(history, newest, newest, kind)
    root = Nested(history.root)
    presence = not _shows_defaults(history, 1)
    for _ in range(VALUES):
        value = release.memory(root, values(random, history.root, newest, history.keyed))
        for version in range(newest, 0, -1):
            if history.forms[version - 1].framing != "bare":
                packed = as_version(release.schema, version, value)
                read = release.schema.unpack(*packed)
                wanted = release.plain(root, value, presence=presence)
                assert same_plain(release.plain(root, read, presence=presence), wanted), (history, version, packed)
                # Once more from there: nothing wears off.
                assert lowered(release.schema, version, packed) == packed, (history, version)
                tried("L3")


@pytest.mark.parametrize("kind", KINDS)
@cases(1)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_up_and_down_again(kind: str, data: st.DataObject, random: Random, newest: int) -> None:
    history: History = data.draw(histories(kind, newest=newest))
    low = random.randrange(1, newest)
    if history.forms[low - 1].framing == "bare" or any(
        change.purge and change.version > low for _, _, change in history.changes
    ):
        return
    older = Release(history, low, low, kind)
    newer = Release(history, newest, newest, kind)
    root = Nested(history.root)
    presence = not _shows_defaults(history, low)
    for _ in range(VALUES):
        value = older.memory(root, values(random, history.root, low, history.keyed))
        packed = older.schema.pack(value)
        steps = sorted({newest, random.randrange(low, newest + 1)}, reverse=True)
        for version in (*steps, low):
            # The way may rest at versions between, each time as bytes.
            packed = lowered(newer.schema, version, packed)
        read = older.schema.unpack(*packed)
        wanted = older.plain(root, value, presence=presence)
        assert same_plain(older.plain(root, read, presence=presence), wanted), (history, low, packed)
        tried("L3")


def _shows_defaults(history: History, above: int) -> bool:
    return any(change.shows_default and change.version > above for _, _, change in history.changes)
