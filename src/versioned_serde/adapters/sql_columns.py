"""Columns of a user's own table as a store sees them: keys as text, contents as bytes, whatever their types."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from versioned_serde.adapters.sql_database import DIGEST
from versioned_serde.envelope.inline import MEMBER
from versioned_serde.errors import DeclarationError, StoreError

Element = sa.ColumnElement[Any]

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_TEXTS: Final = ("TEXT", "VARCHAR")
# By the names that SQLAlchemy gives reflected types. PostgreSQL's `char(n)` pads and `citext` folds, so that two keys,
# or the content before and after a change, could be the same.
_KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {
        **dict.fromkeys((*_TEXTS, "NVARCHAR", "CHAR", "NCHAR"), "text"),
        **dict.fromkeys(("SMALLINT", "INTEGER", "BIGINT"), "integer"),
    },
    "postgresql": {
        **dict.fromkeys(_TEXTS, "text"),
        **dict.fromkeys(("SMALLINT", "INTEGER", "BIGINT"), "integer"),
        "UUID": "uuid",
    },
}
_CONTENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {"BLOB": "bytes", **dict.fromkeys((*_TEXTS, "NVARCHAR", "CHAR", "NCHAR"), "text"), "JSON": "json"},
    "postgresql": {"BYTEA": "bytes", **dict.fromkeys(_TEXTS, "text"), "JSON": "json", "JSONB": "jsonb"},
}
_BITS: Final = {"SMALLINT": 16, "INTEGER": 32, "BIGINT": 64}


class Table:
    """What a table has, asked of the database once.

    Attributes:
        clause: the table in statements, with all of its columns.
    """

    def __init__(self, connection: sa.Connection, product: str, name: str, schema: str | None) -> None:
        """Reflects. Raises `DeclarationError` if there is no such table."""
        self.product = product
        self.full_name = f"{schema}.{name}" if schema else name
        inspector = sa.inspect(connection)
        if not inspector.has_table(name, schema=schema):
            raise DeclarationError(
                f"There is no table `{self.full_name}`.", hint="Name one that is there, or use `SqlStore.create`."
            )
        self._types = {column["name"]: column["type"] for column in inspector.get_columns(name, schema=schema)}
        self.clause = sa.table(name, *map(sa.column, self._types), schema=schema)
        unique: list[Sequence[str | None]] = [inspector.get_pk_constraint(name, schema=schema)["constrained_columns"]]
        # In SQLite also the indexes behind constraints, which SQLAlchemy does not always find in the text of the table.
        options = {"include_auto_indexes": True} if product == "sqlite" else {}
        unique += [
            each["column_names"]
            for each in inspector.get_indexes(name, schema=schema, **options)
            if each["unique"] and (each.get("dialect_options") or {}).get(f"{product}_where") is None
        ]
        self._unique = unique

    def check(self, names: Mapping[str, str]) -> None:
        """Refuses roles without a column, and columns with two. Args: the role of each, and the column's name."""
        missing = [f"`{name}` for the {role}" for role, name in names.items() if name not in self._types]
        if missing:
            raise DeclarationError(
                f"The table `{self.full_name}` has no column {' and no '.join(missing)}.",
                hint=f"It has {', '.join(f'`{name}`' for name in self._types)}.",
            )
        if len(set(names.values())) < len(names):
            raise DeclarationError(
                f"One column of `{self.full_name}` was given two roles.", hint="Name a column for each."
            )

    def key(self, name: str) -> Key:
        """The column by which a row is found. Raises `DeclarationError` unless it is unique and of a known type."""
        if not any(list(names) == [name] for names in self._unique):
            raise DeclarationError(
                f"The column `{name}` of `{self.full_name}` is not unique by itself.",
                hint="Name a column that tells rows apart, or add a unique index.",
            )
        kind = self._kind(name, "key", _KEYS[self.product])
        bits = 64 if self.product == "sqlite" else _BITS.get(self._types[name].__visit_name__, 0)
        return Key(self.clause.c[name], kind, bits, self.product)

    def content(self, name: str, role: Literal["payload", "headers"]) -> Content:
        """A column for bytes, or for headers, which are JSON text."""
        kinds = _CONTENTS[self.product]
        if role == "headers":
            kinds = {type_: kind for type_, kind in kinds.items() if kind != "bytes"}
        return Content(self.clause.c[name], self._kind(name, role, kinds), self.product)

    def revision_bits(self, name: str) -> int:
        """How many bits a revision in this column may have. Raises `DeclarationError` for one that is too small."""
        self._kind(name, "revision", dict.fromkeys(("INTEGER", "BIGINT"), ""))
        # Half of what the column holds, so that others' `version + 1` does not overflow.
        return 30 if self.product == "postgresql" and self._types[name].__visit_name__ == "INTEGER" else 62

    def _kind(self, name: str, role: str, kinds: Mapping[str, str]) -> str:
        type_ = self._types[name]
        if type_.__visit_name__ not in kinds:
            raise DeclarationError(
                f"The column `{name}` of `{self.full_name}` is of the type {type(type_).__name__},"
                f" which cannot be the {role}.",
                hint=f"Supported are {', '.join(kinds)}.",
            )
        return kinds[type_.__visit_name__]


