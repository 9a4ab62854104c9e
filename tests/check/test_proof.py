"""Findings, proven by the reader that they are about."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.check.comparing import NAME, compared, declared, order
from versioned_serde import Schema, Version, add, rename
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.proof import ProofError, proved, proved_by_code
from versioned_serde.check.rules.releases import reader_removed, rollback_floor_lost, version_changed, write_before_read
from versioned_serde.check.rules.shapes import attribute_type_changed, default_changed
from versioned_serde.check.witness import witness
from versioned_serde.serializer.line import Packed
from versioned_serde.shape import ABSENT, Attribute, Constant, Scalar, Shape

FIRST = Version(1, codec="json", framing="envelope")
OLD = declared(order(Scalar("int")), FIRST)


@dataclass
class Order:
    y: int


def renamed(writes: int, *, first: bool = True) -> Schema[Any]:
    second = Version(2, rename("x", "y"))
    if first:
        return declared(Order, FIRST, second, writes=writes)
    return declared(Order, Version(2, codec="json", framing="envelope"), writes=2)


def proof_of(rule: Any, comparison: Comparison) -> Any:
    (finding,) = rule.check(comparison)
    return proved(finding, comparison)


def test_an_old_host_refuses_what_is_written_before_it_is_read() -> None:
    proof = proof_of(write_before_read, compared(OLD, renamed(2)))
    assert (proof.result, proof.witness.direction, proof.witness.version) == ("refused", "forward", 2)
    assert "needs a reader of version 2" in proof.told
    assert proof.shown


def test_a_release_that_somebody_goes_back_to_refuses_it_too() -> None:
    comparison = compared(renamed(1), renamed(2))
    (prepared,), (oldest,) = comparison.beside, compared(OLD, OLD).beside
    proof = proof_of(rollback_floor_lost, replace(comparison, beside=[prepared], supported=[oldest]))
    assert (proof.result, proof.witness.other.name) == ("refused", "v1")


def test_the_new_release_refuses_what_it_does_not_read_any_more() -> None:
    proof = proof_of(reader_removed, compared(OLD, renamed(2, first=False)))
    assert (proof.result, proof.witness.direction, proof.witness.version) == ("refused", "backward", 1)
    assert proof.witness.written == {"x": 0}


def test_another_form_under_one_version_is_refused() -> None:
    new = declared(order(Scalar("int")), Version(1, codec="cbor", framing="envelope"))
    assert proof_of(version_changed, compared(OLD, new)).result == "refused"


def test_a_finding_about_no_record_has_no_proof() -> None:
    comparison = compared(OLD, OLD)
    about = Finding(rule="any", severity="error", message="", schema=NAME)
    assert proved(about, comparison) is None
    assert proved(replace(about, version=1, direction="forward"), comparison) is None
    assert proved(replace(about, version=9, direction="forward"), comparison) is None


def test_a_release_that_cannot_be_rebuilt_gives_no_proof() -> None:
    comparison = compared(OLD, renamed(2))
    (beside,) = comparison.beside
    lock = beside.schemas[NAME]
    strange = replace(lock.versions[1], form={**lock.versions[1].form, "codec": "gone"})
    beside = replace(beside, schemas={NAME: replace(lock, versions={1: strange})})
    (finding,) = write_before_read.check(comparison)
    assert proved(finding, replace(comparison, beside=[beside])) is None


def test_without_live_schemas_both_sides_are_rebuilt() -> None:
    comparison = replace(compared(OLD, declared(order(Scalar("str")))), declared={})
    (finding,) = attribute_type_changed.check(comparison)
    assert finding.direction == "forward"
    backward = proved(replace(finding, direction="backward"), comparison)
    assert backward is not None
    assert backward.result == "refused"


def test_a_witness_is_about_its_attribute_and_not_about_another_change() -> None:
    old = Shape("Order", (Attribute("a", Scalar("int")), Attribute("b", Scalar("int"), ABSENT)))
    new = Shape("Order", (Attribute("a", Scalar("str")), Attribute("b", Scalar("str"), ABSENT)))
    comparison = compared(declared(old), declared(new))
    found = {each.attribute: witness(comparison, each) for each in attribute_type_changed.check(comparison)}
    assert found["a"] is not None
    assert found["b"] is not None
    assert "b" not in found["a"].written
    assert "b" in found["b"].written


def test_a_record_is_shown_as_text_where_it_is_one() -> None:
    bare = Version(1, codec="json", framing="bare")
    comparison = compared(declared(order(Scalar("int")), bare), declared(order(Scalar("str")), bare))
    (finding,) = attribute_type_changed.check(comparison)
    assert finding.witness == '{"x":""}'
    found = witness(comparison, finding)
    assert found is not None
    assert replace(found, record=Packed(b"\xff", {"a": "b"})).text == "a: b\nff"


CODE = """\
from dataclasses import dataclass
from versioned_serde import Registry, Schema, Version

