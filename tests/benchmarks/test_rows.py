"""Each side of each row gives the right result; nothing here is timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import measuring
from benchmarks.records.classes import avro_of
from benchmarks.records.contents import CONTENTS, SIZES
from benchmarks.records.models import Medium, value_of
from benchmarks.records.rich import RICH
from benchmarks.row import Comparison, Row, Side, all_rows
from versioned_serde import Schema

ROWS = [row for _, row in all_rows()]
BY_KEY = {row.key: row for row in ROWS}
CELLS = [pytest.param(row, record, id=f"{row.key}-{record}") for row in ROWS for record in row.records]
DESIGNED = {
    "A": (0.38, 0.45, 0.40),
    "B": (0.33, 0.30, 0.32),
    "C": (0.16, 0.24, 0.30),
    "D": (0.55, 0.52, 0.60),
    "E": (1.27, 1.10, 1.07),
    "F": (1.65, 1.17, 1.08),
    "G": (0.55, 0.60, 0.66),
    "H": (1.05, 1.05, 1.05),
    "I": (0.033, 0.033, 0.033),
    "J": (1.6, 1.35, 1.25),
    "K": (0.08, 0.15, 0.20),
}


@pytest.mark.parametrize(("row", "record"), CELLS)
def test_both_sides_are_right(row: Row, record: str) -> None:
    comparison = row.compare(record)
    for side in (comparison.ours, comparison.theirs):
        measuring.timer_of(side).timeit(1)


def test_the_goals_are_those_of_the_design() -> None:
    found = {row.key: tuple(row.goals[size] for size in SIZES) for row in ROWS if row.goals}
    assert found == DESIGNED
    assert [row.key for row in ROWS[: len(DESIGNED)]] == list(DESIGNED)


def test_keys_tell_rows_apart() -> None:
    assert len(BY_KEY) == len(ROWS)


def test_only_rows_that_say_so_are_measured_in_pure_python() -> None:
    assert {row.key for row in ROWS if row.pure} == {row.key for row in ROWS if "in pure Python" in row.title}


def damaged(record: bytes) -> bytes:
    """One letter of the payload is another."""
    assert b"e" in record[11:]
    return record[:11] + record[11:].replace(b"e", b"i", 1)


def breaking(monkeypatch: pytest.MonkeyPatch, verb: str, broken: Callable[[Any], Callable[[Any], Any]]) -> None:
    """A verb of each schema that is made from now on is what `broken` makes of the right one."""
    made = Schema.__init__

    def init(self: Any, *args: Any, **named: Any) -> None:
        made(self, *args, **named)
        setattr(self, verb, broken(getattr(self, verb)))  # of the instance: some verbs are compiled for each

    monkeypatch.setattr(Schema, "__init__", init)


@pytest.mark.parametrize("key", [*"ABCDEFHIK", "cities", "checksum"])
def test_wrong_bytes_are_noticed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "dumps", lambda right: lambda value: damaged(right(value)))
    row = BY_KEY[key]
    with pytest.raises((AssertionError, ValueError)):
        row.compare(row.records[0])


@pytest.mark.parametrize("key", ["G", "rich-loads", "cities-loads", "protobuf-loads", "struct-loads", "cattrs-loads"])
def test_wrong_values_are_noticed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "loads", lambda right: lambda record: None)
    row = BY_KEY[key]
    with pytest.raises((AssertionError, AttributeError)):
        row.compare(row.records[0])


@pytest.mark.parametrize("key", ["J", "unknown-json"])
def test_lost_attributes_are_noticed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(write: Any) -> Callable[[Any], Any]:
        return lambda document: write.__self__.dumps(document.value)

    breaking(monkeypatch, "write", lossy)
    with pytest.raises(AssertionError):
        BY_KEY[key].compare("M")


def test_sizes_are_about_those_that_the_docs_name() -> None:
    sizes = [len(value_of(size).model_dump_json()) for size in SIZES]
    assert [round(size, -len(str(size)) + 1) for size in sizes] == [90, 1000, 60_000]
    assert len(CONTENTS["M"]) == 20
    assert len(CONTENTS["L"]["items"]) == 500


def test_the_rich_record_sets_all_that_it_has() -> None:
    assert RICH.payment is not None
    assert RICH.refund is None


def test_an_avro_schema_says_the_model() -> None:
    fields = {field["name"]: field["type"] for field in avro_of(Medium)["fields"]}
    assert fields["id"] == "long"
    assert fields["note"] == ["null", "string"]
    assert fields["lines"]["items"]["name"] == "Line"


class FixedTimer:
    """Says of a statement that each call takes as many seconds as it is long."""

    def __init__(self, statement: str, **_: Any) -> None:
        self.statement = statement

    def timeit(self, calls: int) -> float:
        return calls * float(len(self.statement))


def test_a_ratio_is_ours_over_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "Timer", FixedTimer)
    found = measuring.compared(Comparison(Side("four"), Side("eightfold")), rounds=3, seconds=100)
    assert found == measuring.Measured(ratio=4 / 9, ours=4e9, theirs=9e9)


def test_calls_fill_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "Timer", FixedTimer)
    assert measuring.calls_for(measuring.timer_of(Side("four")), seconds=100) == 25
    assert measuring.calls_for(measuring.timer_of(Side("four")), seconds=0.1) == 1