@dataclass(frozen=True)
class Key:
    """The column of keys. A key has one text, and a text is at most one key."""

    column: sa.ColumnClause[Any]
    kind: str
    bits: int
    product: str

    def bound(self, name: str) -> Element:
        """The parameter for a key in a statement."""
        types: dict[str, Any] = {"integer": sa.BigInteger(), "uuid": sa.Uuid(), "text": sa.Text()}
        return sa.bindparam(name, type_=types[self.kind])

    def value(self, key: str) -> object:
        """What the parameter is given. Raises `StoreError` for what cannot be a key of this column."""
        if self.kind == "integer":
            return _integer(key, self.bits)
        if self.kind == "uuid":
            return _uuid(key)
        try:
            key.encode()
        except UnicodeEncodeError as error:
            raise StoreError(
                "The key is not valid Unicode text.", key=key, hint="Use a key without lone surrogates."
            ) from error
        if self.product == "postgresql" and "\0" in key:
            raise StoreError("PostgreSQL keeps no text with NUL in it.", key=key, hint="Use a key without NUL.")
        return key

    @property
    def by_code_points(self) -> Element:
        """The key in an order that does not depend on the column's collation; its index may be of no use."""
        if self.kind != "text":
            return self.column
        return sa.collate(self.column, "C" if self.product == "postgresql" else "BINARY")

    @property
    def present(self) -> Element:
        """Whether a row has a key at all: a unique column may be NULL, and SQLite lets any column hold anything."""
        if self.product == "sqlite":
            return sa.func.typeof(self.column) == self.kind
        return self.column.is_not(None)


@dataclass(frozen=True)
class Content:
    """A column of payloads or headers."""

    column: sa.ColumnClause[Any]
    kind: str
    product: str

    @property
    def read(self) -> Element:
        """What a row is asked for: bytes or raw text, never a value parsed by a driver."""
        if self.kind == "json" and self.product == "sqlite":
            return sa.cast(self.column, sa.Text())  # a column declared JSON makes a number of text that looks like one
        if self.kind == "bytes" or self.product == "sqlite":
            return self.column
        return sa.cast(self.column, sa.Text())

    @property
    def as_bytes(self) -> Element:
        """The content as PostgreSQL's bytea, in UTF-8."""
        return self.column if self.kind == "bytes" else sa.func.convert_to(self.read, sa.literal_column("'UTF8'"))

    def start(self, size: int) -> Element:
        """How the content begins, in bytes or characters; of JSON the tag alone, wherever the member stands in it."""
        if self.kind not in ("json", "jsonb"):
            return sa.func.substr(self.read, 1, size)
        if self.product == "postgresql":
            member: Element = self.column.op("->")(sa.literal(MEMBER, sa.Text()))
            return sa.cast(sa.cast(member, JSONB()), sa.Text())
        path = sa.literal(f'$."{MEMBER}"', sa.Text())
        # Nothing holds others to JSON in SQLite, and its functions refuse what is none.
        return sa.case((sa.func.json_valid(self.column) == 1, sa.func.json_extract(self.column, path)))

    def started(self, start: bytes | None, size: int) -> bytes:
        """What `start` gave, as the beginning of a record."""
        if self.kind not in ("json", "jsonb"):
            return (start or b"")[:size]
        return b"{}" if start is None else b'{"%b":%b}' % (MEMBER.encode(), start)

    def bound(self, name: str) -> Element:
        """The parameter for content that is written, as it goes into the column."""
        if self.kind == "bytes":
            return sa.bindparam(name, type_=sa.LargeBinary())
        text = sa.bindparam(name, type_=sa.Text())
        if self.product == "postgresql" and self.kind != "text":
            return sa.cast(text, JSONB() if self.kind == "jsonb" else sa.JSON())
        return text

    def value(self, content: bytes, key: str) -> bytes | str:
        """What the parameter is given. Raises `StoreError` for bytes that a column of text cannot hold."""
        if self.kind == "bytes":
            return content
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = None
        if text is None or (self.product == "postgresql" and "\0" in text):
            raise StoreError(
                f"The column `{self.column.name}` holds text, and the record is not text"
                f"{' without NUL' if self.product == 'postgresql' else ''}.",
                key=key,
                hint="Write JSON without a coding, in the framing `inline` or `headers`, or use a column for bytes.",
            )
        return text


def digest_of(payload: Content, headers: Content | None) -> Element:
    """The digest of a row's content, made by the database; the same as `sql_database.digest`."""
    if payload.product == "sqlite":
        beside: Element = sa.literal_column("''") if headers is None else headers.read
        made: Callable[..., Element] = getattr(sa.func, DIGEST)
        return made(payload.read, beside)
    content: Element = sa.func.sha256(payload.as_bytes)
    if headers is not None:
        nothing: Element = sa.literal_column("''::bytea")
        content = content.op("||")(sa.func.coalesce(headers.as_bytes, nothing))
    return sa.func.encode(sa.func.sha256(content), sa.literal_column("'hex'"))


def _integer(key: str, bits: int) -> int:
    if not _INTEGER.fullmatch(key) or not -(2 ** (bits - 1)) <= int(key) < 2 ** (bits - 1):
        raise StoreError(
            f"The key is no integer of {bits} bits.",
            key=key,
            hint="Keys of this table are written as `17` or `-17`, without zeros in front.",
        )
    return int(key)


def _uuid(key: str) -> uuid.UUID:
    try:
        value = uuid.UUID(key)
    except ValueError:
        value = None
    if value is None or str(value) != key:
        raise StoreError(
            "The key is no UUID.",
            key=key,
            hint="Keys of this table are written as Python's `str` of a UUID does, with hyphens, in lower case.",
        )
    return value