print("noise")

@dataclass
class Order:
    x: int
    size: int = 1

registry = Registry(Schema("shop.order", Order, Version(1, codec="json", framing="envelope")))
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose tag `v1` has the code above, and whose working tree does not."""
    (tmp_path / "src").mkdir()
    module = tmp_path / "src" / "shop_of_old.py"
    module.write_text(CODE)

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)  # noqa: S607

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    module.write_text("raise SystemExit('the working tree was imported')")
    return tmp_path


PLACES = ["shop_of_old:registry"]


def test_the_old_code_itself_refuses(repository: Path) -> None:
    comparison = compared(OLD, renamed(2))
    (finding,) = write_before_read.check(comparison)
    proof = proved_by_code(finding, comparison, registries=PLACES, repository=repository / "src")
    assert proof is not None
    assert (proof.result, "needs a reader of version 2" in proof.told) == ("refused", True)


def sized(size: int) -> Schema[Any]:
    return declared(Shape("Order", (Attribute("x", Scalar("int")), Attribute("size", Scalar("int"), Constant(size)))))


def test_the_old_code_itself_misreads(repository: Path) -> None:
    comparison = compared(sized(1), sized(2))
    (finding,) = default_changed.check(comparison)
    proof = proved_by_code(finding, comparison, registries=PLACES, repository=repository)
    assert proof is not None
    assert (proof.result, "`size`" in proof.told) == ("misread", True)


def test_the_old_code_may_read_what_its_lock_would_not(repository: Path) -> None:
    comparison = compared(declared(order(Scalar("str"))), declared(order(Scalar("int"))))
    finding = Finding(rule="any", severity="error", message="", schema=NAME, version=1, direction="forward")
    proof = proved_by_code(finding, comparison, registries=PLACES, repository=repository)
    assert proof is not None
    assert (proof.result, proof.shown) == ("read", False)


def test_where_this_release_reads_no_old_code_is_run(tmp_path: Path) -> None:
    comparison = compared(OLD, renamed(2, first=False))
    (finding,) = reader_removed.check(comparison)
    proof = proved_by_code(finding, comparison, registries=PLACES, repository=tmp_path)
    assert proof is not None
    assert proof.result == "refused"


def test_code_that_cannot_be_asked_is_told(repository: Path) -> None:
    comparison = compared(OLD, renamed(2))
    (finding,) = write_before_read.check(comparison)
    with pytest.raises(ProofError, match="no commit `v7`"):
        proved_by_code(finding, comparison, registries=PLACES, repository=repository, ref="v7")
    with pytest.raises(ProofError, match="No module named 'nowhere'"):
        proved_by_code(finding, comparison, registries=["nowhere:registry"], repository=repository)
    with pytest.raises(ProofError, match="declares it"):
        proved_by_code(finding, comparison, registries=[], repository=repository)
    about = replace(finding, version=9)
    assert proved_by_code(about, comparison, registries=PLACES, repository=repository) is None


def test_added_attributes_are_no_harm() -> None:
    new = Shape("Order", (Attribute("x", Scalar("int")), Attribute("note", Scalar("str"), ABSENT)))
    comparison = compared(OLD, declared(new, FIRST, Version(2, add("note")), writes=2))
    about = Finding(rule="any", severity="error", message="", schema=NAME, version=2, direction="forward")
    assert proved(about, comparison) is None
