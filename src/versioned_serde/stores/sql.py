"""Records in a table of one's own, in SQLite or PostgreSQL, by SQLAlchemy."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from versioned_serde.errors import DeclarationError, MissingExtraError, StoreError
from versioned_serde.protocols import Page, Stored

try:
    import sqlalchemy as sa
    from sqlalchemy.dialects import postgresql, sqlite

    from versioned_serde.adapters.sql_columns import Element, Table, digest_of
    from versioned_serde.adapters.sql_database import Database, as_bytes, closed, digest
    from versioned_serde.adapters.sql_plain import make_table
except ModuleNotFoundError as error:
    raise MissingExtraError(
        f"`SqlStore` needs `{error.name}`, which is not installed.", hint="Run: pip install 'versioned-serde[sql]'"
    ) from error

_PAGE: Final = 1_000
"""Keys fetched at once by `keys()`; no transaction stays open between two pages."""
_TOKEN: Final = re.compile(r"(?:(-?[0-9]{0,19})-)?([0-9a-f]{64})", re.ASCII)
_KEY, _UNTIL, _PAYLOAD, _HEADERS, _REVISION, _WAS, _DIGEST = (
    f"versioned_serde_{name}" for name in ("key", "until", "payload", "headers", "revision", "was", "digest")
)
"""Names of parameters. SQLAlchemy would take one that is a column's name for what is written there."""
_NOTHING: Final[Mapping[str, object]] = {}
_BESIDE: Final = re.compile(r"[a-z_]{1,20}")
_SAMPLED: Final = 2_000
"""Blocks of a table (8 KiB each) beyond which PostgreSQL parts it by a sample of about as many."""


class _Place(NamedTuple):
    table: str
    key: str
    payload: str
    headers: str | None
    revision: str | None
    schema: str | None
    timeout: float


