"""Outcomes that are hard to report."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from versioned_serde.check.finding import Finding, Ignored, Place
from versioned_serde.check.outcome import Outcome

AWKWARD = (
    "a | b `c|d` ``e`` *f* _g_ <b>h</b> 100%0A ::error::i, j:k\n::warning::line two\r\n\ttab \x1b[31mred\x07 \u202ertl"
    " ✓ 日本語 \ud800 \ufffe @team #17 GH-18 [l](http://m) {0} \\ ]]> &amp; ~n~ $o$ !"
)
"""What somebody could have named a field, or a release, or put into a payload."""

TWO_RELEASES = (
    "Make it two releases: first list the version and keep `writes`; then, when every host runs that, raise it."
)
WRITES = Finding(
    rule="write-before-read",
    severity="error",
    message='This release writes version 2, which v1.4.0 cannot read, because of `rename("customer", "buyer")`.',
    help=TWO_RELEASES,
    schema="shop.order",
    version=2,
    direction="forward",
    place=Place(path="shop/serde.py", line=2, column=10, end_line=2, end_column=16),
    witness='{"buyer": "ada"}',
)
FIELD = Finding(
    rule="field-deleted",
    severity="warning",
    message="Field 3 is gone.",
    aliases=("FIELD_NO_DELETE",),
    schema="shop.Order",
    attribute="lines.sku",
    place=Place(path="order.proto", line=7),
)
STALE = Finding(
    rule="stale-ignore",
    severity="note",
    message="It matches nothing.",
    place=Place(path="pyproject.toml"),
    help="Remove it.",
)
NOWHERE = Finding(rule="schema-removed", severity="error", message="The schema shop.cart is gone.", schema="shop.cart")
HARD = Finding(
    rule="write-before-read",
    severity="error",
    message=AWKWARD,
    help=AWKWARD,
    schema=AWKWARD,
    attribute=AWKWARD,
    version=2,
    direction="backward",
    place=Place(path="a, b:c%/ü\n\ud800.py", line=3, column=1, end_line=9, end_column=2),
    witness=AWKWARD,
)
IGNORED = Ignored(finding=FIELD, by="comment", reason="nobody sent it: 100%", until=date(2027, 1, 31))
KNOWN = Ignored(finding=NOWHERE, by="baseline", reason="known from before")
CLEAN = Outcome(findings=())
USUAL = Outcome(findings=(WRITES, FIELD, STALE, NOWHERE), ignored=(IGNORED, KNOWN), against=("v1.4.0",))
AWFUL = Outcome(
    findings=(HARD, HARD), ignored=(Ignored(finding=HARD, by="settings", reason=AWKWARD),), against=(AWKWARD,)
)
PLANNED = Outcome(findings=(WRITES,), plan="# The plan\n\n1. Release with `writes=1`.\n2. Release with `writes=2`.\n")
COMPARED = Outcome(
    findings=(FIELD,), verdict={"backward": "compatible", "forward": "undecided"}, against=("old/order.proto",)
)
ALL = {
    "clean": CLEAN,
    "usual": USUAL,
    "awful": AWFUL,
    "planned": PLANNED,
    "compared": COMPARED,
    "many": Outcome(findings=(WRITES, FIELD) * 5_000),
}

texts = st.text(st.characters(codec=None), max_size=30) | st.just(AWKWARD)
numbers = st.integers(1, 50)
places = st.builds(
    Place,
    path=texts.filter(bool),
    line=st.none() | numbers,
    column=st.none() | numbers,
    end_line=st.none() | numbers,
    end_column=st.none() | numbers,
)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["write-before-read", "stale-ignore", "no-such-rule"]),
    severity=st.sampled_from(["error", "warning", "note"]),
    message=texts,
    help=texts,
    schema=st.none() | texts,
    attribute=st.none() | texts,
    version=st.none() | numbers,
    direction=st.sampled_from([None, "backward", "forward", "full"]),
    place=st.none() | places,
    witness=st.none() | texts,
)
outcomes = st.builds(
    Outcome,
    findings=st.lists(findings, max_size=4).map(tuple),
    ignored=st.lists(
        st.builds(
            Ignored,
            finding=findings,
            by=st.sampled_from(["comment", "settings", "baseline"]),
            reason=texts,
            until=st.none() | st.dates(),
        ),
        max_size=2,
    ).map(tuple),
    against=st.lists(texts, max_size=2).map(tuple),
    plan=texts,
)
