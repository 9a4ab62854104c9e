from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from rich.cells import cell_len

from tests.check.reports.outcomes import ALL, CLEAN, COMPARED, FIELD, HARD, PLANNED, USUAL, WRITES, outcomes
from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.text import report

SOURCE = """\
from versioned_serde import Schema
orders = Schema("shop.order", Order)
\tcarts = Schema("日本", Cart)
"""
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "serde.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def excerpt_of(place: Place) -> list[str]:
    """The lines below the arrow."""
    _, _, after = report(Outcome(findings=(replace(WRITES, place=place, witness=None, help=""),))).partition(" --> ")
    lines = after.split("\n")[1:]
    return lines[: lines.index("")]


def test_a_report() -> None:
    assert report(replace(USUAL, findings=USUAL.findings[:2], ignored=())) == (
        "1 error, 1 warning, held against v1.4.0.\n"
        "\n"
        "error: write-before-read\n"
        "  The old one cannot read what the new one writes.\n"
        "\n"
        "  shop.order, version 2: This release writes version 2, which v1.4.0 cannot\n"
        '  read, because of `rename("customer", "buyer")`.\n'
        " --> shop/serde.py:2:10\n"
        "   |\n"
        ' 2 | orders = Schema("shop.order", Order)\n'
        "   |          ^^^^^^\n"
        '  For example: {"buyer": "ada"}\n'
        "\n"
        "  Instead: Make it two releases: first list the version and keep `writes`; then,\n"
        "  when every host runs that, raise it.\n"
        "  More: serde-check explain write-before-read\n"
        "\n"
        "warning: field-deleted\n"
        "\n"
        "  shop.Order, `lines.sku`: Field 3 is gone.\n"
        " --> order.proto:7\n"
        "\n"
        "  More: serde-check explain field-deleted\n"
    )


def test_nothing_found() -> None:
    assert report(CLEAN) == "Nothing found.\n"
    assert report(replace(USUAL, findings=())) == "Nothing found, 2 ignored, held against v1.4.0.\n"


def test_what_to_do_is_said_once_of_many() -> None:
    other = replace(WRITES, schema="shop.cart")
    text = report(Outcome(findings=(WRITES, FIELD, other)))
    assert text.count("Instead: Make it two releases") == 1
    assert "error: write-before-read (2 times)" in text
    assert text.index("shop.cart") < text.index("Instead: ") < text.index("field-deleted")


def test_the_severe_ones_come_first() -> None:
    text = report(Outcome(findings=(USUAL.findings[2], FIELD, WRITES)))
    assert text.index("error: ") < text.index("warning: ") < text.index("note: ")
    assert text.startswith("1 error, 1 warning, 1 note.")


def test_verdicts() -> None:
    assert report(COMPARED).split("\n")[1:5] == [
        "backward: compatible",
        "  a reader of the new one reads all that the old one may have written.",
        "forward: undecided",
        "  whether a reader of the old one reads all that the new one may write is open.",
    ]


def test_the_plan_comes_last() -> None:
    assert report(PLANNED).endswith(f"\n\n{PLANNED.plan}")


def test_a_place_without_columns_has_no_underline() -> None:
    assert excerpt_of(Place(path="shop/serde.py", line=1)) == ["   |", " 1 | from versioned_serde import Schema"]


def test_a_place_without_an_end_is_one_character() -> None:
    assert excerpt_of(Place(path="shop/serde.py", line=2, column=10))[2] == "   |          ^"


def test_a_place_of_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    place = Place(path="shop/serde.py", line=2, column=10, end_line=3, end_column=2)
    assert excerpt_of(place)[2] == "   |          " + "^" * len('Schema("shop.order", Order)')


def test_wide_characters_and_tabs_are_as_wide_as_they_are_shown() -> None:
    _, line, marks = excerpt_of(Place(path="shop/serde.py", line=3, column=18, end_line=3, end_column=20))
    assert line == ' 3 |     carts = Schema("日本", Cart)'
    assert marks.index("^") == cell_len(line[: line.index("日")])
    assert marks.count("^") == 4


@pytest.mark.parametrize("column", [1, 60, 150, 290, 300, 400])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    text = "".join(chr(0x61 + at % 26) for at in range(300))
    Path("long.py").write_text(f"{text}\n")
    _, line, *marks = excerpt_of(Place(path="long.py", line=1, column=column, end_line=1, end_column=column + 2))
    assert len(line) <= 80
    assert all(len(each) <= 80 for each in marks)
    assert len(marks) == (column <= 300)
    for each in marks:
        at = each.index("^")
        assert line[at] == text[column - 1]


@pytest.mark.parametrize(
    "place",
    [
        Place(path="missing.py", line=1, column=1),
        Place(path="shop", line=1, column=1),
        Place(path="shop/serde.py", line=99, column=1),
        Place(path="shop/serde.py"),
        Place(path="image.binpb", line=1, column=1),
        Place(path="zero\0.py", line=1, column=1),
        Place(path="large.py", line=1, column=1),
    ],
    ids=lambda place: f"{place.path}:{place.line}",
)
def test_without_a_line_there_is_no_excerpt(place: Place) -> None:
    Path("image.binpb").write_bytes(b"\xff\xfe\x00")
    Path("large.py").write_text("x = 1\n" * 2_000_000)
    assert excerpt_of(place) == []


def test_no_name_moves_the_cursor() -> None:
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", report(Outcome(findings=(HARD,)))) is None


def test_an_empty_payload_is_a_witness_too() -> None:
    assert "  For example: an empty payload\n" in report(Outcome(findings=(replace(WRITES, witness=""),)))


def test_a_long_witness_is_cut() -> None:
    text = report(Outcome(findings=(replace(WRITES, witness="x" * 1_000),)))
    assert f"{'x' * 400}… (1,000 characters)" in text.replace("\n  ", " ")


@pytest.mark.parametrize("name", ALL)
def test_colours_are_all_that_a_terminal_adds(name: str) -> None:
    plain, coloured = report(replace(ALL[name], plan="")), report(replace(ALL[name], plan=""), colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in coloured
    assert COLOURS.sub("", coloured) == plain


def test_a_terminal_renders_the_plan() -> None:
    text = COLOURS.sub("", report(PLANNED, colour=True))
    assert "# The plan" not in text
    assert "Release with writes=2." in text


def test_a_wider_terminal_is_used_as_far_as_it_is_good_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding(rule="r", severity="note", message="word " * 100)
    for columns, widest in (("40", 80), ("100", 100), ("300", 110)):
        monkeypatch.setenv("COLUMNS", columns)
        lines = COLOURS.sub("", report(Outcome(findings=(finding,)), colour=True)).split("\n")
        assert widest - 5 <= max(map(len, lines)) <= widest


@given(outcomes)
def test_lines_are_as_wide_as_the_page(outcome: Outcome) -> None:
    for line in report(replace(outcome, plan="")).split("\n"):
        # Words, paths and rules are not broken, so that they can be found and copied.
        assert len(line) <= 80 or line.startswith(" --> ") or " " not in line.strip(), line
