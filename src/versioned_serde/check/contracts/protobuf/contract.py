"""Comparing two contracts in protobuf."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from versioned_serde.check.contracts.contract import ContractError, Judgment
from versioned_serde.check.contracts.protobuf.judging import finding, graded, hits, once, place_of
from versioned_serde.check.contracts.protobuf.reading import Source, read, recognized
from versioned_serde.check.contracts.protobuf.selection import by_default, selected
from versioned_serde.check.contracts.protobuf.witness import may_have_one, witness
from versioned_serde.check.descriptors.difference import DescriptorSet, Difference
from versioned_serde.check.finding import Finding, Verdict

NAME: Final = "protobuf"

_WITNESSES: Final = 100
"""For how many hits a witness is looked for: each takes about as long as a thousand messages to compare."""


def recognizes(path: Path) -> bool:
    """Whether a file or folder is one of these."""
    return recognized(path)


def compare(old: Path, new: Path, rules: Sequence[str]) -> Judgment:
    """Compares two of them; `docs/how-to/compare-contracts.md` says what is found by default."""
    chosen = selected(rules) if rules else by_default()
    # Two single files are the same file, whatever they are called.
    before = read(old, name=new.name if new.suffix == ".proto" and new.is_file() else None)
    now = read(new)
    try:
        found = _findings(before, now, chosen, asked=bool(rules))
    except (LookupError, TypeError, ValueError) as error:
        if before.lines is not None and now.lines is not None:
            raise
        # What no compiler wrote: text that is no text, types that there are not, indexes of nothing.
        raise ContractError(f"`{old}` or `{new}` is not a descriptor set: {error}.") from None
    return Judgment(backward=_verdict(found, "backward"), forward=_verdict(found, "forward"), findings=tuple(found))


def _findings(before: Source, now: Source, chosen: frozenset[str], *, asked: bool) -> list[Finding]:
    old = before.files if asked else _without_lost_imports(before.files, now.files)
    difference = Difference(old, now.files)
    all_ = hits(difference, chosen)
    told = ((rule, hit, (hit.alias,)) for rule, hit in all_) if asked else once(all_)
    found: dict[object, Finding] = {}
    tried = 0
    for rule, hit, aliases in told:
        shown = None
        if tried < _WITNESSES and may_have_one(hit):
            tried += 1
            shown = witness(hit, old, now.files)
        place = place_of(hit, now, like_buf=asked)
        severity = "error" if asked else graded(rule, hit)
        # A set without places has all findings of a file at one place; the same words there are one finding.
        key = (aliases, hit.message, place)
        found[key] = finding(rule, hit, place, severity, aliases, shown)
    return sorted(found.values(), key=_order)


def _without_lost_imports(old: DescriptorSet, new: DescriptorSet) -> DescriptorSet:
    """What nobody imports any more is still where it was."""
    return DescriptorSet(file for file in old.files.values() if not file.imported or file.path in new.files)


def _order(each: Finding) -> tuple[str, int, int, tuple[str, ...], str]:
    place = each.place
    if place is None:
        return "", 0, 0, each.aliases, each.message
    return place.path, place.line or 0, place.column or 0, each.aliases, each.message


def _verdict(found: Sequence[Finding], direction: str) -> Verdict:
    broken = any(each.severity == "error" and each.direction in (direction, "full") for each in found)
    return "incompatible" if broken else "compatible"
