from __future__ import annotations

from tests.backfill.memory import MemoryStore
from versioned_serde.backfill.control import GO, PAUSE, STOP, Asked, ask, asked_of
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
