"""Random kills with live writers: no acknowledged write is lost. Of a store that is written to blindly, some are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tests.backfill.conftest import PLACES, Opened
from tests.backfill.counters import new
from tests.backfill.faults.fleet import Fleet
from tests.backfill.faults.killing import Backfill, killed
from versioned_serde.backfill.probe import probe
from versioned_serde.errors import UnsafeStoreError
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


@dataclass(frozen=True)
class Amount:
    """How much is tried: of kills, and of writes that must be acknowledged meanwhile."""

    kills: int
    writes: int = 0


def amount(place: str) -> Amount:
    if settings.get_current_profile_name() not in {"longer", "thorough"}:
        return Amount(20)
    writes = int(os.environ.get("BACKFILL_WRITES", "0"))
    return Amount(1_000, writes or 10_000_000) if place == "sqlite" else Amount(200, writes or 100_000)


@pytest.mark.parametrize(("opened", "place"), [(each, each) for each in PLACES], indirect=["opened"], ids=PLACES)
def test_no_acknowledged_write_is_lost(opened: Opened, place: str, tmp_path: Path) -> None:
    store, wanted = opened(), amount(place)
    with Fleet(store, tmp_path / "journals", RECORDS, wanted.writes) as fleet:
        kills = killed(store, wanted.kills, fleet.is_done)
    assert fleet.audit() == []
    assert kills.hit >= wanted.kills
    assert fleet.told.acknowledged >= max(wanted.writes, 100)
    # The old writers are gone, so that nothing of an older version comes behind the scan.
    last = Backfill(store).started()
    last.join()
    assert last.exitcode == 0
    versions = {new.identify(stored.payload, stored.headers).version for _, stored in store.scan("", "", 10**6).records}
    assert versions == {3}
    print(f"\n{place}: {kills}, {fleet.told.acknowledged:,} acknowledged writes")  # noqa: T201 - for who runs it long


def test_a_blind_backfill_is_refused_and_if_it_were_not_the_audit_would_tell(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "records.db", fsync=False) as store, BlindStore(tmp_path / "records.db") as blind:
        with pytest.raises(UnsafeStoreError):
            probe(blind)
        with Fleet(store, tmp_path / "journals", RECORDS) as fleet:
            for up in (True, False):
                process = Backfill(blind, up, probed=False).started()
                process.join()
        assert any("instead of" in wrong for wrong in fleet.audit())
