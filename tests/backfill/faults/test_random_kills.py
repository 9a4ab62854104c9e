"""Random kills with live writers: no acknowledged write is lost. And with a store that is written to blindly, some are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from tests.backfill.counters import new
from tests.backfill.faults.fleet import Fleet, told_by
from tests.backfill.faults.killing import Backfill, killed
from versioned_serde.backfill import census
from versioned_serde.backfill.probe import probe
from versioned_serde.errors import UnsafeStoreError
from versioned_serde.protocols import ScannedStore
from versioned_serde.stores.directory import DirectoryStore
from versioned_serde.stores.sqlite import SqliteStore

RECORDS = 200


class BlindStore(SqliteStore):
    """A backfill's store that takes a token and does not look at it."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        there = self.get(key)
        return None if there is None else super().update(key, there.token, payload, headers)

    def beside(self, name: str) -> BlindStore:
        return BlindStore(self._path, f"{self._table}_{name}", fsync=False)

    def __reduce__(self) -> tuple[object, ...]:
        return BlindStore, (self._path, self._table)


@pytest.fixture(params=["sqlite", "directory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScannedStore]:
    if request.param == "directory":
        yield DirectoryStore(tmp_path / "records", fsync=False)
        return
    with SqliteStore(tmp_path / "records.db", fsync=False) as store:
        yield store


def wanted(store: ScannedStore) -> int:
    """Kills."""
    if settings.get_current_profile_name() not in {"longer", "thorough"}:
        return 20
    return 1_000 if isinstance(store, SqliteStore) else 200


def test_no_acknowledged_write_is_lost(store: ScannedStore, tmp_path: Path) -> None:
    with Fleet(store, tmp_path / "journals", RECORDS) as fleet:
        kills = killed(store, wanted(store))
    assert fleet.audit() == []
    assert kills.hit >= wanted(store)
    # The old writers are gone, so that nothing of an older version comes behind the scan.
    Backfill(store).run()
    assert {version for version, _, _ in census(new, store).counts} == {3}
    told = told_by(fleet.folder)
    print(f"{kills}, {told.acknowledged} acknowledged writes")


def test_a_blind_backfill_is_refused_and_if_it_were_not_the_audit_would_tell(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "records.db", fsync=False) as store, BlindStore(tmp_path / "records.db") as blind:
        with pytest.raises(UnsafeStoreError):
            probe(blind)
        with Fleet(store, tmp_path / "journals", RECORDS) as fleet:
            for up in (True, False):
                process = Backfill(blind, up, probed=False).started()
                process.join()
        assert any("instead of" in wrong for wrong in fleet.audit())
