from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from tests.check.reports.outcomes import ALL, AWFUL, CLEAN, USUAL, outcomes
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.junit import report

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit-10.xsd")))


def tree(outcome: Outcome) -> etree._Element:
    found = etree.fromstring(report(outcome).encode())
    SCHEMA.assertValid(found)
    return found


def texts(outcome: Outcome, path: str) -> list[str]:
    return [str(each) for each in tree(outcome).xpath(path)]


@pytest.mark.parametrize("name", ALL)
def test_it_is_as_its_schema_says(name: str) -> None:
    suite = tree(ALL[name])[0]
    cases = suite.findall("testcase")
    assert len(cases) == max(len(ALL[name].findings) + len(ALL[name].ignored), 1) == int(suite.attrib["tests"])
    assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"])
    assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])


def test_a_report_that_is_not_valid_would_be_seen() -> None:
    with pytest.raises(etree.DocumentInvalid):
        SCHEMA.assertValid(etree.fromstring(report(USUAL).replace("testcase", "test").encode()))


def test_findings_fail_and_notes_do_not() -> None:
    assert texts(USUAL, "//testcase[failure]/@name") == [
        "shop.order, version 2",
        "shop.Order, `lines.sku`",
        "shop.cart",
    ]
    assert texts(USUAL, "//testcase[system-out]/@classname") == ["serde-check.stale-ignore"]
    assert texts(USUAL, "//failure/@type") == ["error", "warning", "error"]


def test_a_failure_tells_the_place_and_what_to_do() -> None:
    first, *_ = texts(USUAL, "//failure/text()")
    place, example, instead = first.split("\n")
    assert place.startswith("shop/serde.py:2:10: This release writes version 2")
    assert example == 'For example: {"buyer": "ada"}'
    assert instead.startswith("Instead: Make it two releases")


def test_ignored_findings_are_skipped_tests() -> None:
    assert texts(USUAL, "//skipped/@message") == ["nobody sent it: 100%", "known from before"]


def test_nothing_found_is_a_test_that_passes() -> None:
    assert texts(CLEAN, "//testcase[not(*)]/@name") == ["nothing breaks"]


def test_no_two_tests_have_one_name() -> None:
    names = texts(AWFUL, "//testcase/@name")
    assert len(names) == len(set(names)) == 3


def test_characters_that_xml_forbids_are_shown() -> None:
    (message, _) = texts(AWFUL, "//failure/@message")
    assert "\\x1b[31mred\\x07" in message
    assert "\\ud800 \\ufffe" in message
    assert "✓ 日本語" in message


@given(outcomes)
def test_any_outcome_is_valid(outcome: Outcome) -> None:
    assert len(tree(outcome).findall(".//testcase")) == max(len(outcome.findings) + len(outcome.ignored), 1)
