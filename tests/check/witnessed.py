"""Errors and their witnesses, held to what the rules say of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import all_rules
from versioned_serde.check.witness import witness

OF_RELEASES: Final = {
    "name-reused": "Records hold the value of the old meaning as an unknown one; no two releases disagree on it yet.",
    "view-differs": "Without the owner's lock, and where a list has another key, there is no record to disagree about.",
}
"""Rules about releases of which some errors have no witness, and why."""


def check_witnessed(findings: Iterable[Finding], comparison: Comparison | None = None) -> None:
    """Every error has a witness, unless its rule says why it may have none."""
    for each in findings:
        if each.severity == "error" and each.witness is None:
            said = OF_RELEASES.get(each.rule) or all_rules()[each.rule].no_witness
            assert said or (comparison is not None and witness(comparison, each) is not None), each
