"""One file per record, in a directory that any number of processes share.

Layout: `ROOT/<shard>/<name>`. The shard is the first byte of the SHA-256 of the key, as two hex digits, so that
directories stay small and writers of different keys seldom wait for each other. The name is the key, percent-quoted.
Beside the records each shard has `.lock` (empty, locked by whoever changes the shard) and at times `.writing` (the new
content of one record, before it replaces the old one).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from versioned_serde.errors import StoreError
from versioned_serde.protocols import Page, Stored

if sys.platform != "win32":
    import fcntl
else:
    fcntl = None

_LONGEST_NAME: Final = 255
"""Bytes in a file name: the bound of ext4, XFS, APFS, btrfs and tmpfs."""
_LOCK: Final = ".lock"
_WRITING: Final = ".writing"
_SHARD: Final = re.compile(r"[0-9a-f]{2}")
_EMPTY: Final = "%"
"""The name of the key `""`; no other key is quoted to it."""
# Capitals are quoted, so that keys which differ in case alone stay apart on a file system that ignores case. The dot is
# quoted, so that no key is `.`, `..` or hidden, and names that begin with a dot are ours.
_UNQUOTED: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_~")


class DirectoryStore:
    """An `ObjectStore` over a directory. Safe among threads and processes; holds no open files between calls.

    The directory must be on a file system with an atomic rename and with `flock` that holds among all the hosts that
    use it: any local one. A writer that is killed leaves the old record or the new one, never a mix.

    A token is the SHA-256 of the bytes, so equal content has an equal token. That is enough for a compare-and-set of
    whole values: if the record was changed and changed back in between, the new value was still computed from exactly
    the bytes that it replaces.

    `keys()` holds all keys in memory to put them in order. `scan` goes shard by shard, and holds the keys of one.
    """

    def __init__(self, root: str | os.PathLike[str], *, fsync: bool = True) -> None:
        """Opens the directory, and makes it if it is not there.

        Args:
            root: the directory; nothing else should be kept in it.
            fsync: whether a call returns only when the change would survive a loss of power. Without it a change
                survives the death of the process, not of the machine.

        Raises:
            StoreError: the directory cannot be made, or the platform lacks `flock`.
        """
        self._root = Path(root)
        self._fsync = fsync
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with _locked(self._root):
                pass  # shows now, rather than at the first change, that this process may write and lock here
        except OSError as error:
            raise StoreError(
                f"The directory `{self._root}` cannot be used: {error.strerror}.",
                key="",
                hint="Name a directory that this process may write to.",
            ) from error

    def get(self, key: str) -> Stored | None:
        """The record, or None. Takes no lock: a rename shows either content, never a part."""
        path = self._path(key)
        with _store_errors(key):
            payload = _content(path)
        return None if payload is None else Stored(payload, {}, _token(payload))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        path = self._path(key)
        _refuse_headers(key, headers)
        with _store_errors(key):
            self._make_shard(path.parent)
            with _locked(path.parent):
                if path.exists():
                    return None
                return self._write(path, payload)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None."""
        path = self._path(key)
        _refuse_headers(key, headers)
        with _store_errors(key):
            if not path.exists():
                return None
            with _locked(path.parent):
                return self._write(path, payload) if _is_at(path, token) else None

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not."""
        path = self._path(key)
        with _store_errors(key):
            if not path.exists():
                return False
            with _locked(path.parent):
                if not _is_at(path, token):
                    return False
                path.unlink()
                self._sync_directory(path.parent)
                return True

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, as they were when the iteration began."""
        found: list[str] = []
        with _store_errors(""):
            for shard in self._shards():
                found.extend(key for name in self._names(shard) if (key := _key(name, shard.name)) is not None)
        found.sort()
        yield from found

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, shard by shard, and in each by the names of files."""
        in_shard, _, after_name = after.partition("/")
        last_shard, _, last_name = until.partition("/")
        found: list[tuple[str, Stored]] = []
        with _store_errors(""):
            for shard in self._shards():
                if shard.name < in_shard or (until and shard.name > last_shard):
                    continue
                for name in self._names(shard):
                    if shard.name == in_shard and name <= after_name:
                        continue
                    if until and shard.name == last_shard and name > last_name:
                        break
                    key = _key(name, shard.name)
                    payload = None if key is None else _content(shard / name)
                    if key is not None and payload is not None:
                        found.append((key, Stored(payload, {}, _token(payload))))
                        if len(found) == limit:
                            return Page(found, f"{shard.name}/{name}")
        return Page(found, "")

    def partition(self, parts: int) -> list[str]:
        """Positions at the ends of shards, which are of like size because keys are spread by their hash."""
        shards = [shard.name for shard in self._shards()]
        ends = [shards[len(shards) * part // parts - 1] for part in range(1, parts) if len(shards) * part // parts]
        return [f"{shard}/\x7f" for shard in dict.fromkeys(ends) if shard != shards[-1]]

    def beside(self, name: str) -> DirectoryStore:
        """The directory `.<name>` within this one."""
        return DirectoryStore(self._root / f".{name}", fsync=self._fsync)

    def _shards(self) -> list[Path]:
        return sorted(shard for shard in self._root.iterdir() if _SHARD.fullmatch(shard.name))

    def _names(self, shard: Path) -> list[str]:
        # Under the lock: a file that is renamed over while a directory is read may be passed over.
        with _locked(shard):
            return sorted(path.name for path in shard.iterdir())

    def _path(self, key: str) -> Path:
        try:
            encoded = key.encode()
        except UnicodeEncodeError as error:
            raise StoreError(
                "The key is not valid Unicode text.", key=key, hint="Use a key without lone surrogates."
            ) from error
        name = _name(encoded)
        if len(name) > _LONGEST_NAME:
            raise StoreError(
                f"The key needs a file name of {len(name)} bytes; a name has at most {_LONGEST_NAME}.",
                key=key,
                hint="Use a shorter key (all but `a-z 0-9 - _ ~` takes three bytes or more), or `SqliteStore`.",
            )
        return self._root / _shard(encoded) / name

    def _make_shard(self, shard: Path) -> None:
        try:
            shard.mkdir()
        except FileExistsError:
            return
        self._sync_directory(self._root)

    def _write(self, path: Path, payload: bytes) -> str:
        """Puts the content in place; the caller holds the shard's lock.

        All writers of a shard use one name for what is not yet in place. Only the holder of the lock touches it, so
        whatever is there is what a killed process left, and the next writer writes over it.
        """
        writing = path.with_name(_WRITING)
        try:
            with writing.open("wb") as file:
                file.write(payload)
                file.flush()
                if self._fsync:
                    os.fsync(file.fileno())
            writing.replace(path)
        except OSError:
            with suppress(OSError):
                writing.unlink(missing_ok=True)
            raise
        self._sync_directory(path.parent)
        return _token(payload)

    def _sync_directory(self, directory: Path) -> None:
        if self._fsync:
            descriptor = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def _locked(directory: Path) -> Generator[None]:
    """Holds the directory's lock. Its file is opened anew: `flock` excludes open files from each other, not threads."""
    if fcntl is None:
        raise StoreError(
            "This platform has no `flock`, without which writers cannot exclude each other.",
            key="",
            hint="Use `SqliteStore`.",
        )
    descriptor = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # A process forked meanwhile has a copy of the descriptor; closing ours alone would leave the lock with it.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


