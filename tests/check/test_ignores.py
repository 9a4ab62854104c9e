from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.reports.outcomes import findings as any_findings
from versioned_serde.check.finding import Finding, Ignored, Place
from versioned_serde.check.ignores import filtered
from versioned_serde.check.known import KnownFindings
from versioned_serde.check.policy import Policy

TODAY = date(2027, 1, 31)
ORDER = Finding(
    rule="write-before-read",
    severity="error",
    message="v1 cannot read version 2.",
    schema="shop.order",
    version=2,
    place=Place(path="shop.py", line=2, column=10),
)
CART = replace(ORDER, schema="shop.cart", place=Place(path="shop.py", line=5))
REMOVED = replace(ORDER, rule="reader-removed", message="Version 1 is not read.")
SOURCE = """\
# A shop.
orders = Schema("shop.order", Order)  # serde-check: {}


carts = Schema("shop.cart", Cart)
"""


def entry(**keys: Any) -> dict[str, Any]:
    return {"rule": "write-before-read", "reason": "nobody reads it", **keys}


def of_settings(*entries: dict[str, Any], **severity: str) -> Policy:
    return Policy.of({rule.replace("_", "-"): said for rule, said in severity.items()}, entries)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in findings]


def with_comment(text: str, *findings: Finding) -> tuple[tuple[Finding, ...], tuple[Ignored, ...]]:
    return filtered(findings, Policy(), today=TODAY, sources={"shop.py": SOURCE.format(text)})


def test_without_a_policy_all_count() -> None:
    assert filtered([ORDER, CART], Policy(), today=TODAY) == ((ORDER, CART), ())


def test_severities_come_first() -> None:
    policy = of_settings(reader_removed="off", write_before_read="note")
    assert filtered([ORDER, REMOVED], policy, today=TODAY) == ((replace(ORDER, severity="note"),), ())


def test_an_ignore_in_the_settings() -> None:
    kept, ignored = filtered([ORDER, CART], of_settings(entry(schema="shop.order")), today=TODAY)
    assert kept == (CART,)
    assert ignored == (Ignored(finding=ORDER, by="settings", reason="nobody reads it"),)


def test_an_ignore_in_a_comment_is_for_its_statement_alone() -> None:
    kept, ignored = with_comment("ignore[write-before-read] until 2027-01-31: nobody reads it", ORDER, CART, REMOVED)
    assert kept == (CART, REMOVED)
    assert ignored == (Ignored(finding=ORDER, by="comment", reason="nobody reads it", until=TODAY),)


def test_a_comment_for_several_rules() -> None:
    kept, ignored = with_comment("ignore[write-before-read, reader-removed]: nobody reads it", ORDER, CART, REMOVED)
    assert kept == (CART,)
    assert [each.finding for each in ignored] == [ORDER, REMOVED]


def test_two_ignores_of_one_finding_are_both_of_use() -> None:
    policy = of_settings(entry(), entry(schema="shop.order", reason="another"))
    kept, ignored = filtered([ORDER], policy, today=TODAY)
    assert kept == ()
    assert [each.reason for each in ignored] == ["nobody reads it"]


def test_a_stale_ignore_is_a_finding() -> None:
    kept, _ = filtered([CART], of_settings(entry(schema="shop.order")), today=TODAY)
    assert told(kept[1:]) == [
        ("stale-ignore", "The ignore of `write-before-read`, schema `shop.order` matches no finding.")
    ]
    assert (kept[1].severity, kept[1].place) == ("warning", Place(path="pyproject.toml"))


def test_a_stale_comment_is_a_finding_at_its_place() -> None:
    kept, _ = with_comment("ignore[write-before-read]: nobody reads it", CART)
    assert told(kept[1:]) == [("stale-ignore", "The ignore of `write-before-read` matches no finding.")]
    assert kept[1].place == Place(path="shop.py", line=2, column=39, end_line=2, end_column=96)


def test_an_ignore_of_a_rule_that_is_off_is_stale() -> None:
    kept, ignored = filtered([ORDER], of_settings(entry(), write_before_read="off"), today=TODAY)
    assert [each.rule for each in kept] == ["stale-ignore"]
    assert ignored == ()


def test_a_comment_that_names_no_rule_of_ours() -> None:
    kept, _ = with_comment("ignore[write-before-reed]: nobody reads it", ORDER)
    assert kept[0] == ORDER
    ((rule, message),) = told(kept[1:])
    assert rule == "stale-ignore"
    assert message.startswith("There is no rule `write-before-reed`. Did you mean `write-before-read`")


def test_a_comment_that_cannot_be_understood() -> None:
    kept, ignored = with_comment("ignore write-before-read", ORDER)
    assert (kept[0], ignored) == (ORDER, ())
    assert told(kept[1:]) == [("malformed-ignore", "This comment begins like an ignore and cannot be understood.")]


