"""min_reader is what the design says, by an oracle that computes it from the history's description, and stays so."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.cases import EITHER, cases, named
from tests.laws.oracle import may_write, min_readers
from versioned_serde.errors import DeclarationError
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested, shape_at
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources


@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources(), additive=st.none() | st.just(True))
def test_every_release_computes_the_same(kind: str, data: st.DataObject, random: Random, additive: bool | None) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, additive=additive))
    expected = min_readers(history)
    for newest in {history.newest, random.randrange(1, history.newest + 1)}:
        release = Release(history, newest, newest, kind)
        assert [line.min_reader for line in release.schema.lines] == expected[:newest], history
        for line in release.schema.lines:
            derived, told = line.shape, shape_at(history.root, line.number)
            assert sorted(derived.names) == sorted(told.names), (history, line.number)
            assert {each.name: each.optional for each in derived.attributes} == {
                each.name: each.optional for each in told.attributes
            }, (history, line.number)


@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources(), additive=st.none() | st.just(True))
def test_retiring_versions_changes_no_bytes(
    kind: str, data: st.DataObject, random: Random, additive: bool | None
) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=5, additive=additive))
    lowest = min_readers(history)
    first = random.randrange(2, 6)
    full = Release(history, 5, 5, kind)
    rebased = Release(history, 5, 5, kind, oldest=(first, lowest[first - 1]))
    assert [line.min_reader for line in rebased.schema.lines] == lowest[first - 1 :], history
    root = Nested(history.root)
    plain = values(random, history.root, 5, history.keyed)
    packed = full.schema.pack(full.memory(root, plain))
    assert rebased.schema.pack(rebased.memory(root, plain)) == packed
    assert rebased.schema.write_packed(rebased.schema.read(*packed)) == packed


@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources())
def test_at_most_one_raising_version_is_in_flight(kind: str, data: st.DataObject, random: Random) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    for writes in range(1, history.newest + 1):
        if writes in may_write(history, history.newest):
            Release(history, history.newest, writes, kind)
        else:
            with pytest.raises(DeclarationError, match="Activate version"):
                Release(history, history.newest, writes, kind)
