"""A new version has a step that takes two releases."""

from __future__ import annotations

from dataclasses import replace

from tests.check.comparing import compared, declared, found, order
from versioned_serde import Version, add, rename, widen_enum
from versioned_serde.check.rules.shapes import step_in_two_releases
from versioned_serde.shape import ABSENT, Attribute, EnumType, Scalar, Shape

FIRST = Version(1, codec="json", framing="envelope")
OLD = declared(order(Scalar("int")), FIRST)


def test_fails_with_a_note_for_each_such_step() -> None:
    new = declared(order(Scalar("int"), name="y"), FIRST, Version(2, rename("x", "y"), coding="gzip"), writes=1)
    findings = found(step_in_two_releases, OLD, new)
    assert {each.severity for each in findings} == {"note"}
    assert ["coding" in findings[0].message, 'rename("x", "y")' in findings[1].message] == [True, True]


def test_passes_a_step_that_takes_one() -> None:
    two = Shape("Order", (Attribute("x", Scalar("int")), Attribute("y", Scalar("int"), ABSENT)))
    assert not found(step_in_two_releases, OLD, declared(two, FIRST, Version(2, add("y")), writes=1))


def test_passes_what_another_rule_tells() -> None:
    widened = declared(order(EnumType(("a", "b"))), FIRST, Version(2, widen_enum("x", "b", down={"b": "a"})), writes=1)
    assert not found(step_in_two_releases, declared(order(EnumType(("a",))), FIRST), widened)


def test_several_releases_make_one_note() -> None:
    comparison = compared(OLD, declared(order(Scalar("int"), name="y"), FIRST, Version(2, rename("x", "y")), writes=1))
    twice = replace(comparison, beside=[*comparison.beside, replace(comparison.beside[0], name="v2")])
    assert len(list(step_in_two_releases.check(twice))) == 1


def test_passes_a_version_that_was_released_and_withdrawn() -> None:
    comparison = compared(OLD, declared(order(Scalar("int"), name="y"), FIRST, Version(2, rename("x", "y")), writes=1))
    lock = comparison.now.schemas["shop.order"]
    withdrawn = replace(comparison.now, schemas={"shop.order": replace(lock, listed=(1,))})
    assert list(step_in_two_releases.check(comparison))
    assert not list(step_in_two_releases.check(replace(comparison, beside=[withdrawn])))
