"""What every store that a backfill goes through must do: `ScanConformance`."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.protocols import CountsStarts, ScannedStore, Stored
from versioned_serde.testing.conformance.stores import ODD_KEYS, StoreConformance, keys


def scanned(store: ScannedStore, limit: int, after: str = "", until: str = "") -> Iterator[tuple[str, Stored]]:
    """A whole range, page by page."""
    while True:
        page = store.scan(after, until, limit)
        assert len(page.records) <= limit
        yield from page.records
        if not page.position:
            return
        assert page.position != after, "the scan does not get on"
        after = page.position


class ScanConformance(StoreConformance):
    """The promises of `protocols.ScannedStore`, each a test, and those of `ObjectStore`. Inherited from alike.

    Attributes:
        counts_starts: whether the store offers `protocols.CountsStarts`.
    """

    counts_starts = False

    @pytest.fixture
    def scannable(self, store: ScannedStore) -> ScannedStore:
        return store

    def test_nothing_is_scanned_at_first(self, scannable: ScannedStore) -> None:
        assert list(scanned(scannable, 10)) == []
        assert list(scannable.partition(4)) == []

    @pytest.mark.parametrize("limit", [1, 7, 1_000])
    def test_a_scan_finds_each_record_once(self, scannable: ScannedStore, limit: int) -> None:
        for key in ODD_KEYS:
            assert scannable.insert(key, key.encode() + b"!", {}) is not None
        found = list(scanned(scannable, limit))
        assert sorted(key for key, _ in found) == sorted(ODD_KEYS)
        for key, stored in found:
            assert stored == scannable.get(key)

    def test_a_page_ends_where_its_limit_says(self, scannable: ScannedStore) -> None:
        for number in range(30):
            scannable.insert(str(number), b"", {})
        first = scannable.scan("", "", 10)
        assert 1 <= len(first.records) <= 10
        assert first.position
        # The same position, later and in another scan, is the same place.
        rest = [key for key, _ in scanned(scannable, 10, first.position)]
        assert sorted([*(key for key, _ in first.records), *rest]) == sorted(map(str, range(30)))

    def test_it_scans_what_a_dictionary_holds(self, scannable: ScannedStore) -> None:
        @given(st.dictionaries(keys, st.binary(max_size=9), max_size=12), st.integers(1, 5), st.integers(1, 6))
        def check(records: dict[str, bytes], limit: int, parts: int) -> None:
            for key in list(scannable.keys()):
                stored = scannable.get(key)
                assert stored is not None
                scannable.delete(key, stored.token)
            for key, payload in records.items():
                scannable.insert(key, payload, {})
            assert {key: stored.payload for key, stored in scanned(scannable, limit)} == records
            found = [key for span in _ranges(scannable, parts) for key, _ in scanned(scannable, limit, *span)]
            assert sorted(found) == sorted(records)

        check()

    def test_parts_are_disjoint_and_of_like_size(self, scannable: ScannedStore) -> None:
        names = [f"{number:04}" for number in range(int(800 * self.scale))]
        for name in names:
            scannable.insert(name, b"", {})
        for parts in (1, 2, 4, 7):
            spans = _ranges(scannable, parts)
            assert len(spans) <= parts
            found = [[key for key, _ in scanned(scannable, 100, *span)] for span in spans]
            assert sorted(key for part in found for key in part) == names
            assert len(spans) == parts
            assert all(len(names) / parts / 4 <= len(part) <= 4 * len(names) / parts for part in found)

    def test_more_parts_than_records(self, scannable: ScannedStore) -> None:
        for name in "abc":
            scannable.insert(name, b"", {})
        found = [key for span in _ranges(scannable, 50) for key, _ in scanned(scannable, 2, *span)]
        assert sorted(found) == ["a", "b", "c"]

    def test_a_scan_goes_on_while_others_write(self, scannable: ScannedStore) -> None:
        kept = [f"{number:03}" for number in range(int(300 * self.scale))]
        for name in kept:
            scannable.insert(name, b"0", {})
        source = random.Random(1)  # noqa: S311  no secret
        for passing in (f"{source.choice(kept)}x" for _ in range(20)):
            scannable.insert(passing, b"", {})
        for _ in range(3):
            found, after = [], ""
            while True:
                page = scannable.scan(after, "", 20)
                found += [key for key, _ in page.records]
                if not page.position:
                    break
                after = page.position
                self._write_meanwhile(scannable, kept, source)
            assert [key for key in sorted(found) if not key.endswith("x")] == kept

    @staticmethod
    def _write_meanwhile(store: ScannedStore, kept: list[str], source: random.Random) -> None:
        """Changes a record, and lets others come and go before and behind the position."""
        changed = store.get(key := source.choice(kept))
        assert changed is not None
        assert store.update(key, changed.token, changed.payload + b".", {}) is not None
        for key in [key for key in store.keys() if key.endswith("x")][:3]:  # noqa: SIM118 - a store is no mapping
            passing = store.get(key)
            assert passing is not None
            assert store.delete(key, passing.token)
        for _ in range(3):
            store.insert(f"{source.choice(kept)}x", b"", {})

    def test_a_position_stays_valid_when_its_record_goes(self, scannable: ScannedStore) -> None:
        for number in range(20):
            scannable.insert(f"{number:02}", b"", {})
        first = scannable.scan("", "", 5)
        gone = [key for key, _ in first.records]
        for key, stored in first.records:
            assert scannable.delete(key, stored.token)
        rest = [key for key, _ in scanned(scannable, 5, first.position)]
        assert sorted([*gone, *rest]) == [f"{number:02}" for number in range(20)]

    def test_a_store_beside_it_is_apart(self, scannable: ScannedStore) -> None:
        scannable.insert("a", b"record", {})
        other = scannable.beside("progress")
        assert other.get("a") is None
        token = other.insert("a", b"progress", {})
        assert token is not None
        assert other.insert("b", b"progress", {}) is not None
        assert [key for key, _ in scanned(scannable, 10)] == list(scannable.keys()) == ["a"]
        assert sorted(key for key, _ in scanned(other, 1)) == ["a", "b"]
        again = scannable.beside("progress")
        assert again.get("a") == Stored(b"progress", {}, token)
        assert scannable.beside("another").get("a") is None
        for each in (other, again):
            if close := getattr(each, "close", None):
                close()

    def test_starts_are_counted(self, scannable: ScannedStore) -> None:
        assert isinstance(scannable, CountsStarts) == self.counts_starts
        if not isinstance(scannable, CountsStarts):
            return
        for number in range(40):
            scannable.insert(str(number), b"\xfe\xc1" + bytes([number % 3]) + b"payload %d" % number, {})
        scannable.insert("short", b"\xfe", {})
        found = {start: count for start, headers, count in scannable.starts(3) if headers == {}}
        assert found == {b"\xfe\xc1\0": 14, b"\xfe\xc1\1": 13, b"\xfe\xc1\2": 13, b"\xfe": 1}


def _ranges(store: ScannedStore, parts: int) -> list[tuple[str, str]]:
    positions = list(store.partition(parts))
    assert all(positions)
    assert len(set(positions)) == len(positions) < parts
    return list(zip(["", *positions], [*positions, ""], strict=True))
