from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.cases import EITHER, named
from tests.laws.fleets import Fleet
from tests.laws.oracle import may_read
from tests.laws.reference import same_plain
from versioned_serde.errors import PayloadError, TagError, UnreadableVersionError
from versioned_serde.protocols import Stored
from versioned_serde.rewriting import Rewriting, Target
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.histories import History, Nested, key_paths
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources

assert settings.default is not None
FEWER = settings(max_examples=max(10, settings.default.max_examples // 4))
"""Of each kind: each case makes up a history, and classes and schemas for it."""


def stored(packed: Packed | bytes) -> Stored:
    payload, headers = (packed, {}) if isinstance(packed, bytes) else packed
    return Stored(payload, headers, "token")


# Made-up histories, in all framings, with records that hosts of several releases edited -------------------------------


def backfiller(fleet: Fleet) -> Release:
    """The release that carries out the backfill: it lists all versions."""
    return Release(fleet.history, fleet.history.newest, fleet.history.newest, fleet.kind)


def seen_by(release: Release, fleet: Fleet, packed: Packed) -> Any:
    """What a release sees of a record, presence included, and what it does not understand."""
    document = release.schema.read(*packed)
    return fleet.plain(release, document.value), sorted(document.unknown)


@pytest.mark.parametrize("kind", EITHER)
@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 4))
def test_rewriting_is_an_edit_that_changes_nothing(kind: str, data: st.DataObject, random: Random, edits: int) -> None:
    """Up: the record is afterwards what the reference model says of an edit without a change; and edits go on."""
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    release = backfiller(fleet)
    to = random.randrange(1, history.newest + 1)
    rewriting = Rewriting(release.schema, Target(to))
    before = fleet.packed
    new = rewriting(stored(before))
    if new is None:
        assert fleet.record.version >= to, fleet
        return
    value, unknown = seen_by(release, fleet, before)
    again, still_unknown = seen_by(release, fleet, new)
    assert same_plain(again, value), fleet
    assert set(still_unknown) <= set(unknown), fleet
    assert release.schema.identify(*new).version == max(fleet.record.version, to)
    assert rewriting(stored(new)) is None, f"a second time it is rewritten again: {fleet}"
    plain = fleet.plain(release, release.schema.read(*before).value)
    keys = key_paths(history, release.newest)
    fleet.record = fleet.record.edited(release.newest, to, plain, plain, keys)
    fleet.packed = new
    fleet.told.append(("backfill", to))
    fleet.check(release)
    for _ in range(2):
        fleet.edit()


@pytest.mark.parametrize("kind", EITHER)
@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 3))
def test_what_is_lowered_is_whole(kind: str, data: st.DataObject, random: Random, edits: int) -> None:
    """Down, and up again: the newest release sees what it saw, and so does a release that reads before and after."""
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    release = backfiller(fleet)
    to = random.randrange(1, history.newest + 1)
    lowered = Rewriting(release.schema, Target(to, lower=True))(stored(fleet.packed))
    if lowered is None:
        assert fleet.record.version == to
        return
    assert release.schema.identify(*lowered).version == to
    before, _ = seen_by(release, fleet, fleet.packed)
    assert same_plain(seen_by(release, fleet, lowered)[0], before), fleet
    raised = Rewriting(release.schema, Target(history.newest))(stored(lowered)) or lowered
    assert same_plain(seen_by(release, fleet, raised)[0], before), fleet
    old = fleet.host(random.randrange(to, history.newest + 1))
    if old.schema.versions[0] <= to and may_read(history, old.newest, fleet.record.version):
        told = old.schema.unpack(*fleet.packed), old.schema.unpack(*lowered)
        assert same_plain(*(old.plain(_root(fleet), each, presence=False) for each in told)), fleet


@pytest.mark.parametrize("kind", EITHER)
@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 3))
def test_what_is_newer_than_the_backfill_stays_as_it_is(
    kind: str, data: st.DataObject, random: Random, edits: int
) -> None:
    """A backfill of an older release: what it reads of newer records it leaves; the rest it refuses."""
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    newest = random.randrange(1, history.newest + 1)
    release = Release(history, newest, newest, kind)
    rewriting = Rewriting(release.schema, Target(random.randrange(1, newest + 1), lower=random.random() < 0.5))
    if not may_read(history, newest, fleet.record.version):
        with pytest.raises((TagError, UnreadableVersionError, PayloadError)):
            rewriting(stored(fleet.packed))
    elif fleet.record.version > newest:
        assert rewriting(stored(fleet.packed)) is None
        purging = Rewriting(release.schema, Target(newest, purge=True))(stored(fleet.packed))
        if purging is not None:  # another spelling of the same
            reader = backfiller(fleet)
            assert same_plain(seen_by(reader, fleet, purging)[0], seen_by(reader, fleet, fleet.packed)[0])


def _root(fleet: Fleet) -> Any:
    return Nested(fleet.history.root)