@contextmanager
def _store_errors(key: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The file system refused: {error.strerror}.",
            key=key,
            hint="Check the permissions of the directory, its free space and the limit of open files.",
        ) from error


def _refuse_headers(key: str, headers: Mapping[str, str]) -> None:
    if headers:
        raise StoreError(
            "A file has no place for headers.",
            key=key,
            hint="Use the framing `envelope` in this location, or `SqliteStore`.",
        )


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _is_at(path: Path, token: str) -> bool:
    payload = _content(path)
    return payload is not None and _token(payload) == token


def _token(payload: bytes) -> str:
    return sha256(payload).hexdigest()


def _shard(encoded: bytes) -> str:
    return sha256(encoded).hexdigest()[:2]


def _name(encoded: bytes) -> str:
    return "".join(chr(byte) if byte in _UNQUOTED else f"%{byte:02X}" for byte in encoded) or _EMPTY


def _key(name: str, shard: str) -> str | None:
    """The key of a file, or None for a file that is not a record's."""
    if name == _EMPTY:
        encoded = b""
    else:
        encoded = unquote(name, encoding="utf-8", errors="surrogateescape").encode(errors="surrogateescape")
    try:
        key = encoded.decode()
    except UnicodeDecodeError:
        return None
    return key if _name(encoded) == name and _shard(encoded) == shard else None
