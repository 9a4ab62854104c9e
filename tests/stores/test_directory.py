from __future__ import annotations

import fcntl
import hashlib
import multiprocessing
import os
import time
from functools import partial
from pathlib import Path

import pytest

from versioned_serde.errors import StoreError
from versioned_serde.stores import directory
from versioned_serde.stores.directory import DirectoryStore
from versioned_serde.testing.conformance.scans import ScanConformance
from versioned_serde.testing.conformance.stores import ODD_KEYS, Opener


class TestDirectoryStore(ScanConformance):
    keeps_headers = False

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        return partial(DirectoryStore, tmp_path / "new" / "root", fsync=False)


def test_durable_calls_do_the_same(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    token = store.insert("a", b"one", {})
    assert token is not None
    token = store.update("a", token, b"two", {})
    assert token is not None
    assert store.delete("a", token)


def test_a_change_is_on_the_disk_before_it_is_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        calls.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        calls.append(f"replace {path.name} {target.name}")
        return replace(path, target)

    if not Path("/proc/self/fd").exists():
        pytest.skip("tells files by /proc")
    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    shard = hashlib.sha256(b"a").hexdigest()[:2]
    DirectoryStore(tmp_path).insert("a", b"one", {})
    assert calls == [f"fsync {tmp_path.name}", "fsync .writing", "replace .writing a", f"fsync {shard}"]
    calls.clear()
    DirectoryStore(tmp_path, fsync=False).update("a", hashlib.sha256(b"one").hexdigest(), b"two", {})
    assert calls == ["replace .writing a"]


def test_a_token_is_the_digest_of_the_bytes(tmp_path: Path) -> None:
    assert DirectoryStore(tmp_path).insert("a", b"one", {}) == hashlib.sha256(b"one").hexdigest()


def test_the_layout_is_as_documented(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.insert("Order/17.xml", b"<order/>", {})
    shard = hashlib.sha256(b"Order/17.xml").hexdigest()[:2]
    assert (tmp_path / shard / "%4Frder%2F17%2Exml").read_bytes() == b"<order/>"


def test_names_stay_apart_where_case_does_not_count(tmp_path: Path) -> None:
    names = [directory._name(key.encode()) for key in ODD_KEYS]
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.isascii() and not name.startswith(".") and "/" not in name for name in names)


def test_a_key_that_is_too_long_for_a_name_is_refused(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    assert store.insert("a" * 255, b"", {}) is not None
    assert store.insert("A" * 85, b"", {}) is not None
    with pytest.raises(StoreError) as caught:
        store.insert("ä" * 43, b"", {})
    assert str(caught.value) == (
        "The key needs a file name of 258 bytes; a name has at most 255. "
        "Use a shorter key (all but `a-z 0-9 - _ ~` takes three bytes or more), or `SqliteStore`."
    )
    with pytest.raises(StoreError):
        store.get("a" * 256)


def test_headers_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        DirectoryStore(tmp_path).insert("a", b"", {"serde-tag": "x"})
    assert str(caught.value) == (
        "A file has no place for headers. Use the framing `envelope` in this location, or `SqliteStore`."
    )


def test_what_is_no_record_is_passed_over(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.insert("a", b"one", {})
    shard = tmp_path / hashlib.sha256(b"a").hexdigest()[:2]
    (tmp_path / "README").write_text("not a shard")
    (tmp_path / "zz").mkdir()
    for name in ("README", "%41%", "%ff", "%4f", "b", ".writing", "a.bak"):
        (shard / name).write_text("not a record here")
    assert list(store.keys()) == ["a"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_writer_killed_around_the_rename_leaves_one_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store = DirectoryStore(tmp_path)
    token = store.insert("a", b"old" * 1000, {})
    assert token is not None
    replace = Path.replace

    def die(path: Path, target: Path) -> Path:
        if moment == "after":
            replace(path, target)
        os._exit(9)

    monkeypatch.setattr(Path, "replace", die)
    writer = multiprocessing.get_context("fork").Process(target=store.update, args=("a", token, b"new", {}))
    writer.start()
    writer.join(30)
    monkeypatch.undo()
    assert writer.exitcode == 9
    stored = store.get("a")
    assert stored is not None
    assert stored.payload == (b"new" if moment == "after" else b"old" * 1000)
    assert list(store.keys()) == ["a"]
    # The next writer is not held up by the lock and does not meet what is left of the longer or shorter content.
    assert store.update("a", stored.token, b"next", {}) is not None
    assert sorted(path.name for path in tmp_path.glob("*/*")) == [".lock", "a"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DirectoryStore(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", lambda _: None)
    token = store.insert("a", b"old", {})
    assert token is not None
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        store.update("a", token, b"new", {})
    assert str(caught.value) == (
        "The file system refused: No space left on device. "
        "Check the permissions of the directory, its free space and the limit of open files."
    )
    assert caught.value.key == "a"
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.glob("*/*")) == [".lock", "a"]
    assert store.update("a", token, b"new", {}) is not None


def test_a_path_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        DirectoryStore(tmp_path / "file")


def test_a_platform_without_flock_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "fcntl", None)
    with pytest.raises(StoreError) as caught:
        DirectoryStore(tmp_path)
    assert str(caught.value) == (
        "This platform has no `flock`, without which writers cannot exclude each other. Use `SqliteStore`."
    )


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_lock_does_not_stay_with_a_child_forked_while_it_was_held(tmp_path: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    with directory._locked(tmp_path):
        child.start()
    with (tmp_path / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    child.kill()
    child.join()
