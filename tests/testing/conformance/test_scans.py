"""A scan that breaks a promise is caught by the check of that promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import pytest

from tests.testing.conformance.failing import failure
from tests.testing.conformance.test_stores import Memory
from versioned_serde.protocols import Page, Stored
from versioned_serde.testing.conformance.scans import ScanConformance


class Scanned(Memory):
    """A dictionary that can be gone through."""

    @cached_property
    def others(self) -> dict[str, Scanned]:
        return {}

    def scan(self, after: str, until: str, limit: int) -> Page:
        with self.lock:
            names = self.between(after, until)[:limit]
            records = [(name, self.held[name]) for name in names]
        return Page(records, f"={names[-1]}" if len(names) == limit else "")

    def between(self, after: str, until: str) -> list[str]:
        names = sorted(self.held)
        return [name for name in names if (not after or name > after[1:]) and (not until or name <= until[1:])]

    def partition(self, parts: int) -> list[str]:
        with self.lock:
            names = sorted(self.held)
        ends = {len(names) * part // parts for part in range(1, parts)} - {0, len(names)}
        return [f"={names[end - 1]}" for end in sorted(ends)]

    def beside(self, name: str) -> Scanned:
        return self.others.setdefault(name, type(self)())


class Counted(Scanned):
    def starts(self, size: int) -> Iterator[tuple[bytes, Mapping[str, str], int]]:
        starts = [stored.payload[:size] for stored in self.held.values()]
        return iter([(start, {}, starts.count(start)) for start in set(starts)])


class EndsEarly(Scanned):
    def scan(self, after: str, until: str, limit: int) -> Page:
        page = super().scan(after, until, limit)
        return Page(page.records, "" if len(page.records) < limit or after else page.position)


class CountsPages(Scanned):
    """Positions are numbers of records, which shift when records come and go."""

    def scan(self, after: str, until: str, limit: int) -> Page:
        with self.lock:
            start = int(after[1:]) if after.startswith("#") else 0
            names = self.between("" if after.startswith("#") else after, until)[start : start + limit]
            records = [(name, self.held[name]) for name in names]
        return Page(records, f"#{start + limit}" if len(names) == limit else "")


class GivesTheLastAgain(Scanned):
    def between(self, after: str, until: str) -> list[str]:
        names = sorted(self.held)
        return [name for name in names if (not after or name >= after[1:]) and (not until or name <= until[1:])]


class ForgetsUntil(Scanned):
    def between(self, after: str, until: str) -> list[str]:
        return super().between(after, "")


class ExcludesUntil(Scanned):
    def between(self, after: str, until: str) -> list[str]:
        return [name for name in super().between(after, until) if not until or name < until[1:]]


class GivesTooMuch(Scanned):
    def scan(self, after: str, until: str, limit: int) -> Page:
        return super().scan(after, until, limit + 1)


class GivesOthersContent(Scanned):
    def scan(self, after: str, until: str, limit: int) -> Page:
        page = super().scan(after, until, limit)
        return Page([(name, Stored(b"", {}, stored.token)) for name, stored in page.records], page.position)


class PartsAtTheEnd(Scanned):
    def partition(self, parts: int) -> list[str]:
        with self.lock:
            names = sorted(self.held)
        return [f"={name}" for name in names[-parts:-1]]


class PartsTwice(Scanned):
    def partition(self, parts: int) -> list[str]:
        return [position for position in super().partition(parts) for _ in range(2)]


class HasNoPositionOfTheEmptyKey(Scanned):
    def scan(self, after: str, until: str, limit: int) -> Page:
        page = super().scan(f"={after}" if after else "", until, limit)
        return Page(page.records, page.position[1:])


class IsBesideItself(Scanned):
    def beside(self, name: str) -> Scanned:
        return self


class ForgetsWhatIsBeside(Scanned):
    def beside(self, name: str) -> Scanned:
        return type(self)()


class MixesWhatIsBeside(Scanned):
    def beside(self, name: str) -> Scanned:
        return super().beside("one for all")


class CountsShortRecordsNot(Counted):
    def starts(self, size: int) -> Iterator[tuple[bytes, Mapping[str, str], int]]:
        return ((start, headers, count) for start, headers, count in super().starts(size) if len(start) == size)


BROKEN: list[tuple[type[Scanned], str, tuple[object, ...]]] = [
    (EndsEarly, "test_a_scan_finds_each_record_once", (1,)),
    (CountsPages, "test_a_position_stays_valid_when_its_record_goes", ()),
    (CountsPages, "test_a_scan_goes_on_while_others_write", ()),
    (GivesTheLastAgain, "test_a_scan_finds_each_record_once", (7,)),
    (ForgetsUntil, "test_it_scans_what_a_dictionary_holds", ()),
    (ExcludesUntil, "test_more_parts_than_records", ()),
    (GivesTooMuch, "test_a_page_ends_where_its_limit_says", ()),
    (GivesOthersContent, "test_a_scan_finds_each_record_once", (7,)),
    (PartsAtTheEnd, "test_parts_are_disjoint_and_of_like_size", ()),
    (PartsTwice, "test_parts_are_disjoint_and_of_like_size", ()),
    (HasNoPositionOfTheEmptyKey, "test_a_scan_finds_each_record_once", (1,)),
    (IsBesideItself, "test_a_store_beside_it_is_apart", ()),
    (ForgetsWhatIsBeside, "test_a_store_beside_it_is_apart", ()),
    (MixesWhatIsBeside, "test_a_store_beside_it_is_apart", ()),
    (CountsShortRecordsNot, "test_starts_are_counted", ()),
]


def suite(store: type[Scanned]) -> ScanConformance:
    tested = ScanConformance()
    tested.counts_starts = issubclass(store, Counted)
    return tested


@pytest.mark.parametrize(
    ("check", "arguments"), sorted({(check, arguments) for _, check, arguments in BROKEN}, key=str)
)
def test_a_sound_scan_passes(check: str, arguments: tuple[object, ...]) -> None:
    for store in (Scanned, Counted):
        getattr(suite(store), check)(store(), *arguments)


@pytest.mark.parametrize(
    ("store", "check", "arguments"), BROKEN, ids=[f"{store.__name__}-{check}" for store, check, _ in BROKEN]
)
def test_a_broken_promise_is_caught(store: type[Scanned], check: str, arguments: tuple[object, ...]) -> None:
    failure(suite(store), check, store(), *arguments)


def test_a_store_says_whether_it_counts() -> None:
    assert "counts_starts" in failure(ScanConformance(), "test_starts_are_counted", Counted())