class SqlStore:
    """A `ScannedStore` over a table that exists. Safe among threads, processes and after a fork.

    Other columns stay as they are.

    Column of keys: text, integer or (PostgreSQL) uuid; it must tell rows apart by itself. Column of payloads: `BLOB` or
    `BYTEA`; text or JSON for records that are text in UTF-8. Column of headers: text or JSON, a JSON object; it belongs
    to the store alone. A row whose payload is NULL is no record, though its key is taken.

    Every change is one conditional statement, which wins or changes nothing: of racing writers exactly one wins. What
    it compares depends on the columns:

    - Without `revision`, a token is the digest of payload and headers as the row holds them. A writer with SQL of its
      own is noticed as soon as it changes one of them. If it changed them and changed them back, the new content was
      still computed from exactly what it replaces.
    - With `revision`, an integer column, a token is the digest and the revision, which is drawn anew for each change: a
      token does not come back. A writer that knows nothing of the column is noticed as above, and one that sets it in
      its own way (`version + 1`) as well; it notices this store's changes if it compares the column before it writes.

    A writer that writes without comparing anything, from what it read before, overwrites what this store wrote
    meanwhile. No column can prevent that; a trigger or its next release can.

    `JSONB` has its own order of members and form of numbers. A record there is the raw text that the database gives,
    and a token is of that, not of what was sent. Checksums and the framing `envelope` mean nothing there.

    Scans go by the column's own order, so that they use its index; `keys()` by code points, which for text needs a
    column in the collation "C" (or `BINARY`) to be as fast.

    Use it as a context manager, or call `close`.
    """

    def __init__(
        self,
        engine_or_url: str | sa.URL | sa.Engine,
        table: str,
        key: str = "id",
        payload: str = "body",
        headers: str | None = None,
        revision: str | None = None,
        schema: str | None = None,
        *,
        timeout: float = 30.0,
    ) -> None:
        """Connects, and looks whether the table has what is needed.

        Args:
            engine_or_url: where; for PostgreSQL the driver is psycopg 3. A store that was opened by URL can be pickled,
                password and all, and opens anew where it arrives. An engine keeps its own settings, so `timeout` does
                not hold for it; it stays open when the store is closed.
            table: its name.
            key: the column by which a row is found.
            payload: the column of the records' bytes.
            headers: the column for tags in the framing `headers`; without one, headers are refused.
            revision: a column for the store's revisions, or for a version that others count up.
            schema: the database schema of the table.
            timeout: seconds to wait for a connection or for who has locked a row or the file, before `StoreError`. How
                long a statement may work is for the server to say.

        Raises:
            DeclarationError: the table or a column is missing or is of an unsupported type; keys are not unique.
            MissingExtraError: the driver is not installed.
            StoreError: the database cannot be reached.
        """
        place = _Place(table, key, payload, headers, revision, schema, timeout)
        self._open(Database(engine_or_url, timeout), place, owner=True)

    @classmethod
    def create(
        cls,
        engine_or_url: str | sa.URL | sa.Engine,
        table: str = "records",
        schema: str | None = None,
        *,
        timeout: float = 30.0,
    ) -> SqlStore:
        """A store over a table in the plain layout, that of `SqliteStore`, which is made if it is not there.

        Raises:
            DeclarationError: a table of that name has other columns.
            StoreError: the database cannot be reached, or refuses to make a table.
        """
        place = _Place(table, "key", "payload", "headers", "revision", schema, timeout)
        return cls._plain(Database(engine_or_url, timeout), place, owner=True)

    @classmethod
    def _plain(cls, database: Database, place: _Place, *, owner: bool) -> SqlStore:
        make_table(database, place.table, place.schema)
        store = object.__new__(cls)
        store._open(database, place, owner=owner)
        return store

    def _open(self, database: Database, place: _Place, *, owner: bool) -> None:
        self._database = database
        self._place = place
        self._owner = owner
        self._closed = False
        roles = {"key": place.key, "payload": place.payload, "headers": place.headers, "revision": place.revision}
        named = {role: column for role, column in roles.items() if column is not None}
        try:
            with database.connection("") as connection:
                table = Table(connection, database.product, place.table, place.schema)
            table.check(named)
            self._key = table.key(place.key)
            self._payload = table.content(place.payload, "payload")
            self._headers = None if place.headers is None else table.content(place.headers, "headers")
            self._bits = 0 if place.revision is None else table.revision_bits(place.revision)
        except BaseException:
            self.close()
            raise
        self._table = table.clause
        self._revision = None if place.revision is None else table.clause.c[place.revision]
        self._present = sa.and_(self._key.present, self._payload.column.is_not(None))
        self._prepare()

    def _prepare(self) -> None:
        """Makes the statements about one row, once: SQLAlchemy takes longer to put one together than to run it."""
        beside: Element = sa.null() if self._headers is None else self._headers.read
        number: Element = sa.null() if self._revision is None else self._revision
        self._row = (self._key.column, self._payload.read, beside, number)
        made = digest_of(self._payload, self._headers)
        found = sa.and_(self._key.column == self._key.bound(_KEY), self._payload.column.is_not(None))
        same = sa.and_(found, made == sa.bindparam(_DIGEST, type_=sa.Text()))
        values = {self._payload.column.name: self._payload.bound(_PAYLOAD)}
        if self._headers is not None:
            values[self._headers.column.name] = self._headers.bound(_HEADERS)
        if self._revision is not None:
            values[self._revision.name] = sa.bindparam(_REVISION, type_=sa.BigInteger())
            # A row that others inserted may have none.
            same = sa.and_(same, self._revision.is_not_distinct_from(sa.bindparam(_WAS, type_=sa.BigInteger())))
        insert = postgresql.insert if self._database.product == "postgresql" else sqlite.insert
        name = self._key.column.name
        new = insert(self._table).values({name: self._key.bound(_KEY), **values})
        self._get = sa.select(*self._row).where(found)
        self._insert = new.on_conflict_do_nothing(index_elements=[name]).returning(made)
        self._update = sa.update(self._table).where(same).values(values).returning(made)
        self._delete = sa.delete(self._table).where(same).returning(self._key.column)

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        rows = self._rows(key, self._get, {_KEY: self._key.value(key)})
        return self._stored(rows[0]) if rows else None

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record in a new row: the new token, or None if the key is taken. Other columns get their defaults.

        Raises:
            StoreError: also where another column has no default and must have a value.
        """
        return self._changed(key, self._insert, self._written(key, payload, headers))

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None."""
        written, at = self._written(key, payload, headers), self._at(token)
        return None if at is None else self._changed(key, self._update, {**written, **at})

    def delete(self, key: str, token: str) -> bool:
        """Removes the row of a record that is still at `token`; False if it is not."""
        found, at = {_KEY: self._key.value(key)}, self._at(token)
        return at is not None and bool(self._rows(key, self._delete, {**found, **at}))

    def keys(self) -> Iterator[str]:
        """The keys in ascending order, text by its code points, a page at a time."""
        order = self._key.by_code_points
        statement = sa.select(self._key.column).where(self._present).order_by(order).limit(_PAGE)
        following, after = statement.where(order > self._key.bound(_KEY)), _NOTHING
        while True:
            found = [str(key) for (key,) in self._rows("", statement, after)]
            yield from found
            if len(found) < _PAGE:
                return
            statement, after = following, {_KEY: self._key.value(found[-1])}

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in the order of the column of keys, by one statement."""
        column = self._key.column
        statement = sa.select(*self._row).where(self._present).order_by(column).limit(limit)
        ends = {}
        if after:
            statement = statement.where(column > self._key.bound(_KEY))
            ends[_KEY] = self._key.value(after[1:])
        if until:
            statement = statement.where(column <= self._key.bound(_UNTIL))
            ends[_UNTIL] = self._key.value(until[1:])
        rows = self._rows("", statement, ends)
        records = [(str(row[0]), self._stored(row)) for row in rows]
        return Page(records, _position(records[-1][0]) if len(records) == limit else "")

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of like size. No payloads are read.

        It sorts all keys, from their index where the planner finds it good; a table of PostgreSQL beyond 16 MiB, what
        is stored apart from its rows not counted, is parted by the keys in a sample of its blocks.
        """
        blocks = self._blocks()
        if blocks > _SAMPLED:
            sample = sa.tablesample(self._table, sa.func.system(100 * _SAMPLED / blocks))
            positions = self._parted(sample.c[self._key.column.name], parts)
            if len(positions) == parts - 1:
                return positions
        return self._parted(self._key.column, parts)

    def starts(self, size: int) -> Iterator[tuple[bytes, dict[str, str], int]]:
        """How many records begin with which bytes, beside which headers.

        Of JSON columns the tag alone is the start, `{"$serde":{...}}`, however long it is, and `{}` of records without.
        """
        start = self._payload.start(size).label("start")
        headers = (sa.null() if self._headers is None else self._headers.read).label("headers")
        each = sa.select(start, headers).where(self._present).subquery()
        statement = sa.select(each.c.start, each.c.headers, sa.func.count()).group_by(each.c.start, each.c.headers)
        counts: Counter[tuple[bytes, bytes]] = Counter()
        for found, beside, count in self._rows("", statement):
            start_bytes = None if found is None else as_bytes(found)
            counts[self._payload.started(start_bytes, size), as_bytes(beside)] += count
        for (begins, beside), count in counts.items():
            yield begins, _mapping(beside), count

    def beside(self, name: str) -> SqlStore:
        """The table `<table>_<name>` in the plain layout. It uses this store's connections, so it ends with it."""
        if not _BESIDE.fullmatch(name):
            raise DeclarationError(
                f"`{name}` cannot be the name of a store beside another.", hint="Use `a-z` and `_`, at most 20."
            )
        here = self._place
        place = _Place(f"{here.table}_{name}", "key", "payload", "headers", "revision", here.schema, here.timeout)
        return self._plain(self._database, place, owner=False)

    def close(self) -> None:
        """Closes this process's connections, unless the engine was given; later calls raise."""
        self._closed = True
        if self._owner:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        if self._database.url is None:
            raise DeclarationError(
                "A store over an engine cannot be sent to another process.", hint="Open it by a URL instead."
            )
        return (_opened, (type(self), self._database.url, self._place))

    def _rows(self, key: str, statement: sa.Executable, values: Mapping[str, object] = _NOTHING) -> list[Any]:
        if self._closed:
            raise closed(key)
        with self._database.connection(key) as connection:
            return list(connection.execute(statement, values).all())

    def _at(self, token: str) -> dict[str, object] | None:
        """What a row at the token holds; None for what can be nobody's token."""
        match = _TOKEN.fullmatch(token)
        if match is None or (match[1] is None) != (self._revision is None):
            return None
        at: dict[str, object] = {_DIGEST: match[2]}
        if self._revision is not None:
            at[_WAS] = int(match[1]) if match[1] else None
        return at

    def _written(self, key: str, payload: bytes, headers: Mapping[str, str]) -> dict[str, object]:
        """What the store writes into a row."""
        written: dict[str, object] = {_KEY: self._key.value(key), _PAYLOAD: self._payload.value(payload, key)}
        if self._headers is not None:
            text = json.dumps(dict(headers), ensure_ascii=False, sort_keys=True)
            written[_HEADERS] = self._headers.value(text.encode(), key)
        elif headers:
            raise StoreError(
                "The table has no column for headers.",
                key=key,
                hint="Name one by `headers=`, or use the framing `envelope` or `inline`.",
            )
        if self._revision is not None:
            written[_REVISION] = secrets.randbits(self._bits)
        return written

    def _changed(self, key: str, statement: sa.Executable, values: Mapping[str, object]) -> str | None:
        """The token of the row that was written; None if none was."""
        rows = self._rows(key, statement, values)
        if not rows:
            return None
        return str(rows[0][0]) if self._revision is None else f"{values[_REVISION]}-{rows[0][0]}"

    def _stored(self, row: Any) -> Stored:
        _, payload, headers, revision = row
        content, beside = as_bytes(payload), as_bytes(headers)
        token = digest(content, beside)
        if self._revision is not None:
            token = f"{'' if revision is None else revision}-{token}"
        return Stored(content, _mapping(beside), token)

    def _blocks(self) -> int:
        """The table's size in PostgreSQL's blocks; 0 where no sample can be taken."""
        if self._database.product == "sqlite":
            return 0
        size = sa.func.pg_relation_size(sa.cast(self._database.quoted(self._table), postgresql.REGCLASS()))
        ((blocks,),) = self._rows("", sa.select(size / 8192))
        return int(blocks)

    def _parted(self, column: Element, parts: int) -> list[str]:
        present = self._key.present if column is self._key.column else column.is_not(None)
        number = sa.func.ntile(parts).over(order_by=column).label("part")
        part = sa.select(column.label("key"), number).where(present).subquery()
        following = sa.func.lead(part.c.part).over(order_by=part.c.key).label("following")
        both = sa.select(part.c.key, part.c.part, following).subquery()
        statement = sa.select(both.c.key).where(both.c.part != both.c.following).order_by(both.c.part)
        return [_position(str(key)) for (key,) in self._rows("", statement)]


def _opened(kind: type[SqlStore], url: str, place: _Place) -> SqlStore:
    return kind(url, *place[:6], timeout=place.timeout)


def _position(key: str) -> str:
    return f"={key}"  # the empty key has a position, too


def _mapping(headers: bytes) -> dict[str, str]:
    """Headers as they are in a row. Whatever else others put there is kept as text, or is no header at all.

    A row that cannot be understood is refused by who looks for its tag, and does not stop a scan.
    """
    try:
        values = json.loads(headers or b"{}")
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
