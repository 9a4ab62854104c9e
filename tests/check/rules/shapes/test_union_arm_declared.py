"""A new version gives a union a kind of objects that hosts beside it refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tests.check.comparing import declared, found, only
from versioned_serde import Schema, Version, retype
from versioned_serde.check.rules.shapes import union_arm_declared

FIRST = Version(1, codec="json", framing="envelope")


@dataclass
class Card:
    kind: Literal["card"]


@dataclass
class Cash:
    kind: Literal["cash"]


@dataclass
class Voucher:
    kind: Literal["voucher"]


@dataclass
class Old:
    x: Card | Cash


@dataclass
class New:
    x: Card | Cash | Voucher


def new(*, writes: int = 1) -> Schema[Any]:
    step = retype("x", was=Card | Cash, up=lambda older: older, down=lambda newer: newer)
    return declared(New, FIRST, Version(2, step), writes=writes)


def test_fails_with_a_note_while_the_version_is_not_written() -> None:
    finding = only(union_arm_declared, declared(Old), new())
    assert (finding.severity, finding.attribute, finding.version) == ("note", "x", 2)
    assert "can be `voucher`" in finding.message


def test_passes_a_version_that_is_written_or_known() -> None:
    assert not found(union_arm_declared, declared(Old), new(writes=2))
    assert not found(union_arm_declared, new(), new())
