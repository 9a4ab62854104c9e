"""Releases of a made-up service, for the tests of rules and plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, make_dataclass, replace
from typing import Any

from versioned_serde import Parameter, Schema, Version, add, rename
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import Release
from versioned_serde.check.rules.rule import of_family
from versioned_serde.lock.certificate import Certificate

OLD, NEW = [("customer", str), ("total", int)], [("buyer", str), ("total", int)]
NOTE: tuple[str, Any, Any] = ("note", str | None, field(default=None))
GIFT: tuple[str, Any, Any] = ("gift", str | None, field(default=None))
MODELS: dict[int, Any] = {
    1: make_dataclass("Order", OLD),
    2: make_dataclass("Order", [*OLD, NOTE]),
    3: make_dataclass("Order", [*NEW, NOTE]),
    4: make_dataclass("Order", [*NEW, NOTE, GIFT]),
}
LINES = {
    1: Version(1, codec="json", framing="envelope"),
    2: Version(2, add("note")),
    3: Version(3, rename("customer", "buyer")),
    4: Version(4, add("gift")),
}
FIRST = {
    1: LINES[1],
    2: Version(2, codec="json", framing="envelope", min_reader=1),
    3: Version(3, codec="json", framing="envelope"),
    4: Version(4, codec="json", framing="envelope", min_reader=3),
}
"""Version 2 keeps the min_reader of 1, and 4 that of 3: the readers of 1 cope with 2, and those of 3 with 4."""


def orders(first: int, last: int, writes: int, *, name: str = "shop.order") -> Schema[Any]:
    """The schema with the versions from first to last."""
    lines = [FIRST[first], *(LINES[number] for number in range(first + 1, last + 1))]
    return Schema(name, MODELS[last], *lines, writes=writes)


def changed(version: Version, *, model: Any = MODELS[1]) -> Schema[Any]:
    """The schema with another version 1."""
    return Schema("shop.order", model, version, writes=1)


def prepared(type_: Any) -> Schema[Any]:
    """Version 2 adds an attribute of a type, and is not written; there is none without a type."""
    if type_ is None:
        return Schema("shop.order", MODELS[1], LINES[1])
    model = make_dataclass("Order", [*OLD, ("note", type_ | None, field(default=None))])
    return Schema("shop.order", model, LINES[1], LINES[2], writes=1)


def heartbeat(values: dict[int, float], writes: int, kind: Any = "at_most") -> Parameter[float]:
    """A parameter."""
    return Parameter("shop.heartbeat", values, kind=kind, writes=writes)


def release(name: str, *declared: Any, written: Sequence[int] = ()) -> Release:
    """A release; `written` are versions that releases before it wrote."""
    made = Release.of_declared(name, declared)
    for lock in made.schemas.values():
        object.__setattr__(lock, "written", lock.written | {*written})
    return made


def retired(name: str, schema: Schema[Any], first: int) -> Release:
    """A release that knows from its lock what the versions below the first one were."""
    made = release(name, schema)
    lock = made.schemas[schema.name]
    return replace(made, schemas={schema.name: replace(lock, listed=tuple(range(first, lock.newest + 1)))})


def found(
    rule: str,
    now: Release,
    *beside: Release,
    supported: Sequence[Release] = (),
    certificates: Sequence[Certificate] = (),
) -> list[Finding]:
    """What one rule finds."""
    comparison = Comparison(now=now, beside=beside, supported=supported, certificates=certificates)
    module = next(module for module in of_family("releases") if module.RULE.name == rule)
    return list(module.check(comparison))
