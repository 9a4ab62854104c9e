"""L1: `loads(dumps(x)) == x`, presence included, for each version, codec, coding, framing and kind of model."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.oracle import may_write
from tests.laws.reference import same_plain
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested
from versioned_serde.testing.laws import round_trip
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources

VALUES = 3


@pytest.mark.parametrize("kind", EITHER)
@cases(VALUES)
@given(data=st.data(), random=sources())
def test_what_is_written_is_read(kind: str, data: st.DataObject, random: Random) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    newest = random.randrange(1, history.newest + 1)
    release = Release(history, newest, newest, kind)
    root = Nested(history.root)
    for _ in range(VALUES):
        value = release.memory(root, values(random, history.root, newest, history.keyed))
        read = round_trip(release.schema, value)
        for presence in (False, True):
            wanted = release.plain(root, value, presence=presence)
            assert same_plain(release.plain(root, read, presence=presence), wanted)
        tried("L1")


@pytest.mark.parametrize("kind", EITHER)
@given(data=st.data(), random=sources())
def test_an_older_version_is_written_and_read(kind: str, data: st.DataObject, random: Random) -> None:
    """The write version is below the newest one, and a bare one may hold less."""
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    writes = random.choice(may_write(history, history.newest))
    if history.forms[writes - 1].framing == "bare":
        return
    release = Release(history, history.newest, writes, kind)
    root = Nested(history.root)
    value = release.memory(root, values(random, history.root, history.newest, history.keyed))
    packed = release.schema.pack(value)
    assert release.schema.identify(*packed).version == writes
    read = release.schema.unpack(*packed)
    assert same_plain(release.plain(root, read, presence=False), release.plain(root, value, presence=False))


def _round_trip(trial: Trial) -> int:
    release = trial.release(1 if trial.cell.framing == "bare" else trial.history.newest)
    for _ in range(VALUES):
        value = trial.value(release)
        read = round_trip(release.schema, value)
        for presence in (False, True):
            wanted = release.plain(trial.root, value, presence=presence)
            assert same_plain(release.plain(trial.root, read, presence=presence), wanted)
    return VALUES


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L1", kind, codec, _round_trip, versions=(1, 2))
