"""Hits of rules -> findings and verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from versioned_serde.check.contracts.protobuf.reading import Source
from versioned_serde.check.contracts.protobuf.selection import rule_modules
from versioned_serde.check.contracts.protobuf.spelling import places_of, spelled
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import NOT_OF_BUF, Hit
from versioned_serde.check.finding import Finding, Place, Severity
from versioned_serde.check.rules.rule import Rule

_UNNUMBERED: Final = "_UNLESS_NUMBER_RESERVED"
_UNNAMED: Final = "_UNLESS_NAME_RESERVED"

Check = Callable[..., Iterator[Hit]]


class _Run:
    """The chosen rules, and what they found.

    Attributes:
        found: every hit so far, with its rule.
    """

    def __init__(self, difference: Difference, chosen: Collection[str]) -> None:
        self.found: list[tuple[Rule, Hit]] = []
        self._difference = difference
        self._chosen = chosen
        self._levels: defaultdict[str, list[tuple[Rule, Check]]] = defaultdict(list)
        for module in rule_modules():
            if any(each in chosen for each in module.BUF):
                for level in module.LOOKS_AT:
                    self._levels[level].append((module.RULE, module.check))

    def of(self, level: str, *subjects: Any) -> None:
        """Lets all rules that look at a level look at something on it."""
        for rule, check in self._levels[level]:
            for hit in check(*subjects, self._difference):
                if hit.alias in self._chosen:
                    self.found.append((rule, hit))


def hits(difference: Difference, chosen: Collection[str]) -> list[tuple[Rule, Hit]]:
    """Every hit of a chosen id, with its rule."""
    run = _Run(difference, chosen)
    run.of("sets")
    for files in difference.files():
        run.of("files", *files)
    for before, now, alike in difference.messages():
        run.of("all fields", before, now)
        if not difference.only_fields(before, now):
            run.of("messages", before, now)
        for fields in difference.fields(before, now, alike):
            run.of("fields", *fields)
    for fields in difference.extensions():
        run.of("fields", *fields)
    for enums in difference.enums():
        run.of("enums", *enums)
    for old, new in difference.services():
        run.of("services", old, new)
        others = {each.name: each for each in new.methods()}
        for method in old.methods():
            if (other := others.get(method.name)) is not None:
                run.of("methods", method, other)
    return run.found


def place_of(hit: Hit, source: Source, *, like_buf: bool) -> Place | None:
    """Where a hit is shown: at the first of its places that the source has, otherwise at the start of the file."""
    if hit.file is None:
        return None
    name = source.shown(hit.file.path)
    for path in hit.paths() if source.lines is None else places_of(hit):
        if (place := hit.file.places.at(name, path)) is not None:
            if source.lines is None:
                return place
            return spelled(hit, path, place, source.lines(hit.file.path), like_buf=like_buf)
    return Place(path=name, line=1, column=1, end_line=1, end_column=1)


def finding(
    rule: Rule, hit: Hit, place: Place | None, severity: Severity, aliases: tuple[str, ...], witness: str | None
) -> Finding:
    """What is reported of a hit."""
    return rule.finding(
        hit.message,
        severity=severity,
        aliases=aliases,
        schema=hit.schema,
        attribute=hit.attribute,
        direction=hit.breaks,
        place=place,
        witness=witness,
    )


def graded(rule: Rule, hit: Hit) -> Severity:
    """What a hit is worth unless rules are asked for: an error where bytes are misread or refused, otherwise less."""
    if hit.breaks is not None:
        return "error"
    return "note" if rule.severity == "error" else rule.severity


def once(found: list[tuple[Rule, Hit]]) -> Iterator[tuple[Rule, Hit, tuple[str, ...]]]:
    """Each hit and its ids: what neither its number nor its name is reserved of is one hit with both."""
    unnamed = {_key(hit): hit for _, hit in found if hit.alias.endswith(_UNNAMED)}
    for rule, hit in found:
        if hit.alias.endswith(_UNNUMBERED) and (other := unnamed.pop(_key(hit), None)) is not None:
            yield rule, hit, (hit.alias, other.alias)
        elif not hit.alias.endswith(_UNNAMED):
            yield rule, hit, (hit.alias,) if hit.alias != NOT_OF_BUF else ()
    for rule, hit in found:
        if hit.alias.endswith(_UNNAMED) and _key(hit) in unnamed:
            yield rule, hit, (hit.alias,)


def _key(hit: Hit) -> tuple[str | None, str | None]:
    return hit.schema, hit.attribute
