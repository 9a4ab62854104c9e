"""One release held against others, by all rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.releases.shape_changed import RULE as SHAPE
from versioned_serde.check.rules.rule import Family, of_family
from versioned_serde.check.sources import Sources
from versioned_serde.check.witness import witness

_ORDER = {"error": 0, "warning": 1, "note": 2}


def findings(comparison: Comparison) -> list[Finding]:
    """What the release rules and shape rules find; errors first, then by schema and version."""
    shapes = {module.RULE.name for module in of_family("shapes")}
    found = [*_of("releases", comparison), *_of("shapes", comparison)]
    # What a rule of shapes says of a version is the same, said better.
    told = {(each.schema, each.version) for each in found if each.rule in shapes and each.severity == "error"}
    return in_order([each for each in found if each.rule != SHAPE.name or (each.schema, each.version) not in told])


def witnessed(comparison: Comparison, found: Iterable[Finding]) -> list[Finding]:
    """The same findings, each error with a record that shows it, where there is one."""
    told: list[Finding] = []
    for each in found:
        shown = witness(comparison, each) if each.severity == "error" and each.witness is None else None
        told.append(each if shown is None else replace(each, witness=shown.text))
    return told


def in_order(found: list[Finding]) -> list[Finding]:
    """Errors first, then by schema, version and rule."""
    return sorted(found, key=lambda each: (_ORDER[each.severity], each.schema or "", each.version or 0, each.rule))


def in_sources(sources: Sources) -> list[Finding]:
    """What the source rules find."""
    return _of("sources", sources)


def _of(family: Family, what: Comparison | Sources) -> list[Finding]:
    return [finding for module in of_family(family) for finding in module.check(what)]
