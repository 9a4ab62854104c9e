"""Releases of a shop, for rules that hold one against others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Literal

from versioned_serde import Parameter, Schema, Version, add, rename
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.release import Release
from versioned_serde.lock.certificate import Certificate, version_digest

PLACE = Place(path="shop.py", line=3)
FIRST = Version(1, codec="json", framing="envelope")
SECOND = Version(2, rename("customer", "buyer"))


@dataclass
class Old:
    customer: str


@dataclass
class Order:
    buyer: str


@dataclass
class Noted:
    buyer: str
    note: str = ""


ONE = Schema("shop.order", Old, FIRST)
PREPARED = Schema("shop.order", Order, FIRST, SECOND, writes=1)
ACTIVATED = Schema("shop.order", Order, FIRST, SECOND, writes=2)
RETIRED = Schema("shop.order", Order, Version(2, codec="json", framing="envelope", min_reader=2), writes=2)
ADDED = Schema("shop.order", Noted, FIRST, SECOND, Version(3, add("note")), writes=3)


def heartbeat(*seconds: float, writes: int = 1, kind: Literal["at_most", "at_least"] = "at_most") -> Parameter:
    """A parameter with versions from 1."""
    return Parameter("shop.heartbeat", dict(enumerate(seconds, 1)), kind=kind, writes=writes)


def gone(version: int, schema: Schema) -> Certificate:
    """What a census says that found no record of a version."""
    content = Release.of_declared("fenced", [schema]).schemas[schema.name].content["versions"][str(version)]
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return Certificate(schema.name, version, version_digest(content), day, day, day, {})


def hits(
    rule: ModuleType,
    now: Schema | Parameter,
    *beside: Schema | Parameter,
    supported: Sequence[Schema | Parameter] = (),
    certificates: Sequence[Certificate] = (),
) -> list[Finding]:
    """What a rule finds when `now` is held against releases that are called `beside-1` and `supported-1` and so on."""
    comparison = Comparison(
        now=Release.of_declared("this tree", [now]),
        beside=[Release.of_declared(f"beside-{at}", [each]) for at, each in enumerate(beside, 1)],
        supported=[Release.of_declared(f"supported-{at}", [each]) for at, each in enumerate(supported, 1)],
        places={now.name: PLACE},
        certificates=certificates,
    )
    return list(rule.check(comparison))
