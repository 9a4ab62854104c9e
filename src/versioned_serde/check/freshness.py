"""Whether the lock in this tree goes with the declaration, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.rules.rule import of_family
from versioned_serde.lock.files import Declared, Rule, check_lock

_RULES: Mapping[Rule, str] = {
    "unreadable": "lock-unreadable",
    "edited": "lock-edited",
    "undeclared": "undeclared-change",
    "changed": "locked-version-changed",
    "withdrawn": "locked-version-withdrawn",
    "reused": "locked-name-reused",
    "unlocked": "lock-stale",
    "stale": "lock-stale",
    "unclaimed": "lock-unclaimed",
}


def freshness(declared: Sequence[Declared], folder: Path, places: Mapping[str, Place]) -> list[Finding]:
    """In what the lock and the declaration differ.

    Args:
        declared: all that the project's registries declare.
        folder: the lock.
        places: where they are declared.
    """
    differences = check_lock(declared, folder)
    unlocked = {each.schema for each in differences if each.rule == "unlocked"}
    rules = {module.RULE.name: module.RULE for module in of_family("lock")}
    return [
        rules[_RULES[each.rule]].finding(
            each.message[0].upper() + each.message[1:],
            schema=each.schema,
            version=each.version,
            place=places.get(each.schema),
        )
        for each in differences
        if each.rule != "stale" or each.schema not in unlocked  # one thing to do, told once
    ]
