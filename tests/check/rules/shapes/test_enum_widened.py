"""A new version gives an enum members that hosts beside it refuse."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found, only, order
from versioned_serde import Schema, Version, widen_enum
from versioned_serde.check.rules.shapes import enum_widened
from versioned_serde.shape import EnumType

FIRST = Version(1, codec="json", framing="envelope")
OLD = declared(order(EnumType(("a",))), FIRST)


def new(*, open_: bool = False, writes: int = 1) -> Schema[Any]:
    down = None if open_ else {"b": "a"}
    return declared(
        order(EnumType(("a", "b"), open_)), FIRST, Version(2, widen_enum("x", "b", down=down)), writes=writes
    )


def test_fails_with_a_note_while_the_version_is_not_written() -> None:
    finding = only(enum_widened, OLD, new())
    assert (finding.severity, finding.version) == ("note", 2)
    assert 'widen_enum("x", "b"' in finding.message


def test_passes_an_open_enum_and_a_version_that_is_written_or_known() -> None:
    assert not found(enum_widened, declared(order(EnumType(("a",), open=True)), FIRST), new(open_=True))
    assert not found(enum_widened, OLD, new(writes=2))
    assert not found(enum_widened, new(), new())
