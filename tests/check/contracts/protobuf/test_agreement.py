"""Our findings are those of the real buf: rule, file and place."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.check.contracts.protobuf.agreement import PAGE, PAIRS, Trees, measured, page
from tests.check.contracts.protobuf.cases.case import all_cases
from tests.check.contracts.protobuf.side_by_side import BUF, Found, image, ours, theirs
from versioned_serde.check.contracts.protobuf.selection import ids

_AT_ONCE = 250


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    trees = Trees(tmp_path_factory.mktemp("cases"), range(0))
    return image(trees.old), image(trees.new)


def test_the_rules_are_those_of_buf_with_its_sets() -> None:
    command = [str(BUF), "config", "ls-breaking-rules", "--version", "v2", "--format", "json"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    theirs = {rule["id"]: frozenset(rule["categories"]) for rule in map(json.loads, listed)}
    assert len(theirs) == 64
    assert ids() == theirs


def test_each_rule_has_a_case_and_a_near_miss() -> None:
    assert {case.rule for case in all_cases() if case.fires} == set(ids())
    assert {case.rule for case in all_cases() if not case.fires} == set(ids())


def test_a_case_is_found_by_its_rule_and_a_near_miss_is_not() -> None:
    found: dict[str, set[str]] = {}
    for each in measured()["descriptor sets, made by buf"].ours:
        found.setdefault(each.case, set()).add(each.rule)
    wrong = [case.name for case in all_cases() if (case.rule in found.get(case.name, set())) != case.fires]
    assert wrong == []


@pytest.mark.parametrize("given", ["descriptor sets, made by buf", "descriptor sets, made by protoc"])
def test_given_the_same_set_the_findings_are_the_same(given: str) -> None:
    agreement = measured()[given]
    assert agreement.theirs.total() > 500
    assert agreement.ours == agreement.theirs


def test_given_folders_only_places_inside_of_an_option_differ() -> None:
    agreement = measured()["folders of .proto files"]
    assert agreement.share > 0.99
    apart = agreement.theirs - agreement.ours
    assert {each.case for each in apart} == {"case_enum_same_type_b", "case_field_same_cpp_string_type_c"}
    assert _lines(apart) == _lines(agreement.ours - agreement.theirs)


def _lines(found: Iterable[Found]) -> list[tuple[str, str | None, int]]:
    return sorted((each.rule, each.path, each.span[0]) for each in found if each.span is not None)


@pytest.mark.parametrize("name", ["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR"])
def test_a_set_of_rules_selects_what_buf_selects(name: str, images: tuple[Path, Path]) -> None:
    found = ours(*images, [name])
    assert found
    assert found == theirs(*images, [name])


def test_rules_can_be_selected_one_by_one(images: tuple[Path, Path]) -> None:
    rules = ["FIELD_NO_DELETE", "ENUM_VALUE_SAME_NAME"]
    found = ours(*images, rules)
    assert {each.rule for each in found} == set(rules)
    assert found == theirs(*images, rules)


def test_without_places_a_finding_is_at_the_start_of_its_file(tmp_path: Path) -> None:
    trees = Trees(tmp_path, range(5))
    sides = image(trees.old), image(trees.new, "--exclude-source-info")
    found = ours(*sides)
    assert found == theirs(*sides)
    assert {each.span for each in found if each.path} == {(1, 1, 1, 1)}


def test_imports_are_compared_like_all_else(tmp_path: Path) -> None:
    trees = Trees(tmp_path, range(PAIRS, PAIRS + 20), cases=False)
    kept = [each.name for each in trees.old.iterdir() if (trees.new / each.name / "f1.proto").exists()]
    paths = [argument for name in kept for argument in ("--path", f"new/{name}/f1.proto")]
    sides = image(trees.old), image(trees.new, *paths)
    assert ours(*sides) == theirs(*sides)


def test_random_changes_have_the_same_findings(tmp_path: Path) -> None:
    """As many as the profile says; other ones than those of the page."""
    wanted, first = settings().max_examples, PAIRS
    for start in range(first, first + wanted, _AT_ONCE):
        folder = tmp_path / str(start)
        trees = Trees(folder, range(start, min(start + _AT_ONCE, first + wanted)), cases=False)
        for given, agreement in trees.agreements().items():
            assert agreement.ours - agreement.theirs == {}, given
            assert agreement.theirs - agreement.ours == {}, given


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
