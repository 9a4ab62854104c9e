"""The default is computed where it was a constant, or the other way round."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.check.comparing import found, only
from versioned_serde.check.rules.shapes import default_computed


@dataclass
class Plain:
    x: int = 1


@dataclass
class Computed:
    x: int = field(default_factory=int)


@dataclass
class ComputedOtherwise:
    x: int = field(default_factory=lambda: 2)


def test_fails_where_it_became_computed() -> None:
    finding = only(default_computed, Plain, Computed)
    assert (finding.severity, finding.direction) == ("error", "backward")
    assert "the default of `x` is computed" in finding.message


def test_fails_where_it_became_a_constant() -> None:
    finding = only(default_computed, Computed, Plain)
    assert finding.severity == "error"
    assert "is not computed any more" in finding.message


def test_passes_another_function() -> None:
    assert not found(default_computed, Computed, ComputedOtherwise)
