from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest

from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError, StoreError


class Failing:
    """A store whose calls of a name raise, before or after they are carried out."""

    def __init__(self, name: str, when: When, times: int, *, transient: bool = True) -> None:
        self.memory = MemoryStore()
        self.left: Iterator[int] = iter(range(times))
        self.calls = 0
        self.state = State(ToldStore(self.memory, self.told))
        self.name, self.when, self.transient = name, when, transient

    def told(self, when: When, name: str, key: str) -> None:
        self.calls += (when, name) == ("before", self.name)
        if (when, name) == (self.when, self.name) and next(self.left, None) is not None:
            raise StoreError("The connection was lost.", key=key, transient=self.transient)


def test_documents_are_inserted_changed_and_deleted_by_compare_and_set() -> None:
    state = State(MemoryStore())
    assert state.get("a/1") is None
    token = state.insert("a/1", {"n": 1, "text": "é"})
    assert token is not None
    assert state.insert("a/1", {"n": 2}) is None
    assert state.get("a/1") == ({"n": 1, "text": "é"}, token)
    newer = state.update("a/1", token, {"n": 3})
    assert newer is not None
    assert state.update("a/1", token, {"n": 4}) is None
    assert state.get("a/1") == ({"n": 3}, newer)
    state.insert("b/1", {})
    assert list(state.keys("a/")) == ["a/1"]
    state.delete("a/1")
    state.delete("a/1")
    assert state.get("a/1") is None


def test_the_same_content_again_is_another_document() -> None:
    """A token may be a digest of the bytes: who writes the same again must not leave the fence where it was."""
    memory = MemoryStore()
    state = State(memory)
    state.insert("a", {"n": 1})
    before = memory.records["a"].payload
    held = state.get("a")
    assert held is not None
    state.update("a", held.token, held.content)
    assert memory.records["a"].payload != before


@pytest.mark.parametrize("name", ["insert", "update", "delete", "get"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("times", [1, 3])
def test_what_passes_by_itself_is_tried_again_and_no_answer_is_taken_for_another(
    name: str, when: When, times: int
) -> None:
    failing = Failing(name, when, times)
    state = failing.state
    token = state.insert("a", {"n": 1})
    assert token == failing.memory.records["a"].token
    token = state.update("a", token or "", {"n": 2})
    assert token == failing.memory.records["a"].token
    assert state.change("a", lambda content: {"n": content["n"] + 1}, first={}) == {"n": 3}
    held = state.get("a")
    assert held is not None
    assert held.content == {"n": 3}
    state.delete("a")
    assert not failing.memory.records


def called(state: State, name: str) -> None:
    match name:
        case "insert":
            state.insert("a", {})
        case "update":
            state.update("a", "1", {})
        case _:
            state.get("a")


@pytest.mark.parametrize("name", ["insert", "update", "get"])
def test_retries_are_bounded(name: str) -> None:
    failing = Failing(name, "before", 10**6)
    with pytest.raises(StoreError):
        called(failing.state, name)
    assert failing.calls == 8
    lasting = Failing(name, "before", 10**6, transient=False)
    with pytest.raises(StoreError):
        called(lasting.state, name)
    assert lasting.calls == 1, "what does not pass is not tried again"


def test_an_answer_that_was_lost_and_overtaken_is_a_refusal() -> None:
    """Ours was written, and somebody else's after it: it is theirs now."""
    memory = MemoryStore()
    state = State(memory)
    state.insert("a", {"n": 1})
    lost: list[str] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("after", "update") and not lost:
            lost.append(key)
            held = state.get("a")
            assert held is not None
            state.update("a", held.token, held.content)
            raise StoreError("The connection was lost.", key=key, transient=True)

    held = state.get("a")
    assert held is not None
    assert State(ToldStore(memory, told)).update("a", held.token, {"n": 2}) is None


def test_changes_of_many_at_once_are_all_made() -> None:
    state = State(MemoryStore())

    def add() -> None:
        for _ in range(25):
            state.change("a", lambda content: {"n": content["n"] + 1}, first={"n": 0})

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = state.get("a")
    assert held is not None
    assert held.content == {"n": 100}


def test_a_document_that_never_holds_still_is_given_up() -> None:
    memory = MemoryStore()
    state = State(memory)
    state.insert("a", {"n": 0})

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update"):
            memory.set("a", memory.records["a"].payload)

    with pytest.raises(BackfillError, match="all the time"):
        State(ToldStore(memory, told)).change("a", lambda content: content, first={})


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"{}", b"1", b'{"n": 1}'])
def test_what_is_no_document_is_said_to_be_none(payload: bytes) -> None:
    memory = MemoryStore()
    memory.set("a", payload)
    with pytest.raises(BackfillError, match="`a` is not a document"):
        State(memory).get("a")
