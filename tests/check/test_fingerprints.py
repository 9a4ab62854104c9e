from __future__ import annotations

from dataclasses import replace

import pytest

from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.fingerprints import fingerprints

FINDING = Finding(
    rule="write-before-read",
    severity="error",
    message="This release writes version 2, which v1.4.0 cannot read.",
    schema="shop.order",
    attribute="lines",
    version=2,
    direction="forward",
    place=Place(path="shop.py", line=3),
)


def mark(finding: Finding, *against: str) -> str:
    (found,) = fingerprints([finding], against)
    return found


@pytest.mark.parametrize(
    "same",
    [
        replace(FINDING, place=Place(path="shop.py", line=30, column=2)),
        replace(FINDING, severity="note"),
        replace(FINDING, help="Do it otherwise."),
        replace(FINDING, witness="{}"),
    ],
    ids=["moved", "less severe", "other help", "other witness"],
)
def test_the_same_finding(same: Finding) -> None:
    assert mark(same) == mark(FINDING)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, rule="reader-removed"),
        replace(FINDING, schema="shop.cart"),
        replace(FINDING, attribute="total"),
        replace(FINDING, version=3),
        replace(FINDING, direction=None),
        replace(FINDING, place=Place(path="cart.py", line=3)),
        replace(FINDING, place=None),
        replace(FINDING, message="This release writes version 2, which v1.4.0 and its views cannot read."),
    ],
    ids=["rule", "schema", "attribute", "version", "direction", "file", "nowhere", "message"],
)
def test_another_finding(other: Finding) -> None:
    assert mark(other) != mark(FINDING)


def test_the_next_release_finds_the_same() -> None:
    later = replace(FINDING, message=FINDING.message.replace("v1.4.0", "v1.5.0"))
    assert mark(later) != mark(FINDING)
    assert mark(later, "v1.5.0") == mark(FINDING, "v1.4.0")


def test_a_release_whose_name_is_in_anothers() -> None:
    later = replace(FINDING, message=FINDING.message.replace("v1.4.0", "v1.4.0-rc1"))
    assert mark(later, "v1.4.0", "v1.4.0-rc1") == mark(FINDING, "v1.4.0", "v1.4.0-rc1")


def test_twins_are_told_apart_by_their_order() -> None:
    first, second, third = fingerprints([FINDING, FINDING, replace(FINDING, version=3)])
    assert len({first, second, third}) == 3
    assert first == mark(FINDING)


def test_it_is_the_same_wherever_the_command_runs() -> None:
    for path, root in (("shop.py", "."), ("services/shop/shop.py", "services/shop"), ("../shop.py", "..")):
        moved = replace(FINDING, place=Place(path=path, line=3))
        assert fingerprints([moved], root=root) == fingerprints([FINDING])


def test_it_is_the_same_in_every_release_of_the_library() -> None:
    """Files of known findings and alerts on GitHub hold it."""
    assert mark(FINDING, "v1.4.0") == "c7f9272d21921fecadad7d045d6af713"
