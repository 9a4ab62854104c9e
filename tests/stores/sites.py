"""Databases in which tests make tables as services have them, and write as they do."""

from __future__ import annotations

import itertools
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from versioned_serde.errors import StoreError

_numbers = itertools.count()


class Site:
    """A database, and SQL of others in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        self.product = self.engine.dialect.name

    def table(self, columns: str) -> str:
        """A new table of these columns."""
        name = f"records_{next(_numbers)}"
        self.run(f"CREATE TABLE {name} ({columns})")
        return name

    def run(self, statement: str, table: str = "", **values: object) -> list[tuple[Any, ...]]:
        """What a statement gives in which `@` stands for the table."""
        with self.engine.connect() as connection:
            result = connection.execute(sa.text(statement.replace("@", table)), values)
            return [tuple(row) for row in result] if result.returns_rows else []


BYTES = {"sqlite": "BLOB", "postgresql": "bytea"}


def service_table(site: Site) -> str:
    """A table with a place for all that a store can use, and with columns that are none of its business."""
    ours = f"id TEXT PRIMARY KEY, body {BYTES[site.product]}, tag TEXT, version BIGINT"
    return site.table(f"{ours}, customer TEXT DEFAULT 'nobody', n INTEGER")


SECRET = "4711-payload"  # noqa: S105 - of nobody
"""What no error may say."""


def refused(operation: Callable[[], object]) -> StoreError:
    """The error of an operation, after a look at all that is printed of it."""
    with pytest.raises(StoreError) as caught:
        operation()
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
