"""Markdown, as a reader of Markdown sees it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.check.reports.outcomes import ALL, AWKWARD, CLEAN, COMPARED, HARD, PLANNED, USUAL, WRITES, outcomes, texts
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.markdown import code, escaped, report
from versioned_serde.check.reports.texts import one_line

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"<!-- -->", "<br>"}
"""HTML that is in reports on purpose."""


def inline(text: str) -> list[Token]:
    return [each for token in READER.parse(text) for each in token.children or ()]


def shown(text: str) -> str:
    """What a reader sees of it."""
    tokens = inline(text)
    assert {each.type for each in tokens} <= {"text", "text_special", "code_inline", "html_inline"}, tokens
    assert {each.content for each in tokens if each.type == "html_inline"} <= OURS
    return "".join(each.content for each in tokens if each.type != "html_inline")


def without_ticks(text: str) -> str:
    return re.sub(r"[` ]+", "", text)


def test_a_report() -> None:
    assert report(Outcome(findings=USUAL.findings[:2], against=("v1.4.0",))) == (
        "### serde-check: 1 error, 1 warning, held against v1.4.0\n"
        "\n"
        "#### error: `write-before-read`\n"
        "\n"
        "The old one cannot read what the new one writes.\n"
        "\n"
        "**Instead:** Make it two releases: first list the version and keep `writes`; then, when every host runs that,"
        " raise it.\n"
        "\n"
        "- shop.order, version 2: This release writes version 2, which v1.4.0 cannot read, because of"
        ' `rename("customer", "buyer")`. (`shop/serde.py:2:10`)<br>For example: `{"buyer": "ada"}`\n'
        "\n"
        "#### warning: `field-deleted`\n"
        "\n"
        "- shop.Order, `lines.sku`: Field 3 is gone. (`order.proto:7`)\n"
    )


def test_nothing_found() -> None:
    assert report(CLEAN) == "### serde-check: nothing found\n"


def test_verdicts_come_first() -> None:
    lines = report(COMPARED).split("\n")
    assert lines[2] == "**backward: compatible.** A reader of the new one reads all that the old one may have written."
    assert lines[4].startswith("**forward: undecided.** Whether a reader of the old one")


def test_the_plan_comes_last() -> None:
    assert report(PLANNED).endswith(f"\n{PLANNED.plan}")


@pytest.mark.parametrize("text", ["@team", "#17", "GH-18", "a@team.example", "see shop/cart#17."])
def test_nobody_is_called_and_no_issue_is_linked(text: str) -> None:
    assert not re.search(r"[@#-](?=\w)", escaped(text))
    assert shown(escaped(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "1. first",
        "1) first",
        "# head",
        "===",
        "a (b) {c} d!",
        "- item",
        "| a | b |",
        "<script>",
        "&lt;",
        "a_b_c **d**",
        "[l](http://m)",
        "$x$",
        "~~a~~",
        "a\\*b",
    ],
)
def test_no_markup_comes_of_a_message(text: str) -> None:
    assert shown(escaped(text)) == text
    assert shown(f"- {escaped(text)}") == text


def test_code_stays_code() -> None:
    assert escaped("by `rename(*a*, b)`.") == "by `rename(*a*, b)`."
    assert escaped("``a`b``") == "``a`b``"
    assert escaped("a ` b") == "a \\` b"
    assert shown(code("`a``")) == "`a``"


@given(texts)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert without_ticks(shown(f"so: {escaped(text)}")) == without_ticks(f"so: {one_line(text)}")
    if one_line(text):
        assert without_ticks(shown(f"- {escaped(text)}")) == without_ticks(one_line(text))


@given(texts)
def test_any_text_is_shown_as_code(text: str) -> None:
    if one_line(text):
        assert shown(f"so {code(text)} it") == f"so {one_line(text)} it"


@pytest.mark.parametrize("count", [10, 500, 5_000])
def test_a_comment_has_room_for_it(count: int) -> None:
    text = report(Outcome(findings=(WRITES,) * count, plan=PLANNED.plan))
    assert len(text) <= 65_536
    listed = text.count("\n- shop.order")
    left_out = re.search(r"_([\d,]+) more findings do not fit in here; `serde-check` prints all._", text)
    assert listed + (int(left_out[1].replace(",", "")) if left_out else 0) == count
    assert PLANNED.plan in text
    assert text.count("#### ") == text.count("**Instead:**") == 1
    assert (left_out is None) == (count == 10)
    assert len(text) > 60_000 or left_out is None


def test_one_that_does_not_fit() -> None:
    text = report(Outcome(findings=(WRITES, replace(WRITES, message="x" * 70_000))))
    assert "_1 more finding does not fit in here" in text


def test_a_plan_that_does_not_fit_is_left_out_and_not_the_findings() -> None:
    text = report(Outcome(findings=(WRITES,), plan="- verify\n" * 10_000))
    assert "The plan does not fit in here; `serde-check plan` prints it." in text
    assert WRITES.message in text
    assert len(text) < 2_000


def test_the_most_severe_are_the_last_to_be_left_out() -> None:
    text = report(Outcome(findings=(USUAL.findings[1],) * 5_000 + (WRITES,)))
    assert text.index("error: `write-before-read`") < text.index("warning: `field-deleted`")


@pytest.mark.parametrize("name", ALL)
def test_it_fits_and_has_no_control_characters(name: str) -> None:
    text = report(ALL[name])
    assert len(text) <= 65_536
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\u202e]", text)


def test_a_finding_stays_in_its_line() -> None:
    (line,) = (line for line in report(Outcome(findings=(HARD,))).split("\n") if line.startswith("- "))
    # As the schema, the attribute, the message and the witness.
    assert without_ticks(shown(line)).count(without_ticks(one_line(AWKWARD))) == 4


@given(outcomes)
def test_any_outcome_fits(outcome: Outcome) -> None:
    text = report(outcome)
    assert len(text) <= 65_536
    for token in inline(report(replace(outcome, plan=""))):
        assert token.type != "html_inline" or token.content in OURS
        assert token.type not in ("link_open", "image")
