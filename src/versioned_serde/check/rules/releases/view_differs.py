"""A view is no part of what its owner declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import SchemaLock, VersionLock
from versioned_serde.check.rules.rule import Rule
from versioned_serde.schema import Schema

_OMITTED = "theirs()"
_WITHIN = re.compile(r'within\((?:"(?:[^"\\]|\\.)*"|\.\.\.), ')
"""Which objects it is about, by place or by class, the shapes tell."""
RULE = Rule(
    name="view-differs",
    severity="error",
    finds="A view says something of another team's schema that the schema's owner does not, or cannot read what the"
    " owner writes.",
    why=(
        "The owner's lock is the contract. Where the view has another type, another default or another min_reader, it"
        " misreads records or refuses them; where it lacks a version, it fails on the day on which the owner writes it."
    ),
    example="""\
```python
Schema("billing.charge", Charge, Version(3, codec="json", framing="envelope"), view=True)
# The owner's lock: version 3 has no attribute `due`, or it writes version 4, which raises min_reader.
```""",
    instead="""\
Declare the view as the owner's lock has it, with a line for each version of which the owner has records.

`serde-check lock --import NAME` fetches the owner's lock anew, and shows what it changed.""",
    references=("docs/how-to/across-teams.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every view, held against its owner's lock."""
    for name, view in comparison.now.views.items():
        owner = comparison.imported.get(name)
        if owner is None:
            yield RULE.finding(
                "The lock of the schema's owner has not been imported, so nothing shows that the view is a part of it.",
                help=f"Run `serde-check lock --import {name} --from PATH-OR-REPOSITORY`.",
                schema=name,
                place=comparison.at(name),
            )
            continue
        for version, attribute, message in (*_differences(view, owner), *_dropped(view, owner, comparison)):
            yield RULE.finding(message, schema=name, version=version, attribute=attribute, place=comparison.at(name))
        for number in sorted({owner.writes, *owner.listed}):
            if not _reads(view, owner.versions[number]):
                written = number == owner.writes
                yield RULE.finding(
                    f"The owner {'writes' if written else 'lists'} version {number}, which the view cannot read; it"
                    f" reads {view.readable()}.",
                    severity="error" if written else "warning",
                    schema=name,
                    version=number,
                    direction="backward",
                    place=comparison.at(name),
                )


def _reads(view: SchemaLock, version: VersionLock) -> bool:
    """Whether a view reads a version of its owner's: a newer one as its own newest, if the tag lets it."""
    newest = view.versions[view.newest]
    as_newest = version.tagged and (version.min_reader, version.form) == (newest.min_reader, newest.form)
    return version.number in view.listed or (version.number > newest.number and as_newest)


def _differences(view: SchemaLock, owner: SchemaLock) -> Iterator[tuple[int | None, str | None, str]]:
    for number in view.listed:
        if number not in owner.versions:
            yield number, None, f"The view lists version {number}, which the owner does not have."
            continue
        mine, theirs = view.versions[number], owner.versions[number]
        for key, value in theirs.form.items():
            if mine.form[key] != value:
                yield (
                    number,
                    None,
                    f"`{key}` of version {number} is {value!r} at the owner, and {mine.form[key]!r} here.",
                )
        if mine.min_reader != theirs.min_reader:
            yield (
                number,
                None,
                (
                    f"The min_reader of version {number} is {theirs.min_reader} at the owner, and {mine.min_reader}"
                    f" here: say `min_reader={theirs.min_reader}`."
                ),
            )
        yield from ((number, path, message) for path, message in _attributes(mine, theirs))
        if number > view.listed[0]:
            yield from ((number, None, message) for message in _steps(mine, theirs))
    newest = view.versions[view.newest]
    for path, key in owner.keys.items():
        if path in newest.shape and view.keys.get(path) != key:
            yield None, path, f"The owner's key of the list `{path}` is `{key}`: say it in `keys`."


def _steps(mine: VersionLock, theirs: VersionLock) -> Iterator[str]:
    """Steps that do not stand where the owner's do: what they keep in records would pass for another step's."""
    for place, (one, other) in enumerate(zip_longest(mine.steps, theirs.steps[: len(mine.steps)], fillvalue=""), 1):
        pattern = re.escape(_WITHIN.sub("within(", one)).replace(re.escape(_OMITTED), ".+")
        if one != _OMITTED and not re.fullmatch(pattern, _WITHIN.sub("within(", other)):
            yield (
                f"Step {place} of version {mine.number} is `{other or 'none'}` at the owner, and `{one}` here:"
                " put the steps where the owner has them, and `theirs()` in place of each that the view has no part in."
            )


def _attributes(mine: VersionLock, theirs: VersionLock) -> Iterator[tuple[str, str]]:
    for path, line in mine.shape.items():
        if path not in theirs.shape:
            yield path, f"Version {mine.number} of the owner has no attribute `{path}`."
        elif theirs.shape[path] != line:
            yield path, f"`{path}` of version {mine.number} is `{theirs.shape[path]}` at the owner, and `{line}` here."
        elif mine.fields.get(path) != theirs.fields.get(path):
            yield (
                path,
                (
                    f"Field {theirs.fields.get(path)} of version {mine.number} carries `{path}` at the owner, and"
                    f" {mine.fields.get(path)} here."
                ),
            )


def _dropped(
    view: SchemaLock, owner: SchemaLock, comparison: Comparison
) -> Iterator[tuple[int | None, str | None, str]]:
    """What a codec that keeps nothing undeclared would lose, or could not even read."""
    declared = comparison.declared.get(view.name)
    for line in declared.lines if isinstance(declared, Schema) else ():
        if line.number in owner.versions and not line.codec.retains_unknown:
            for path in sorted(owner.versions[line.number].shape.keys() - view.versions[line.number].shape.keys()):
                yield (
                    line.number,
                    path,
                    f"The codec `{line.codec.name}` keeps nothing that is not declared, and the view lacks `{path}`.",
                )
