"""No change of a released shape goes unseen, and none is seen where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.check.comparing import NAME, compared, declared, order
from tests.lock.test_parsing import objects, plain, shapes
from versioned_serde import Schema, Version, rename
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.proof import proved
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.check.rules.rule import of_family
from versioned_serde.check.shape_changes import changes
from versioned_serde.lock.description import attributes, digest, shape_lines
from versioned_serde.shape import REQUIRED, Attribute, Constant, ListType, ObjectType, Scalar, Shape

FIRST = Version(1, codec="json", framing="envelope")
SECOND = Version(2, coding="gzip")


def lock(shape: Shape) -> SchemaLock:
    """The lock of a shape, which need not be one that a codec carries."""
    base = Release.of_declared("v1", [declared(order(Scalar("int")))]).schemas[NAME]
    lines = shape_lines(shape)
    return replace(base, versions={1: replace(base.versions[1], shape=lines, digest=digest(lines))})


def held(before: Shape, now: Shape) -> Comparison:
    one, other = (Release(name, {NAME: lock(shape)}, {}) for name, shape in (("v1", before), ("this tree", now)))
    return Comparison(now=other, beside=[one])


def found(comparison: Comparison) -> list[Finding]:
    return [finding for module in of_family("shapes") for finding in module.check(comparison)]


@given(shapes("Top", objects(1, ("Top",))), plain(), st.data())
def test_every_single_change_is_found_and_every_error_proven(shape: Shape, drawn: Any, data: st.DataObject) -> None:
    if not shape.attributes:
        return
    index = data.draw(st.integers(0, len(shape.attributes) - 1))
    attribute = shape.attributes[index]
    default = data.draw(st.sampled_from([attribute.default, REQUIRED, Constant(drawn[1])]))
    if default is attribute.default and isinstance(default, Constant):
        default = Constant(drawn[1])
    other = replace(attribute, type=drawn[0], default=default)
    changed = replace(shape, attributes=(*shape.attributes[:index], other, *shape.attributes[index + 1 :]))
    if shape_lines(changed) != shape_lines(shape):
        comparison = held(shape, changed)
        findings = found(comparison)
        assert findings
        for finding in findings:
            if finding.severity == "error":
                proof = proved(finding, comparison)
                assert proof is not None
                assert proof.shown
    assert not found(held(shape, replace(shape, attributes=shape.attributes[::-1])))


LINE = Shape("Line", (Attribute("sku", Scalar("str")),))
COUNTED = Shape("Line", (Attribute("sku", Scalar("str")), Attribute("count", Scalar("int"))))


def test_what_is_within_a_new_attribute_is_not_told_apart_from_it() -> None:
    with_lines = Shape("Order", (*order(Scalar("int")).attributes, Attribute("lines", ListType(ObjectType(LINE)))))
    assert [each.path for each in changes(held(order(Scalar("int")), with_lines)) if each.old is None] == ["lines"]


def test_a_change_is_told_once_of_the_newest_version_and_the_first_release() -> None:
    old = declared(order(ListType(ObjectType(LINE))), FIRST, SECOND, writes=2)
    new = declared(order(ListType(ObjectType(COUNTED))), FIRST, SECOND, writes=2)
    comparison = compared(old, new)
    twice = replace(comparison, beside=[*comparison.beside, replace(comparison.beside[0], name="v2")])
    (change,) = changes(twice)
    assert (change.path, change.version, change.other.name) == ("x.count", 2, "v1")
    assert {path for path, _, _ in attributes(change.new_shape)} == {"sku", "count"}


def test_what_a_release_beside_has_already_is_not_told_of_a_supported_one() -> None:
    old, new = declared(order(Scalar("int"))), declared(order(Scalar("str")))
    both = Release.of_declared("v2", [new])
    comparison = compared(old, new)
    assert list(changes(comparison))
    known = replace(comparison, beside=[both], supported=comparison.beside)
    assert not list(changes(known))


def test_a_declared_change_is_none() -> None:
    old = declared(order(Scalar("int")), FIRST)
    new: Schema[Any] = declared(order(Scalar("int"), name="y"), FIRST, Version(2, rename("x", "y")), writes=1)
    assert not list(changes(compared(old, new)))


def test_a_version_that_nobody_writes_is_no_error() -> None:
    old, new = (declared(order(Scalar(name)), FIRST, SECOND, writes=1) for name in ("int", "str"))
    severities = {each.version: each.severity for each in found(compared(old, new))}
    assert severities == {2: "warning"}
