"""Hits of rules -> findings and verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any

from versioned_serde.check.contracts.protobuf.selection import rule_modules
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.finding import Finding, Place, Severity
from versioned_serde.check.rules.rule import Rule

Check = Callable[..., Iterator[Hit]]


def hits(difference: Difference, chosen: Collection[str]) -> list[tuple[Rule, Hit]]:
    """Every hit of a chosen id, with its rule."""
    levels: defaultdict[str, list[tuple[Rule, Check]]] = defaultdict(list)
    for module in rule_modules():
        if any(each in chosen for each in module.BUF):
            for level in module.LOOKS_AT:
                levels[level].append((module.RULE, module.check))
    found: list[tuple[Rule, Hit]] = []

    def run(level: str, *subjects: Any) -> None:
        for rule, check in levels[level]:
            for hit in check(*subjects, difference):
                if hit.alias in chosen:
                    found.append((rule, hit))

    run("sets")
    for files in difference.files():
        run("files", *files)
    for before, now, alike in difference.messages():
        run("messages", before, now)
        for fields in difference.fields(before, now, alike):
            run("fields", *fields)
    for fields in difference.extensions():
        run("fields", *fields)
    for enums in difference.enums():
        run("enums", *enums)
    for old, new in difference.services():
        run("services", old, new)
        others = {each.name: each for each in new.methods()}
        for method in old.methods():
            if (other := others.get(method.name)) is not None:
                run("methods", method, other)
    return found


def place_of(hit: Hit, shown: Callable[[str], str]) -> Place | None:
    """Where a hit is shown: at the first of its places that the source has, otherwise at the start of the file."""
    if hit.file is None:
        return None
    name = shown(hit.file.path)
    for path in hit.paths():
        if (place := hit.file.places.at(name, path)) is not None:
            return place
    return Place(path=name, line=1, column=1, end_line=1, end_column=1)


def finding(rule: Rule, hit: Hit, place: Place | None, severity: Severity) -> Finding:
    return rule.finding(
        hit.message,
        severity=severity,
        aliases=(hit.alias,),
        schema=hit.schema,
        attribute=hit.attribute,
        direction=hit.breaks,
        place=place,
    )


def graded(rule: Rule, hit: Hit) -> Severity:
    """What a hit is worth unless rules are asked for: an error where bytes are misread or refused, otherwise less."""
    if hit.breaks is not None:
        return "error"
    return "note" if rule.severity == "error" else rule.severity