def test_without_a_reason_it_does_not_count() -> None:
    kept, ignored = filtered([ORDER], of_settings(entry(reason=" ")), today=TODAY)
    assert (kept[0], ignored) == (ORDER, ())
    assert told(kept[1:]) == [
        ("ignore-without-reason", "The ignore of `write-before-read` gives no reason, so it does not count.")
    ]
    kept, _ = with_comment("ignore[write-before-read]", ORDER)
    assert [each.rule for each in kept] == ["write-before-read", "ignore-without-reason"]


@pytest.mark.parametrize(("day", "counts"), [("2027-01-30", False), ("2027-01-31", True), ("2027-02-01", True)])
def test_the_last_day_is_one_on_which_it_counts(day: str, counts: bool) -> None:
    kept, ignored = with_comment(f"ignore[write-before-read] until {day}: nobody reads it", ORDER)
    assert bool(ignored) is counts
    assert kept == (() if counts else (ORDER, kept[-1]))
    if not counts:
        assert told(kept[1:]) == [
            ("expired-ignore", f"The ignore of `write-before-read` held until {day}, because: nobody reads it")
        ]
    kept, ignored = filtered([ORDER], of_settings(entry(expires=date.fromisoformat(day))), today=TODAY)
    assert bool(ignored) is counts
    assert [each.rule for each in kept] == ([] if counts else ["write-before-read", "expired-ignore"])


def test_severities_hold_for_findings_about_ignores() -> None:
    kept, _ = filtered([], of_settings(entry(), stale_ignore="note"), today=TODAY)
    assert [(each.rule, each.severity) for each in kept] == [("stale-ignore", "note")]
    assert filtered([], of_settings(entry(), stale_ignore="off"), today=TODAY) == ((), ())


def test_findings_about_ignores_cannot_be_ignored() -> None:
    policy = of_settings(entry(), entry(rule="stale-ignore"))
    kept, ignored = filtered([], policy, today=TODAY)
    assert [each.rule for each in kept] == ["stale-ignore", "stale-ignore"]
    assert ignored == ()


def test_known_findings_do_not_count() -> None:
    known = KnownFindings.of([ORDER, REMOVED])
    kept, ignored = filtered([REMOVED, CART, ORDER], Policy(), today=TODAY, known=known)
    assert kept == (CART,)
    assert [(each.finding, each.by) for each in ignored] == [(REMOVED, "baseline"), (ORDER, "baseline")]


def test_known_findings_that_are_gone_are_told() -> None:
    known = KnownFindings.of([ORDER, REMOVED])
    kept, _ = filtered([ORDER], Policy(), today=TODAY, known=known)
    assert told(kept) == [
        ("known-finding-gone", "A known finding is gone: reader-removed shop.py shop.order: Version 1 is not read.")
    ]
    assert kept[0].severity == "note"
    kept, _ = filtered([], Policy(), today=TODAY, known=known)
    assert kept[0].message.startswith("2 known findings are gone: reader-removed shop.py")
    assert filtered([], of_settings(known_finding_gone="off"), today=TODAY, known=known) == ((), ())


def test_a_known_finding_that_an_ignore_waves_through_is_not_gone() -> None:
    kept, ignored = filtered([ORDER, ORDER], of_settings(entry()), today=TODAY, known=KnownFindings.of([ORDER]))
    assert kept == ()
    assert [each.by for each in ignored] == ["settings", "settings"]


def test_a_stale_ignore_can_be_known() -> None:
    policy = of_settings(entry())
    known = KnownFindings.of(filtered([], policy, today=TODAY)[0])
    kept, ignored = filtered([], policy, today=TODAY, known=known)
    assert kept == ()
    assert [each.finding.rule for each in ignored] == ["stale-ignore"]


def test_a_known_finding_is_known_from_the_next_release_on_too() -> None:
    known = KnownFindings.of([ORDER], ["v1"])
    later = replace(ORDER, message="v2 cannot read version 2.")
    assert filtered([later], Policy(), today=TODAY, known=known, against=["v2"])[0] == ()


@given(st.lists(any_findings, max_size=6), st.integers(0, 6))
def test_what_is_adopted_is_silent_and_what_comes_is_not(found: list[Finding], number: int) -> None:
    known = KnownFindings.of(found[:number])
    kept, ignored = filtered(found, Policy(), today=TODAY, known=KnownFindings.parsed(known.text(), "known.json"))
    assert list(kept) == found[number:]
    assert [each.finding for each in ignored] == found[:number]


@given(st.lists(any_findings, max_size=6))
def test_nothing_is_lost(found: list[Finding]) -> None:
    policy = of_settings(entry(), entry(rule="stale-ignore", attribute="?*"), stale_ignore="warning")
    kept, ignored = filtered(found, policy, today=TODAY)
    counting = [each for each in kept if each.place != Place(path="pyproject.toml")]
    everything = [*counting, *(each.finding for each in ignored)]
    judged = [policy.judged(each) for each in found]
    assert sorted(map(str, everything)) == sorted(map(str, judged))
