"""`SqlStore` in the suite that every store passes. What starts processes takes seconds: not each layout does it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from tests.stores.sites import Site
from versioned_serde.protocols import ObjectStore, ScannedStore, Stored
from versioned_serde.stores.sql import SqlStore
from versioned_serde.testing.conformance import scans, stores
from versioned_serde.testing.conformance.scans import ScanConformance
from versioned_serde.testing.conformance.stores import Opener

OPERATIONS = ["insert", "update", "stale", "delete", "delete stale"]
ODD_KEYS = tuple(key for key in stores.ODD_KEYS if "\0" not in key)
NO_NUL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
"""PostgreSQL has no text with NUL in it, which `test_sql.py` shows to be refused."""


def narrow(monkeypatch: pytest.MonkeyPatch, payloads: st.SearchStrategy[bytes]) -> None:
    """Leaves out of the suite what a column cannot hold."""
    keys = st.sampled_from(ODD_KEYS) | NO_NUL
    histories = st.lists(st.tuples(st.sampled_from(OPERATIONS), keys, payloads), max_size=25)
    monkeypatch.setattr(stores, "histories", histories)
    monkeypatch.setattr(scans, "keys", keys)
    for module in (stores, scans):
        monkeypatch.setattr(module, "ODD_KEYS", ODD_KEYS)


def faster(path: Path) -> SqlStore:
    """A store over an engine, and a file that need not survive the machine."""
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous = OFF"))
    return SqlStore.create(engine)


class TestSqlite(ScanConformance):
    """The plain layout: a revision, and headers as text. Over an engine."""

    counts_starts = True
    test_one_of_many_processes_inserts = None  # type: ignore[assignment]
    test_a_killed_writer_leaves_the_old_record_or_the_new_one = None  # type: ignore[assignment]

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        return partial(faster, tmp_path / "records.db")

    @pytest.fixture
    def store(self, opener: Opener) -> Iterator[ObjectStore]:
        store = opener()
        yield store
        assert isinstance(store, SqlStore)
        assert store._database._given is not None
        store._database._given.dispose()


class TestBytea(ScanConformance):
    """A table of a service, without a revision, and headers as JSONB. By URL."""

    counts_starts = True
    # The server may finish a statement after its writer was killed, for which the suite does not wait; see test_sql.py.
    test_a_killed_writer_leaves_the_old_record_or_the_new_one = None  # type: ignore[assignment]

    @pytest.fixture
    def opener(self, served: Site, monkeypatch: pytest.MonkeyPatch) -> Opener:
        narrow(monkeypatch, st.binary(max_size=20))
        name = served.table("id text PRIMARY KEY, body bytea, tag jsonb, seen timestamptz DEFAULT now()")
        return partial(SqlStore, served.url, name, headers="tag")


class TestText(ScanConformance):
    """The same with a revision, without headers, and with payloads that are text."""

    keeps_headers = False
    counts_starts = True
    test_it_scans_what_a_dictionary_holds = None  # type: ignore[assignment]  # its payloads are no text
    test_processes_lose_no_update = None  # type: ignore[assignment]
    test_one_of_many_processes_inserts = None  # type: ignore[assignment]
    test_a_killed_writer_leaves_the_old_record_or_the_new_one = None  # type: ignore[assignment]

    @pytest.fixture
    def opener(self, served: Site, monkeypatch: pytest.MonkeyPatch) -> Opener:
        narrow(monkeypatch, NO_NUL.map(str.encode))
        name = served.table("id varchar(2000) PRIMARY KEY, body text NOT NULL, version integer")
        return partial(SqlStore, served.url, name, revision="version")

    @pytest.mark.parametrize("payload", [b"", "ü€\U0010ffff".encode(), b"\r\n", b"x" * 3_000_000])
    def test_bytes_come_back_as_they_were(self, store: ObjectStore, payload: bytes) -> None:
        token = store.insert("a", payload, {})
        assert token is not None
        assert store.get("a") == Stored(payload, {}, token)

    def test_starts_are_counted(self, scannable: ScannedStore) -> None:
        assert isinstance(scannable, SqlStore)
        for number in range(40):
            scannable.insert(str(number), f"ü{number % 3}payload{number}".encode(), {})
        scannable.insert("short", "ü".encode(), {})
        assert sorted(scannable.starts(3)) == [
            ("ü".encode(), {}, 1),
            ("ü0".encode(), {}, 14),
            ("ü1".encode(), {}, 13),
            ("ü2".encode(), {}, 13),
        ]
        # Bytes, even if that cuts a character.
        assert list(scannable.starts(1)) == [(b"\xc3", {}, 41)]
