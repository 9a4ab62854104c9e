"""One release held against others, by all rules."""

from __future__ import annotations

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Family, of_family

_ORDER = {"error": 0, "warning": 1, "note": 2}


def findings(comparison: Comparison) -> list[Finding]:
    """What the release rules and shape rules find; errors first, then by schema and version."""
    found = [*_of("releases", comparison), *_of("shapes", comparison)]
    told = {(each.schema, each.version) for each in found if each.rule in _shape_rules()}
    # What a shape rule says of a version is the same, said better.
    found = [each for each in found if each.rule != "version-changed" or (each.schema, each.version) not in told]
    return in_order(found)


def in_order(found: list[Finding]) -> list[Finding]:
    """Errors first, then by schema, version and rule."""
    return sorted(found, key=lambda each: (_ORDER[each.severity], each.schema or "", each.version or 0, each.rule))


def _of(family: Family, comparison: Comparison) -> list[Finding]:
    return [finding for module in of_family(family) for finding in module.check(comparison)]


def _shape_rules() -> frozenset[str]:
    return frozenset(module.RULE.name for module in of_family("shapes") if module.RULE.severity == "error")
