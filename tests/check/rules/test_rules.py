"""Every rule has its texts and its tests."""

from __future__ import annotations

import ast
import pkgutil
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from tests.check.rules_page import families
from versioned_serde.check import rules
from versioned_serde.check.finding import Severity
from versioned_serde.check.rules.rule import Family, Rule, UnknownRuleError, all_rules, called, of_family

ROOT = Path(__file__).parents[3]
MODULES = [(family, module) for family in families() for module in of_family(family)]
TESTED = ("releases", "shapes", "sources")
"""Families whose rules each have a module of tests; the others' are tested by contracts, files or commands."""


def named(value: object) -> str:
    return value.RULE.name if isinstance(value, ModuleType) else str(value)


@pytest.mark.parametrize("folder", [each.name for each in pkgutil.iter_modules(rules.__path__) if each.ispkg])
def test_a_folder_is_a_family_and_says_what_it_is(folder: str) -> None:
    assert folder in get_args(Family)
    said = import_module(f"{rules.__name__}.{folder}").__doc__ or ""
    assert said.strip().partition("\n")[0].endswith(".")


@pytest.mark.parametrize(("family", "module"), MODULES, ids=named)
class TestOfEveryRule:
    def test_its_name_is_that_of_its_module(self, family: str, module: ModuleType) -> None:
        assert module.RULE.name == module.__name__.rpartition(".")[2].replace("_", "-")

    def test_it_says_all_that_a_rule_says(self, family: str, module: ModuleType) -> None:
        rule = module.RULE
        assert isinstance(rule, Rule)
        assert rule.severity in get_args(Severity)
        for each in fields(rule):
            assert getattr(rule, each.name) or each.name in ("aliases", "references", "no_witness"), each.name
        for text in filter(None, (rule.finds, rule.why, rule.instead, rule.no_witness)):
            assert text == text.strip()
            assert text.endswith((".", "```", ")"))
        assert "\n" not in rule.finds

    def test_its_example_is_code(self, family: str, module: ModuleType) -> None:
        fences = re.findall(r"^ *```(.*)$", module.RULE.example, flags=re.MULTILINE)
        assert len(fences) >= 2
        assert len(fences) % 2 == 0
        assert all(fences[::2]), "an example says which language it is in"

    def test_its_help_is_a_sentence(self, family: str, module: ModuleType) -> None:
        finding = module.RULE.finding("It was found.", schema="shop.order")
        assert (finding.rule, finding.severity) == (module.RULE.name, module.RULE.severity)
        assert finding.help
        assert "```" not in finding.help

    def test_its_references_exist(self, family: str, module: ModuleType) -> None:
        for reference in module.RULE.references:
            assert reference.startswith(("docs/", "https://")), reference
            if reference.startswith("docs/"):
                assert (ROOT / reference.partition("#")[0]).is_file(), reference

    def test_it_can_be_found_by_its_names(self, family: str, module: ModuleType) -> None:
        for name in (module.RULE.name, *module.RULE.aliases):
            assert module.RULE in called(name)


@pytest.mark.parametrize(
    ("family", "module"), [(family, module) for family, module in MODULES if family in TESTED], ids=named
)
def test_it_is_seen_to_fail_and_to_pass(family: str, module: ModuleType) -> None:
    name = module.RULE.name.replace("-", "_")
    file = ROOT / "tests" / "check" / "rules" / family / f"test_{name}.py"
    assert file.is_file(), f"{file.relative_to(ROOT)} has to show what {module.RULE.name} finds"
    tests = [each.name for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.FunctionDef)]
    assert any(each.startswith("test_fails") for each in tests)
    assert any(each.startswith("test_passes") for each in tests)


def test_there_are_rules() -> None:
    assert len(MODULES) > 20
    assert len(all_rules()) == len(MODULES)


def test_a_name_that_no_rule_has() -> None:
    with pytest.raises(
        UnknownRuleError, match=r"There is no rule `write-before-reed`\. Did you mean `write-before-read`"
    ):
        called("write-before-reed")
    with pytest.raises(UnknownRuleError, match=r"There is no rule `xyz`\. See `serde-check explain`\."):
        called("xyz")
