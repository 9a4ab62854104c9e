"""Writes the page of all rules, from their own texts.

python -m tests.check.rules_page
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import get_args

from versioned_serde.check import rules
from versioned_serde.check.rules.rule import Family, Rule, of_family
from versioned_serde.cli.check.explain import explained

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"
_INTRODUCTION = """\
# Rules of serde-check

What each rule finds, why that breaks something, and what to do instead. `serde-check explain RULE` prints the same.
`make rules` writes this page from the rules' own texts.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((_INTRODUCTION, *_table(), *_families()))


def families() -> list[Family]:
    """The folders of rules that have any."""
    folders = {each.name for each in pkgutil.iter_modules(rules.__path__) if each.ispkg}
    return [family for family in get_args(Family) if family in folders and of_family(family)]


def _table() -> Iterator[str]:
    yield "| rule | severity | finds |\n| --- | --- | --- |"
    for family in families():
        for rule in _rules(family):
            yield f"| [{rule.name}](#{rule.name}) | {rule.severity} | {rule.finds.replace('|', chr(92) + '|')} |"
    yield ""


def _families() -> Iterator[str]:
    for family in families():
        # A family's folder says in one line what its rules look at, perhaps with a title before it.
        said = (import_module(f"{rules.__name__}.{family}").__doc__ or "").partition("\n")[0]
        title, colon, more = said.partition(": ")
        yield f"## {title if colon else family.replace('_', ' ').capitalize()}\n"
        yield f"{more[0].upper()}{more[1:]}\n" if colon else f"{said}\n"
        for rule in _rules(family):
            yield explained(replace(rule, references=tuple(map(_linked, rule.references))), "###")


def _rules(family: Family) -> list[Rule]:
    return [module.RULE for module in of_family(family)]


def _linked(reference: str) -> str:
    """A reference as a link from the page, if it is a file of the documentation."""
    if not reference.startswith("docs/"):
        return f"<{reference}>"
    file, _, part = reference.partition("#")
    title = (PAGE.parents[2] / file).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    link = f"../{file.removeprefix('docs/')}" + (f"#{part}" if part else "")
    return f"[{title}]({link})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
