"""A new version takes a name that an earlier one gave up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.check.comparing import declared
from versioned_serde import Version, add, remove
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.release import Release
from versioned_serde.check.rules.shapes import name_reused
from versioned_serde.lock.files import write_lock


@dataclass
class Order:
    x: int


@dataclass
class WithNote:
    x: int
    note: str = ""


def releases(path: Path, name: str) -> Comparison:
    """A release that gave up `note`, and one that adds an attribute after the version with it was retired."""
    first = Version(1, codec="json", framing="envelope")
    before = declared(Order, first, Version(2, remove("note", was=str, default="")), writes=2)
    write_lock([before], path)
    second = Version(2, codec="json", framing="envelope", min_reader=1)
    after = declared(WithNote, second, Version(3, add("note")), writes=2)
    if name != "note":
        after = declared(Order, second)
    return Comparison(now=Release.of_declared("this tree", [after], path), beside=[Release.of_texts("v1", texts(path))])


def texts(path: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in path.iterdir()}


def test_fails_where_old_records_hold_another_value(tmp_path: Path) -> None:
    (finding,) = name_reused.check(releases(tmp_path, "note"))
    assert (finding.severity, finding.attribute, finding.version) == ("error", "note", 3)


def test_passes_another_name(tmp_path: Path) -> None:
    assert not list(name_reused.check(releases(tmp_path, "")))


def locked(*numbers: int, model: type = WithNote) -> Release:
    """Some versions, of which 2 is without `note`, and 3 has it again unless the model is `Order`."""
    first = Version(numbers[0], codec="json", framing="envelope")
    steps = {2: remove("note", was=str, default=""), 3: add("note")}
    lines = [first, *(Version(number, steps[number]) for number in numbers[1:])]
    return Release.of_declared(f"v{numbers[-1]}", [declared(model, *lines, writes=numbers[0])])


def test_passes_a_name_that_a_release_beside_took_already() -> None:
    old, beside = locked(1, 2, model=Order), locked(3)
    now = locked(3)
    (finding,) = name_reused.check(Comparison(now=now, beside=[old]))
    assert (finding.attribute, finding.version) == ("note", 3)
    assert not list(name_reused.check(Comparison(now=now, beside=[beside], supported=[old])))


def test_passes_a_name_that_the_version_before_has_by_now() -> None:
    before = locked(1, 2, model=Order)
    both = declared(
        WithNote,
        Version(1, codec="json", framing="envelope"),
        Version(2, coding="gzip"),
        Version(3, coding="none"),
        writes=2,
    )
    now = Release.of_declared("v2", [both])
    assert not list(name_reused.check(Comparison(now=now, beside=[before])))
