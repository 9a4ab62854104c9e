"""L6: absent in version N means N's default, for whoever reads it; computed defaults are always written."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import trials
from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.oracle import may_write
from tests.laws.reference import Record, same_plain
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.shape import FACTORY, REQUIRED
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import Field, History, Nested
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources


@pytest.mark.parametrize("kind", EITHER)
@cases(1)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_what_is_absent_means_the_default_of_its_version(
    kind: str, data: st.DataObject, random: Random, newest: int
) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest))
    host = random.randrange(1, newest + 1)
    writer = Release(history, host, random.choice(may_write(history, host)), kind)
    reader = Release(history, newest, newest, kind)
    absent_means_the_default(random, writer, reader)
    tried("L6")


def absent_means_the_default(random: Random, writer: Release, reader: Release) -> None:
    history, root, host = writer.history, Nested(writer.history.root), writer.newest
    plain = values(random, history.root, host, history.keyed)
    bare = {each.name: plain[each.name] for each in _top(history, host) if each.default is REQUIRED}
    value = writer.memory(root, bare)
    packed = writer.schema.pack(value)
    record = Record(history, host, writer.schema.writes, writer.plain(root, value, presence=writer.classes.presence))
    for release in (writer, reader):
        found = release.plain(root, release.schema.unpack(*packed), presence=False)
        assert same_plain(found, record.view(release.newest, presence=False)), (history, packed)
        tree = release.schema._compiled.reader.read(*packed)[1]
        for each in _top(history, release.newest):
            assert each.default is not FACTORY or each.name in tree, "a computed default was not written"


def _top(history: History, version: int) -> tuple[Field, ...]:
    return history.root.fields(history.root.stage(version))


def _defaults(trial: Trial) -> int:
    history = trial.history
    host = 1 if trial.cell.framing == "bare" else trial.random.randrange(1, history.newest + 1)
    writer, reader = trial.release(host), trial.release(history.newest)
    for _ in range(trials.VALUES):
        absent_means_the_default(trial.random, writer, reader)
    return trials.VALUES


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L6", kind, codec, _defaults, versions=(2, 3))
