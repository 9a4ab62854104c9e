"""Records in a table of an SQLite file that any number of processes on one machine share."""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Page, Stored

_TABLE: Final = re.compile(r"(?!sqlite_)[a-z_][a-z0-9_]{0,62}", re.IGNORECASE | re.ASCII)
_PAGE: Final = 1_000
"""Keys fetched at once by `keys()`; no transaction stays open between two pages."""


class SqliteStore:
    """An `ObjectStore` over one table. Safe among threads, processes and after a fork.

    The table has the columns `key TEXT PRIMARY KEY`, `payload BLOB`, `headers TEXT` (a JSON object) and
    `revision INTEGER`. The file is put in WAL mode, so readers and a writer do not wait for each other; it must be on a
    local file system.

    A token is the revision, 63 random bits drawn for each change. It does not come back when a record is deleted and
    inserted again, whatever its content. Each operation is one statement, and so one transaction.

    Use it as a context manager, or call `close`.
    """

    def __init__(
        self, path: str | os.PathLike[str], table: str = "records", *, timeout: float = 30.0, fsync: bool = True
    ) -> None:
        """Opens the file and makes the table, if they are not there.

        Args:
            path: the database file.
            table: ASCII letters, digits and `_`, at most 63.
            timeout: seconds to wait for another writer before `StoreError`.
            fsync: whether a call returns only when the change would survive a loss of power. Without it the last
                changes may be lost with the machine; the file stays intact.

        Raises:
            DeclarationError: the table's name is not one, or the path names a database in memory.
            StoreError: SQLite cannot open the file, or the table there has other columns.
        """
        self._path = os.fspath(path)
        if self._path in ("", ":memory:"):
            raise DeclarationError(
                "A database in memory cannot be shared by connections.",
                hint="Name a file, such as one below `/dev/shm`.",
            )
        if not _TABLE.fullmatch(table):
            raise DeclarationError(
                f"`{table}` cannot be the name of a table.",
                hint="Use ASCII letters, digits and `_`, no digit first, no `sqlite_` first, at most 63 characters.",
            )
        self._table = table
        self._timeout = timeout
        self._fsync = fsync
        self._closed = False
        # Idle connections by process. Those of the parent process are never used, closed or collected in a forked
        # child: SQLite's locks are per process, and its file would be damaged.
        self._idle: dict[int, deque[sqlite3.Connection]] = {}
        try:
            with self._connection("") as connection:
                self._prepare(connection)
        except BaseException:
            self.close()
            raise

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        with self._connection(key) as connection:
            row = connection.execute(
                self._sql("SELECT payload, headers, revision FROM {} WHERE key = ?"), (key,)
            ).fetchone()
        return None if row is None else Stored(row[0], json.loads(row[1]), str(row[2]))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        revision = _revision()
        statement = "INSERT INTO {} (key, payload, headers, revision) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        return str(revision) if self._change(key, statement, (key, payload, _text(headers), revision)) else None

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None."""
        revision = _revision()
        statement = "UPDATE {} SET payload = ?, headers = ?, revision = ? WHERE key = ? AND revision = ?"
        return str(revision) if self._change(key, statement, (payload, _text(headers), revision, key, token)) else None

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not."""
        return self._change(key, "DELETE FROM {} WHERE key = ? AND revision = ?", (key, token))

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, a page at a time."""
        statement, after = "SELECT key FROM {} WHERE key >= ? ORDER BY key LIMIT ?", ""
        while True:
            with self._connection("") as connection:
                page = connection.execute(self._sql(statement), (after, _PAGE)).fetchall()
            yield from (key for (key,) in page)
            if len(page) < _PAGE:
                return
            statement, after = "SELECT key FROM {} WHERE key > ? ORDER BY key LIMIT ?", page[-1][0]

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in ascending order of code points."""
        statement = "SELECT key, payload, headers, revision FROM {}"
        statement += " WHERE key > ?" if after else " WHERE key >= ?"
        statement += " AND key <= ? ORDER BY key LIMIT ?" if until else " ORDER BY key LIMIT ?"
        ends = [_key(after), _key(until)] if until else [_key(after)]
        with self._connection("") as connection:
            rows = connection.execute(self._sql(statement), (*ends, limit)).fetchall()
        records = [(key, Stored(payload, json.loads(headers), str(token))) for key, payload, headers, token in rows]
        return Page(records, _position(rows[-1][0]) if len(rows) == limit else "")

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of the same size; it goes through the keys, not the records."""
        statement = (
            "SELECT DISTINCT max(key) OVER (PARTITION BY part) FROM"
            " (SELECT key, NTILE(?) OVER (ORDER BY key) AS part FROM {}) ORDER BY 1"
        )
        with self._connection("") as connection:
            rows = connection.execute(self._sql(statement), (parts,)).fetchall()
        return [_position(key) for (key,) in rows[:-1]]

    def starts(self, size: int) -> Iterator[tuple[bytes, dict[str, str], int]]:
        """How many records begin with which bytes, beside which headers."""
        statement = "SELECT substr(payload, 1, ?), headers, count(*) FROM {} GROUP BY 1, 2"
        with self._connection("") as connection:
            rows = connection.execute(self._sql(statement), (size,)).fetchall()
        for start, headers, count in rows:
            yield start, json.loads(headers), count

    def beside(self, name: str) -> SqliteStore:
        """The table `<table>_<name>` of the same file."""
        return SqliteStore(self._path, f"{self._table}_{name}", timeout=self._timeout, fsync=self._fsync)

    def close(self) -> None:
        """Closes this process's connections. Calls under way in other threads still end; later ones raise."""
        self._closed = True
        idle = self._idle.get(os.getpid(), deque())
        while idle:
            idle.pop().close()

    def __reduce__(self) -> tuple[object, ...]:
        # A process that gets it opens connections of its own.
        return _opened, (self._path, self._table, self._timeout, self._fsync)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _sql(self, statement: str) -> str:
        """The statement about this table. Safe, because `_TABLE` allows nothing but a name."""
        return statement.replace("{}", f'"{self._table}"')

    def _change(self, key: str, statement: str, values: tuple[object, ...]) -> bool:
        """Whether the statement changed a row."""
        with self._connection(key) as connection:
            return connection.execute(self._sql(statement), values).rowcount > 0

    @contextmanager
    def _connection(self, key: str) -> Generator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile; errors of SQLite become `StoreError`."""
        if self._closed:
            raise StoreError("The store was closed.", key=key, hint="Open a new `SqliteStore`.")
        idle = self._idle.setdefault(os.getpid(), deque())
        try:
            try:
                connection = idle.pop()
            except IndexError:
                connection = self._open()
            try:
                yield connection
            finally:
                idle.append(connection)
                if self._closed:
                    self.close()
        except sqlite3.Error as error:
            busy = _code(error) == sqlite3.SQLITE_BUSY
            raise StoreError(f"SQLite refused: {error}.", key=key, hint=self._hint(error), transient=busy) from error
        except (OverflowError, UnicodeError) as error:
            raise StoreError(
                "SQLite cannot hold the record.",
                key=key,
                hint="A key must be valid Unicode text, and a payload smaller than 1 GB.",
            ) from error

    def _open(self) -> sqlite3.Connection:
        # Used by one thread at a time, though not always by the same one.
        connection = sqlite3.connect(self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._fsync else 'NORMAL'}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
                break
            except sqlite3.OperationalError as error:
                # Changing the mode does not wait for other processes that are about to do the same.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        columns = (
            "key TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, headers TEXT NOT NULL, revision INTEGER NOT NULL"
        )
        connection.execute(self._sql(f"CREATE TABLE IF NOT EXISTS {{}} ({columns})"))
        connection.execute(self._sql("SELECT key, payload, headers, revision FROM {} LIMIT 0"))

    def _hint(self, error: sqlite3.Error) -> str:
        code = _code(error)
        if code == sqlite3.SQLITE_BUSY:
            return f"Somebody held the file for {self._timeout:g} s: look for a long transaction, or raise `timeout`."
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return f"Check `{self._path}`: it is damaged or not an SQLite file."
        return f"Check that `{self._path}` and its directory can be written to, and that the table is a store's."


def _opened(path: str, table: str, timeout: float, fsync: bool) -> SqliteStore:
    return SqliteStore(path, table, timeout=timeout, fsync=fsync)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is not SQLite's own."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _position(key: str) -> str:
    return f"={key}"  # the empty key has a position, too


def _key(position: str) -> str:
    return position[1:]


def _revision() -> int:
    # Not SQLite's own `random()`: its state is copied by a fork.
    return secrets.randbits(63)


def _text(headers: Mapping[str, str]) -> str:
    return json.dumps(dict(headers), ensure_ascii=False, sort_keys=True)
