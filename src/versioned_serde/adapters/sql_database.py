"""A database as stores use it through SQLAlchemy: an engine for each process, waits that end, errors in our words."""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy import exc

from versioned_serde.errors import DeclarationError, MissingExtraError, StoreError

DIGEST: Final = "versioned_serde_digest"
"""The function of two values that SQLite is given, since it has no SHA-256 of its own."""
_PRODUCTS: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_DRIVERS: Final = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_WAITED: Final = ("55P03", "57014")
"""PostgreSQL's lock_not_available and query_canceled."""
_PASSING: Final = ("08", "40", "53", "57P")
"""Classes of SQLSTATE: connection, transaction rollback, resources, shutdown. They say nothing about the statement."""
_GONE: Final = ("42P01", "42703", "3F000")
"""Undefined table, column, schema."""
_HINT_GONE: Final = "The table is not what it was when the store was opened: open it again."


class Database:
    """The engines behind a store and those beside it.

    Each process has its own engine. What a forked child inherits is neither used, closed nor collected there: its
    connections are the parent's, and SQLite's file would be damaged.
    """

    def __init__(self, at: str | sa.URL | sa.Engine, timeout: float) -> None:
        """Looks at the URL or engine; connects to nothing.

        Raises:
            DeclarationError: not one of the two databases, or in memory.
            MissingExtraError: the driver is not installed.
        """
        self._given = at if isinstance(at, sa.Engine) else None
        self._timeout = timeout
        self._closed = False
        self._inherited: list[object] = []
        try:
            self._url = at.url if isinstance(at, sa.Engine) else _with_driver(sa.make_url(at))
        except exc.ArgumentError:  # its text has the URL, and that may have a password
            raise DeclarationError(
                "The URL is none that SQLAlchemy knows.",
                hint="Write `postgresql://USER@HOST/DATABASE` or `sqlite:///PATH`.",
            ) from None
        name = self._url.get_backend_name()
        if self._url.drivername not in _DRIVERS:
            raise DeclarationError(
                f"`{self._url.drivername}` is not supported.",
                hint="Supported are SQLite (`sqlite://`) and PostgreSQL by psycopg 3 (`postgresql+psycopg://`).",
            )
        self.product = name
        if self._given is None and self.product == "sqlite" and self._url.database in (None, "", ":memory:"):
            raise DeclarationError(
                "A database in memory cannot be shared by connections.",
                hint="Name a file, such as `sqlite:////dev/shm/records.db`.",
            )
        first = self._made() if self._given is None else self._given.execution_options(isolation_level="AUTOCOMMIT")
        self._engines: dict[int, sa.Engine] = {os.getpid(): first}

    @property
    def url(self) -> str | None:
        """With the password, for another process that opens the same; None for an engine, which cannot be sent."""
        return None if self._given is not None else self._url.render_as_string(hide_password=False)

    def quoted(self, table: sa.TableClause) -> str:
        """The table's name as it stands in a statement."""
        return self._here().dialect.identifier_preparer.format_table(table)

    @contextmanager
    def connection(self, key: str) -> Generator[sa.Connection]:
        """A connection on which each statement is a transaction; errors of the database become `StoreError`."""
        if self._closed:
            raise closed(key)
        try:
            with self._here().connect() as connection:
                if self.product == "sqlite" and DIGEST not in connection.info:
                    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
                    driver.create_function(DIGEST, 2, _digest, deterministic=True)
                    connection.info[DIGEST] = True
                yield connection
        except exc.SQLAlchemyError as error:
            # Not chained: the texts of SQLAlchemy and of psycopg hold parameters and rows, and so payloads.
            raise self._refusal(error, key) from None

    def close(self) -> None:
        """Closes this process's connections, unless the engine is somebody else's; later calls raise."""
        self._closed = True
        engine = self._engines.get(os.getpid())
        if engine is not None and self._given is None:
            engine.dispose()

    def _here(self) -> sa.Engine:
        process = os.getpid()
        engine = self._engines.get(process)
        if engine is None:
            engine = self._engines.setdefault(process, self._renewed())
        return engine

    def _renewed(self) -> sa.Engine:
        """An engine for a process that was forked from the one that opened the store."""
        if self._given is None:
            return self._made()
        self._inherited.append(self._given.pool)
        self._given.dispose(close=False)
        return self._given.execution_options(isolation_level="AUTOCOMMIT")

    def _made(self) -> sa.Engine:
        arguments: dict[str, Any] = {"timeout": self._timeout}
        if self.product == "postgresql":
            seconds = max(1, math.ceil(self._timeout))
            options = self._url.query.get("options", "")
            arguments = {
                "connect_timeout": seconds,
                # A host that is gone without a word is noticed after as long.
                "keepalives_idle": seconds,
                "tcp_user_timeout": seconds * 1000,
                "options": f"{options} -c lock_timeout={max(1, round(self._timeout * 1000))}".strip(),
            }
        try:
            return sa.create_engine(
                self._url,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
                pool_timeout=self._timeout,
                connect_args=arguments,
            )
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"`SqlStore` needs `{error.name}` for PostgreSQL, which is not installed.",
                hint="Run: pip install 'versioned-serde[postgresql]'",
            ) from error

    def _refusal(self, error: exc.SQLAlchemyError, key: str) -> StoreError:
        product = _PRODUCTS[self.product]
        if isinstance(error, exc.TimeoutError):
            return StoreError(
                f"All connections of this process were in use for {self._timeout:g} s.",
                key=key,
                hint="Use fewer threads, or an engine with a larger pool.",
                transient=True,
            )
        cause = error.orig if isinstance(error, exc.DBAPIError) else None
        if cause is None:
            return StoreError(f"SQLAlchemy refused: {type(error).__name__}.", key=key, hint=_HINT_GONE)
        if isinstance(cause, sqlite3.Error):
            problem, hint, transient = self._of_sqlite(cause)
        else:
            problem, hint, transient = self._of_postgresql(cause, isinstance(error, exc.OperationalError))
        if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
            hint, transient = "Whether a change was made is not known: read the record again.", True
        return StoreError(f"{product} refused: {problem}.", key=key, hint=hint, transient=transient)

    def _of_sqlite(self, error: sqlite3.Error) -> tuple[str, str, bool]:
        problem, code = str(error), getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _BUSY:
            return problem, self._waited("file"), True
        if code == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
            return problem, _needs_more(f"`{problem.rpartition('.')[2]}`"), False
        if code & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return problem, "The file is damaged or not an SQLite file.", False
        if code & 0xFF == sqlite3.SQLITE_ERROR:
            return problem, _HINT_GONE, False
        return problem, "Check that the file and its directory can be written to, and that the record fits.", False

    def _of_postgresql(self, error: BaseException, operational: bool) -> tuple[str, str, bool]:
        state: str = getattr(error, "sqlstate", None) or ""
        # Its primary line alone: the lines after it hold rows.
        primary: str | None = getattr(getattr(error, "diag", None), "message_primary", None)
        problem = (primary or (str(error).splitlines() or [type(error).__name__])[0]).rstrip(".")
        if state in _WAITED:
            return problem, self._waited("row or the table"), True
        if state.startswith(_PASSING) or (operational and not state):
            return problem, "Check that the database can be reached and takes more connections; try again.", True
        if state == "23502":
            return problem, _needs_more(f"`{getattr(error, 'diag').column_name}`"), False  # noqa: B009 - see above
        if state in _GONE:
            return problem, _HINT_GONE, False
        if state == "42501":
            return problem, "Grant this user SELECT, INSERT, UPDATE and DELETE on the table.", False
        return problem, "Check that the columns can hold the record, and what the table's constraints ask for.", False

    def _waited(self, what: str) -> str:
        return f"Somebody held the {what} for {self._timeout:g} s: look for a long transaction, or raise `timeout`."


def closed(key: str) -> StoreError:
    """What is said of a store after `close`."""
    return StoreError("The store was closed.", key=key, hint="Open a new `SqlStore`.")


def digest(payload: bytes, headers: bytes) -> str:
    """SHA-256 over the content of a row, as hex. The payload's own comes first, so that it is clear where it ends."""
    return hashlib.sha256(hashlib.sha256(payload).digest() + headers).hexdigest()


def as_bytes(value: object) -> bytes:
    """Content as a driver hands it out, which may be text; NULL as nothing."""
    if isinstance(value, str):
        return value.encode()
    return b"" if value is None else bytes(cast("bytes", value))


def _with_driver(url: sa.URL) -> sa.URL:
    # What SQLAlchemy takes for `postgresql://` differs between its releases.
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _digest(payload: object, headers: object) -> str:
    return digest(as_bytes(payload), as_bytes(headers))


def _needs_more(column: str) -> str:
    return f"{column} needs a value that a record does not have: give it a default, or insert the row by your own SQL."
