"""What every store must do: `StoreConformance`."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.errors import StoreError
from versioned_serde.protocols import ObjectStore, Stored

Opener = Callable[[], ObjectStore]
"""Opens the store under test. A child process gets it pickled, so that it opens the same store."""

ODD_KEYS = (
    *("", ".", "..", "/", "a/b", "/a", "a/", "../up", "\\", "C:x", "CON", "nul.txt", ".lock", ".writing"),
    *("a", "A", "aB", "Ab", "%", "%%", "%41", "%2F", "%2f", "a%", "\0", "a\0b", "\n", " ", "*?<>|:\"'", "-", "~", "_"),
    *("é", "e\u0301", "ﬁ", "\ud7ff", "\U0010ffff", "\uffff", "漢字", "0", "00", "\u0660"),
)
"""Keys that a careless store confuses, loses or takes for something else."""

keys: st.SearchStrategy[str] = st.sampled_from(ODD_KEYS) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)
histories: st.SearchStrategy[list[tuple[str, str, bytes]]] = st.lists(
    st.tuples(st.sampled_from(["insert", "update", "stale", "delete", "delete stale"]), keys, st.binary(max_size=20)),
    max_size=25,
)


def check_history(store: ObjectStore, history: list[tuple[str, str, bytes]]) -> None:
    """Runs operations on a store and on a dictionary; both must always say the same."""
    model: dict[str, tuple[bytes, str]] = {}
    for operation, key, payload in history:
        before, token = model.get(key, (None, "0"))
        stale = "1" * 64
        match operation:
            case "insert":
                new = store.insert(key, payload, {})
                assert (new is not None) == (before is None)
            case "update":
                new = store.update(key, token, payload, {})
                assert (new is not None) == (before is not None)
            case "stale":
                new = store.update(key, stale, payload, {})
                assert new is None
            case _:
                done = store.delete(key, token if operation == "delete" else stale)
                assert done == (before is not None and operation == "delete")
                new = None
                if done:
                    del model[key]
        if new is not None:
            model[key] = (payload, new)
        stored = store.get(key)
        assert stored == (Stored(model[key][0], {}, model[key][1]) if key in model else None)
    assert list(store.keys()) == sorted(model)


PATIENCE = 60.0
"""Seconds after which a store that does not get on has failed, instead of being asked forever."""


def add_one(store: ObjectStore, key: str, times: int) -> None:
    """Adds one by compare-and-set, again and again until it was done `times` times."""
    end = time.monotonic() + PATIENCE
    for _ in range(times):
        while True:
            assert time.monotonic() < end, "the updates do not get on"
            stored = store.get(key)
            assert stored is not None
            if store.update(key, stored.token, b"%d" % (int(stored.payload) + 1), {}) is not None:
                break


def _add_one(opener: Opener, start: Barrier, key: str, times: int) -> None:
    store = opener()
    start.wait(30)
    add_one(store, key, times)


def _insert_all(opener: Opener, start: Barrier, mine: bytes, numbers: int, won: Any) -> None:
    store = opener()
    start.wait(30)
    won.put([key for key in map(str, range(numbers)) if store.insert(key, mine, {}) is not None])


def _rewrite_forever(opener: Opener, key: str, contents: list[bytes]) -> None:
    store = opener()
    while True:
        for content in contents:
            stored = store.get(key)
            assert stored is not None
            store.update(key, stored.token, content, {})


@contextmanager
def _ended(processes: Sequence[BaseProcess]) -> Iterator[None]:
    """What runs here leaves none of the processes behind, however it ends."""
    try:
        yield
    finally:
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def run(context: BaseContext, target: Callable[..., None], arguments: list[tuple[Any, ...]]) -> None:
    """Runs the target in one process for each tuple of arguments; each must end well."""
    processes = [context.Process(target=target, args=each) for each in arguments]  # type: ignore[attr-defined]
    with _ended(processes):
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


class StoreConformance:
    """The promises of `protocols.ObjectStore`, each a test. A subclass says how the store is opened.

        class TestMyStore(StoreConformance):
            @pytest.fixture
            def opener(self, tmp_path: Path) -> Opener:
                return functools.partial(MyStore, tmp_path)

    Some tests start processes, which open the same store again.

    Attributes:
        keeps_headers: whether there is a place for headers; where not, they must be refused.
        scale: how many records are made, and how often processes write, where that is often: a share of the usual. Less
            will do for a store that lists fewer at once, and whose every call takes milliseconds.
    """

    keeps_headers = True
    scale: float = 1.0

    @pytest.fixture
    def opener(self) -> Opener:
        """A function that opens the store, empty when a test begins; it goes pickled to other processes."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, opener: Opener) -> Iterator[ObjectStore]:
        store = opener()
        yield store
        if close := getattr(store, "close", None):
            close()

    def test_nothing_is_there_at_first(self, store: ObjectStore) -> None:
        assert store.get("a") is None
        assert list(store.keys()) == []
        assert store.update("a", "1", b"x", {}) is None
        assert store.delete("a", "1") is False

    def test_insert_gives_a_token_once(self, store: ObjectStore) -> None:
        token = store.insert("a", b"one", {})
        assert token is not None
        assert store.insert("a", b"two", {}) is None
        assert store.get("a") == Stored(b"one", {}, token)

    def test_update_needs_the_present_token(self, store: ObjectStore) -> None:
        first = store.insert("a", b"one", {})
        assert first is not None
        second = store.update("a", first, b"two", {})
        assert second is not None
        assert second != first
        assert store.update("a", first, b"three", {}) is None
        assert store.get("a") == Stored(b"two", {}, second)

    def test_a_token_of_another_kind_is_a_token_that_differs(self, store: ObjectStore) -> None:
        store.insert("a", b"one", {})
        for token in ("", "x", "1.0", "é", "9" * 100):
            assert store.update("a", token, b"two", {}) is None
            assert store.delete("a", token) is False

    def test_delete_needs_the_present_token(self, store: ObjectStore) -> None:
        first = store.insert("a", b"one", {})
        assert first is not None
        second = store.update("a", first, b"two", {})
        assert second is not None
        assert store.delete("a", first) is False
        assert store.delete("a", second) is True
        assert store.delete("a", second) is False
        assert store.get("a") is None
        assert store.insert("a", b"three", {}) is not None

    @pytest.mark.parametrize("payload", [b"", b"\0", bytes(range(256)), b"\r\n", b"x" * 3_000_000])
    def test_bytes_come_back_as_they_were(self, store: ObjectStore, payload: bytes) -> None:
        token = store.insert("a", payload, {})
        assert token is not None
        assert store.get("a") == Stored(payload, {}, token)

    def test_every_key_is_its_own_record(self, store: ObjectStore) -> None:
        for key in ODD_KEYS:
            assert store.insert(key, key.encode(), {}) is not None
        assert list(store.keys()) == sorted(ODD_KEYS)
        for key in ODD_KEYS:
            stored = store.get(key)
            assert stored is not None
            assert stored.payload == key.encode()
            assert store.delete(key, stored.token)
        assert list(store.keys()) == []

    def test_a_key_that_is_no_text_is_refused(self, store: ObjectStore) -> None:
        for operation in (
            lambda: store.get("\ud800"),
            lambda: store.insert("\ud800", b"", {}),
            lambda: store.update("\ud800", "1", b"", {}),
            lambda: store.delete("\ud800", "1"),
        ):
            with pytest.raises(StoreError) as caught:
                operation()
            assert caught.value.key == "\ud800"
            assert caught.value.hint

    def test_headers_come_back_or_are_refused(self, store: ObjectStore) -> None:
        one: Mapping[str, str] = {"serde-tag": "shop.order; version=1", "ü": '"\n'}
        if not self.keeps_headers:
            with pytest.raises(StoreError):
                store.insert("a", b"x", one)
            assert store.get("a") is None
            token = store.insert("a", b"x", {})
            assert token is not None
            with pytest.raises(StoreError):
                store.update("a", token, b"y", one)
            assert store.get("a") == Stored(b"x", {}, token)
            return
        first = store.insert("a", b"x", one)
        assert first is not None
        assert store.get("a") == Stored(b"x", one, first)
        second = store.update("a", first, b"x", {"other": "1"})
        assert second is not None
        assert store.get("a") == Stored(b"x", {"other": "1"}, second)

    def test_it_behaves_as_a_dictionary(self, store: ObjectStore) -> None:
        @given(histories)
        def check(history: list[tuple[str, str, bytes]]) -> None:
            for key in list(store.keys()):
                stored = store.get(key)
                assert stored is not None
                assert store.delete(key, stored.token)
            check_history(store, history)

        check()

    def test_keys_are_in_order_also_while_others_write(self, store: ObjectStore) -> None:
        names = [f"{number:04}" for number in range(int(2_500 * self.scale))]
        gone = names[len(names) * 4 // 5]
        for name in names:
            store.insert(name, b"", {})
        found = []
        for key in store.keys():  # noqa: SIM118 - a store is no mapping
            found.append(key)
            if key == "0001":
                assert store.insert("0000a", b"", {}) is not None
                last = store.get(gone)
                assert last is not None
                assert store.delete(gone, last.token)
        # What came and went meanwhile may be there or not.
        assert [key for key in found if key not in ("0000a", gone)] == [name for name in names if name != gone]

    def test_threads_lose_no_update(self, store: ObjectStore) -> None:
        store.insert("a", b"0", {})
        threads = [threading.Thread(target=add_one, args=(store, "a", 25)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stored = store.get("a")
        assert stored is not None
        assert stored.payload == b"150"

    def test_processes_lose_no_update(self, store: ObjectStore, opener: Opener) -> None:
        store.insert("a", b"0", {})
        context = multiprocessing.get_context("spawn")
        start = context.Barrier(4)
        times = int(50 * self.scale)
        run(context, _add_one, [(opener, start, "a", times)] * 4)
        stored = store.get("a")
        assert stored is not None
        assert stored.payload == b"%d" % (4 * times)

    def test_one_of_many_processes_inserts(self, store: ObjectStore, opener: Opener) -> None:
        context = multiprocessing.get_context("spawn")
        start, won = context.Barrier(4), context.SimpleQueue()
        writers = [b"w%d" % number for number in range(4)]
        numbers = int(60 * self.scale)
        run(context, _insert_all, [(opener, start, writer, numbers, won) for writer in writers])
        winners = Counter(key for _ in writers for key in won.get())
        assert winners == Counter(map(str, range(numbers)))

    @pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
    def test_a_store_works_on_both_sides_of_a_fork(self, store: ObjectStore) -> None:
        store.insert("a", b"0", {})
        context = multiprocessing.get_context("fork")
        children = [context.Process(target=add_one, args=(store, "a", 40)) for _ in range(2)]
        with _ended(children):
            for child in children:
                child.start()
            add_one(store, "a", 40)
            for child in children:
                child.join(60)
            assert [child.exitcode for child in children] == [0, 0]
        stored = store.get("a")
        assert stored is not None
        assert stored.payload == b"120"

    def test_a_killed_writer_leaves_the_old_record_or_the_new_one(self, store: ObjectStore, opener: Opener) -> None:
        contents = [letter * 400_000 for letter in (b"a", b"b", b"c")]
        store.insert("a", contents[0], {})
        context = multiprocessing.get_context("spawn")
        for _ in range(5):
            before = store.get("a")
            writer = context.Process(target=_rewrite_forever, args=(opener, "a", contents))
            with _ended([writer]):
                writer.start()
                end = time.monotonic() + PATIENCE
                while store.get("a") == before:
                    assert writer.exitcode is None
                    assert time.monotonic() < end, "the writer does not get on"
                    time.sleep(0.002)
                time.sleep(random.uniform(0, 0.03))  # noqa: S311  no secret
            after = store.get("a")
            assert after is not None
            assert after.payload in contents
            assert list(store.keys()) == ["a"]
            assert store.update("a", after.token, contents[0], {}) is not None
