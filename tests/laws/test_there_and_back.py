"""L3: `up(down(x)) == x` and `down(up(x)) == x` for every step and chain, through real bytes.

Presence is excepted where a step writes an implied default out, and what is purged is gone.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import trials
from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.reference import same_plain
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested
from versioned_serde.testing.laws import as_version, lowered
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources

VALUES = 2


@pytest.mark.parametrize("kind", EITHER)
@cases(VALUES)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_down_and_up_again(kind: str, data: st.DataObject, random: Random, newest: int) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest))
    release = Release(history, newest, newest, kind)
    root = Nested(history.root)
    for _ in range(VALUES):
        value = release.memory(root, values(random, history.root, newest, history.keyed))
        for version in range(newest, 0, -1):
            if history.forms[version - 1].framing != "bare":
                down_and_up(release, value, version)
                tried("L3")


def down_and_up(release: Release, value: Any, version: int) -> None:
    """A value of the newest version comes back from an older one, and from there again: nothing wears off."""
    history, root = release.history, Nested(release.history.root)
    presence = not _shows_defaults(history, 1)
    packed = as_version(release.schema, version, value)
    read = release.schema.unpack(*packed)
    wanted = release.plain(root, value, presence=presence)
    assert same_plain(release.plain(root, read, presence=presence), wanted), (history, version, packed)
    assert lowered(release.schema, version, packed) == packed, (history, version)


@pytest.mark.parametrize("kind", EITHER)
@cases(1)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_up_and_down_again(kind: str, data: st.DataObject, random: Random, newest: int) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest))
    low = random.randrange(1, newest)
    if history.forms[low - 1].framing == "bare" or any(
        change.purge and change.version > low for _, _, change in history.changes
    ):
        return
    older = Release(history, low, low, kind)
    newer = Release(history, newest, newest, kind)
    root = Nested(history.root)
    for _ in range(VALUES):
        value = older.memory(root, values(random, history.root, low, history.keyed))
        up_and_down(random, older, newer, value)
        tried("L3")


def up_and_down(random: Random, older: Release, newer: Release, value: Any) -> None:
    """A value of an older version comes back from a newer one; the way may rest at versions between, as bytes."""
    history, root, low = newer.history, Nested(newer.history.root), older.newest
    presence = not _shows_defaults(history, low)
    packed = older.schema.pack(value)
    for version in (*sorted({newer.newest, random.randrange(low, newer.newest + 1)}, reverse=True), low):
        packed = lowered(newer.schema, version, packed)
    read = older.schema.unpack(*packed)
    wanted = older.plain(root, value, presence=presence)
    assert same_plain(older.plain(root, read, presence=presence), wanted), (history, low, packed)


def _shows_defaults(history: History, above: int) -> bool:
    return any(change.shows_default and change.version > above for _, _, change in history.changes)


def _there_and_back(trial: Trial) -> int:
    history, random = trial.history, trial.random
    newer = trial.release(history.newest)
    low = random.randrange(1, history.newest)
    purged = any(change.purge and change.version > low for _, _, change in history.changes)
    if purged or random.random() < 0.5:
        for _ in range(trials.VALUES):
            down_and_up(newer, trial.value(newer), low)
        return trials.VALUES
    older = trial.release(low)
    for _ in range(trials.VALUES):
        up_and_down(random, older, newer, trial.value(older))
    return trials.VALUES


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L3", kind, codec, _there_and_back, versions=(2, 3))
