"""Changes of .proto files: for each of buf's rules one that it finds, and a near miss that it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.check.contracts.protobuf.cases import enums, fields, files, messages, services

Side = str | Mapping[str, str]
"""A file, or name -> file. `PKG` in it stands for the case's package; a file without a syntax is of proto3."""


@dataclass(frozen=True, slots=True)
class Case:
    """A change.

    Attributes:
        rule: buf's id.
        fires: whether the rule finds it.
        old: before.
        new: after.
        number: which one it is of its rule.
    """

    rule: str
    fires: bool
    old: Side
    new: Side
    number: int

    @property
    def name(self) -> str:
        return f"case_{self.rule.lower()}_{'abcdefghijklmnop'[self.number]}"

    def files(self, side: Side) -> dict[str, str]:
        """Path within a tree of all cases -> text."""
        named = {"a.proto": side} if isinstance(side, str) else side
        return {f"{self.name}/{name}": self._whole(text) for name, text in named.items()}

    def _whole(self, text: str) -> str:
        head = "" if text.lstrip().startswith(("syntax", "edition")) else 'syntax = "proto3";\n'
        if re.search(r"^package ", text, re.MULTILINE) is None:
            first, separator, rest = text.partition(";\n") if not head else ("", "", text)
            text = f"{first}{separator}package {self.name};\n{rest}"
        return (head + text).replace("PKG", self.name)


def all_cases() -> tuple[Case, ...]:
    """Every case of this folder."""
    found: dict[str, list[Case]] = {}
    for module in (fields, messages, enums, services, files):
        for rule, fires, old, new in module.CASES:
            of_rule = found.setdefault(rule, [])
            of_rule.append(Case(rule, fires, old, new, len(of_rule)))
    return tuple(each for of_rule in found.values() for each in of_rule)
