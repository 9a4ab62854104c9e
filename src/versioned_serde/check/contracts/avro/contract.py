"""Avro schemas: `.avsc` files, folders of them, and `.json` files with a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from versioned_serde.check.contracts.avro.resolution import Obstacle, obstacles
from versioned_serde.check.contracts.avro.schemas import Schema, looks_like_one, read
from versioned_serde.check.contracts.avro.types import Named
from versioned_serde.check.contracts.avro.witness import witness
from versioned_serde.check.contracts.contract import ContractError, Judgment
from versioned_serde.check.finding import Direction, Finding, Place, Verdict
from versioned_serde.check.rules.rule import Rule, of_family

NAME: Final = "avro"

_REMOVED: Final = "avro-schema-removed"
_UNDECIDED: Final = frozenset({"avro-alias-ambiguous"})


def recognizes(path: Path) -> bool:
    """Whether a file or folder holds Avro schemas."""
    if path.is_dir():
        return next(path.rglob("*.avsc"), None) is not None
    if path.suffix != ".json":
        return path.suffix == ".avsc"
    try:
        return looks_like_one(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return False


def compare(old: Path, new: Path, rules: Sequence[str]) -> Judgment:
    """Compares two files, or two folders, in which schemas are found by the names of their types.

    Raises:
        ContractError: one of them holds no Avro schema; or there are rules to select, which this kind has not.
    """
    if rules:
        raise ContractError("Avro schemas have one set of rules, so there is nothing for --rules to select.")
    known = {module.RULE.name: module.RULE for module in of_family("avro")}
    before, after = read(old), read(new)
    found: dict[tuple[object, ...], Finding] = {}
    for written, read_ in _pairs(before, after):
        if read_ is None:
            finding = known[_REMOVED].finding(
                f"The old contract has `{written.key}`, and the new one has not.",
                schema=written.key,
                direction="backward",
                place=written.type.place,
            )
            found.setdefault((_REMOVED, written.key), finding)
            continue
        for finding in _findings(known, "backward", written, read_):
            found.setdefault((finding.rule, finding.direction, finding.message, finding.place), finding)
        for finding in _findings(known, "forward", read_, written):
            found.setdefault((finding.rule, finding.direction, finding.message, finding.place), finding)
    findings = sorted(found.values(), key=_position)
    return Judgment(_verdict("backward", findings), _verdict("forward", findings), tuple(findings))


def _pairs(before: Sequence[Schema], after: Sequence[Schema]) -> Iterator[tuple[Schema, Schema | None]]:
    """Each old schema with the new one of the same name or with an alias for it; two single ones belong together."""
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    by_name = {each.key: each for each in after}
    by_alias = {alias: each for each in after if isinstance(each.type, Named) for alias in each.type.aliases}
    for each in before:
        yield each, by_name.get(each.key, by_alias.get(each.key))


def _findings(rules: dict[str, Rule], direction: Direction, writer: Schema, reader: Schema) -> Iterator[Finding]:
    sides = ("the old schema", "the new schema") if direction == "backward" else ("the new schema", "the old schema")
    for each in obstacles(writer.type, reader.type):
        what = each.what.replace("{writer}", sides[0]).replace("{reader}", sides[1])
        at = f"`{each.attribute}`: " if each.attribute else ""
        yield rules[each.rule].finding(
            f"{at}{what if at else what[0].upper() + what[1:]}.",
            schema=writer.key,
            attribute=each.attribute or None,
            direction=direction,
            place=_new(direction, each),
            witness=witness(writer.type, each),
        )


def _new(direction: Direction, obstacle: Obstacle) -> Place:
    """Places are in the new contract, which is the one that can still be changed."""
    return obstacle.reader if direction == "backward" else obstacle.writer


def _verdict(direction: Direction, findings: Sequence[Finding]) -> Verdict:
    mine = [each for each in findings if each.direction == direction]
    if any(each.severity == "error" for each in mine):
        return "incompatible"
    return "undecided" if any(each.rule in _UNDECIDED for each in mine) else "compatible"


def _position(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    assert place is not None
    return place.path, place.line or 0, place.column or 0, finding.rule, finding.direction or ""
