from __future__ import annotations

import re

import pytest

from tests.check.rules_page import PAGE, families, page
from versioned_serde.check.rules.rule import Rule, all_rules


def test_the_page_is_what_the_command_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make rules`"


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_every_rule_has_a_section_with_its_texts(rule: Rule) -> None:
    text = page()
    section = text.split(f"\n### {rule.name}\n")[1].split("\n### ")[0]
    for part in ("finds", "why", "example", "instead"):
        assert getattr(rule, part) in section
    assert f"| [{rule.name}](#{rule.name}) |" in text


def test_every_family_has_a_heading() -> None:
    assert len(re.findall(r"^## \S", page(), flags=re.MULTILINE)) == len(families())
