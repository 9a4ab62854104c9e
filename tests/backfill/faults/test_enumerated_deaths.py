"""A backfill dies before or after each of its calls in turn; another process goes on, with live edits in between."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import settings

from tests.backfill.conftest import PLACES, Opened
from tests.backfill.faults.deaths import Death, Mortal, Truth, run
from tests.backfill.memory import MemoryStore, When
from versioned_serde.backfill import lease

KEYS = 6
ALL = ("memory", *PLACES)


@pytest.fixture(autouse=True)
def _processes_that_died_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All deaths are in this process, so that whoever goes on sees owners that are no process any more."""
    monkeypatch.setattr(lease, "is_gone", lambda owner: True)


def stride(place: str) -> int:
    """Of how many calls one is tried."""
    thorough = settings.get_current_profile_name() in {"longer", "thorough"}
    return 1 if thorough else {"memory": 1, "sqlite": 3}.get(place, 13)


def closed(*stores: Any) -> None:
    for store in stores:
        if (close := getattr(store, "close", None)) is not None:
            close()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("opened", "place"), [(each, each) for each in ALL], indirect=["opened"], ids=ALL)
def test_a_death_at_each_call(opened: Opened, place: str, when: When) -> None:
    """At all of them, until a run ends without having come to the n-th."""
    for at in count(1, stride(place)):
        store, state = opened(), opened()
        truth = Truth(store, KEYS)
        mortal = Mortal(at, when)
        try:
            progress = run(store, state, mortal)
        except Death:
            truth.act(at)
            progress = run(store, state)
        truth.audit(progress, state)
        closed(store, state)
        if mortal.calls < at:
            assert at > 35, "the runs of this test are too short to show anything"
            return
        assert at < 1_000


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stride", [2, 3, 5, 7, 11, 13, 17, 23])
def test_deaths_one_after_the_other(when: When, stride: int) -> None:
    """Each process gets a few calls further than it has to begin with, until one comes to the end."""
    store, state = MemoryStore(), MemoryStore()
    truth = Truth(store, KEYS)
    for turn in count():
        try:
            progress = run(store, state, Mortal(stride * (turn + 1), when), batch=2)
        except Death:
            truth.act(turn)
        else:
            truth.audit(progress, state)
            return


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_second_death_while_the_first_is_made_up_for(when: When) -> None:
    for first in range(12, 36, 4):
        for second in count(8, 3):
            store, state = MemoryStore(), MemoryStore()
            truth = Truth(store, KEYS)
            with pytest.raises(Death):
                run(store, state, Mortal(first, when))
            truth.act(first)
            try:
                progress = run(store, state, Mortal(second, when))
            except Death:
                truth.act(second)
                progress = run(store, state)
            else:
                truth.audit(progress, state)
                break
            truth.audit(progress, state)
