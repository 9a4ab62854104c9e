"""Two releases of one schema, held against each other."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from tests.check.witnessed import check_witnessed
from versioned_serde import KeylessListWarning, Schema, Version
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.proof import proved
from versioned_serde.check.release import Release
from versioned_serde.shape import REQUIRED, Attribute, Default, Shape, Type

NAME = "shop.order"


def declared(
    model: Any,
    *versions: Version,
    keys: Mapping[str, str] | None = None,
    reserved: Collection[str] = (),
    writes: int | None = None,
) -> Schema[Any]:
    """A schema; without versions, of one in JSON."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        lines = versions or (Version(1, codec="json", framing="envelope"),)
        return Schema(NAME, model, *lines, keys=keys, reserved=reserved, writes=writes)


def order(type_: Type, default: Default = REQUIRED, *, name: str = "x", slot: str | None = None) -> Shape:
    """A shape of one attribute."""
    return Shape("Order", (Attribute(name, type_, default, slot),))


def compared(old: Schema[Any], new: Schema[Any]) -> Comparison:
    """The new release, while the old one runs beside it."""
    return Comparison(
        now=Release.of_declared("this tree", [new]),
        beside=[Release.of_declared("v1", [old])],
        declared={new.name: new},
    )


def found(rule: ModuleType, old: Any, new: Any) -> list[Finding]:
    """What a rule finds between two schemas, or between two models of one version each; every error has its proof."""
    one, other = (each if isinstance(each, Schema) else declared(each) for each in (old, new))
    comparison = compared(one, other)
    findings = list(rule.check(comparison))
    check_witnessed(findings, comparison)
    for finding in findings:
        assert finding.rule == rule.RULE.name
        assert finding.schema == NAME
        if finding.severity == "error" and finding.witness is not None:
            proof = proved(finding, comparison)
            assert proof is not None
            assert proof.shown
            assert proof.witness.text == finding.witness
    return findings


def only(rule: ModuleType, old: Any, new: Any) -> Finding:
    """The one finding."""
    (finding,) = found(rule, old, new)
    return finding
