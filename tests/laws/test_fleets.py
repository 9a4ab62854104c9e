"""Records that hosts of several releases read and edit: nothing is lost, nothing comes back, nobody reads too much."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.fleets import Fleet
from versioned_serde.testing.histories import History
from versioned_serde.testing.strategies import histories, sources

MOST_EDITS = 8


@pytest.mark.parametrize("kind", EITHER)
@cases(1)
@given(data=st.data(), random=sources(), edits=st.integers(1, MOST_EDITS))
def test_edits_by_hosts_of_mixed_releases_lose_nothing(
    kind: str, data: st.DataObject, random: Random, edits: int
) -> None:
    """L2, L3, L4, L6, the complement, lists, objects, `mixed`, and the version that an edit writes, all at once."""
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
        tried("edits by mixed fleets")
