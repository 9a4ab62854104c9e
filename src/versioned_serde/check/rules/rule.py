"""What a rule says of itself, and how rules are found."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from versioned_serde.check import rules
from versioned_serde.check.finding import Finding, Severity
from versioned_serde.errors import SerdeError

Family = Literal["lock", "releases", "shapes", "sources", "protobuf", "json_schema", "avro", "openapi", "manners"]
"""A folder of rules, whose `check` functions all look at the same thing."""


class UnknownRuleError(SerdeError):
    """There is no rule of a name; the text names those that are close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule's texts, from which `serde-check explain` and its page of the documentation are made. All are Markdown.

    A rule is a module in the folder of its family, with this as `RULE`, and with a function `check` that takes what the
    family looks at and gives findings. (A family whose rules are all decided in one comparison has no `check`.)

    Attributes:
        name: with dashes, as the module with underscores.
        severity: of its findings, unless the settings say another.
        finds: what it finds, one sentence.
        why: why that breaks something, and whom.
        example: the smallest change that it finds, as code.
        instead: what to do instead; its first paragraph is the `help` of each finding.
        aliases: names of the same rule elsewhere.
        references: addresses, or files of the documentation.
        no_witness: why errors of it, or some, come without a record or message that shows them; empty if all have one.
    """

    name: str
    severity: Severity
    finds: str
    why: str
    example: str
    instead: str
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    no_witness: str = ""

    def finding(self, message: str, **more: Any) -> Finding:
        """A hit of this rule; `more` are attributes of `Finding`, of which the rule gives what is not said."""
        said = {"severity": self.severity, "help": _help(self.instead), "aliases": self.aliases, **more}
        return Finding(rule=self.name, message=message, **said)


@cache
def _help(instead: str) -> str:
    """The first paragraph, on one line."""
    return instead.partition("\n\n")[0].replace("\n", " ")


@cache
def of_family(family: Family) -> tuple[ModuleType, ...]:
    """The modules of a family's rules, by name. Each has `RULE`."""
    folder = f"{rules.__name__}.{family}"
    package = import_module(folder)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(module for name in names if hasattr(module := import_module(f"{folder}.{name}"), "RULE"))


def all_rules() -> dict[str, Rule]:
    """Every rule by its name."""
    families = sorted(each.name for each in pkgutil.iter_modules(rules.__path__) if each.ispkg)
    found: dict[str, Rule] = {}
    for family in families:
        for module in of_family(family):
            assert module.RULE.name not in found, f"two rules are named {module.RULE.name}"
            found[module.RULE.name] = module.RULE
    return found


def called(name: str) -> list[Rule]:
    """The rules of a name, its own or one that it has elsewhere; such an alias may be that of several.

    Raises:
        UnknownRuleError: there is none.
    """
    rules = all_rules().values()
    found = [each for each in rules if name == each.name or name in each.aliases]
    if not found:
        close = get_close_matches(name, [known for each in rules for known in (each.name, *each.aliases)], n=3)
        raise UnknownRuleError(
            f"There is no rule `{name}`.",
            hint=f"Did you mean {', '.join(f'`{each}`' for each in close)}?" if close else "See `serde-check explain`.",
        )
    return found
