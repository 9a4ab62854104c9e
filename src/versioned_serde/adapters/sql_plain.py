"""The table of those who have none of their own: the plain layout."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import exc

from versioned_serde.adapters.sql_database import Database

_ATTEMPTS: Final = 5


def make_table(database: Database, name: str, schema: str | None) -> None:
    """Makes the table if it is not there, also while others make it. Its columns are those of `SqliteStore`'s table."""
    # In code points, so that scans, `keys()` and the index agree.
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    table = sa.Table(
        name,
        sa.MetaData(schema=schema),
        sa.Column("key", text, primary_key=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    )
    for attempt in range(_ATTEMPTS):
        with database.connection("") as connection:
            # Asked first, because whoever may not make tables may still use one.
            if sa.inspect(connection).has_table(name, schema=schema):
                return
            try:
                connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
            except exc.DBAPIError:
                # In PostgreSQL of two that make it at once one may fail, for a name in the catalogue.
                if attempt == _ATTEMPTS - 1 or not sa.inspect(connection).has_table(name, schema=schema):
                    raise
