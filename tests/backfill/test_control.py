from __future__ import annotations

from tests.backfill.memory import MemoryStore
from versioned_serde.backfill.control import GO, PAUSE, STOP, Asked, ask, asked_of, share
from versioned_serde.backfill.state import State


def test_what_is_asked_is_asked_of_one_run_and_the_rest_stays() -> None:
    state = State(MemoryStore())
    assert asked_of(state, "a/1") == Asked(GO, None)
    assert ask(state, "a/1", PAUSE) == Asked(PAUSE, None)
    assert ask(state, "a/1", rate=50.0) == Asked(PAUSE, 50.0)
    assert asked_of(state, "a/1") == Asked(PAUSE, 50.0)
    assert ask(state, "a/1", GO) == Asked(GO, 50.0)
    assert ask(state, "a/1", STOP, 0.5) == Asked(STOP, 0.5)
    assert asked_of(state, "a/2") == Asked()


def test_how_many_share_the_rate_stands_beside_what_is_asked() -> None:
    state = State(MemoryStore())
    share(state, "a/1", 3)
    assert asked_of(state, "a/1") == Asked(GO, None, 3)
    assert ask(state, "a/1", PAUSE, 5.0) == Asked(PAUSE, 5.0, 3)
    before = state.get("control/a/1")
    share(state, "a/1", 3)
    assert state.get("control/a/1") == before, "nothing is written that is there already"
    share(state, "a/1", 4)
    assert asked_of(state, "a/1") == Asked(PAUSE, 5.0, 4)
