"""Databases in which tests make tables as services have them, and write as they do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

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

    def run(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            result = connection.execute(sa.text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []


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
