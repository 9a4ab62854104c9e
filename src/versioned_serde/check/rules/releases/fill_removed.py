"""The first line that is left after a retirement lacks a fill that its records need."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import SchemaLock
from versioned_serde.check.rules.rule import Rule
from versioned_serde.lock.description import adds, step_text
from versioned_serde.schema import Schema

RULE = Rule(
    name="fill-removed",
    severity="error",
    finds="The first listed version lacks the `add` with a `fill` of an attribute that came above its min_reader.",
    why=(
        "A host of the min_reader may have edited its records, and does not know the attribute. An element that it put"
        " into a list lacks it, and so does an object where there was none. Only the fill makes such a record readable;"
        " it went with the line of the version that added the attribute."
    ),
    example="""\
```python
Version(2, codec="json", framing="envelope", min_reader=1),
# the release before: Version(1, ...), Version(2, within("lines", add("amount", fill=1)))
```""",
    instead="""\
Put the `add` with its `fill`, within what it is within, on the first line; `serde-check fix --retire` does that.

For an attribute of the outermost object, or of one that is always there, it is a warning: whoever edits such an object
keeps what it does not know.""",
    references=("docs/how-to/retire-a-version.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each attribute that records of the first line may lack, and that nothing fills."""
    told: set[tuple[str, str]] = set()
    for _, before, now in comparison.pairs(comparison.beside):
        declared = comparison.declared.get(now.name)
        if not isinstance(declared, Schema):
            continue  # a lock tells what a version was when it was locked, not what is on its line now
        first = now.listed[0]
        steps = [step_text(step) for step in declared.declared[0].steps]
        for path, fresh in _filled(before, now, first):
            if not adds(steps, path) and (now.name, path) not in told:
                told.add((now.name, path))
                met = first in (*comparison.stored(now.name), now.writes)
                yield RULE.finding(
                    f"Records of version {first} may lack `{path}`, and its line has no `add` that fills it.",
                    severity="error" if fresh and met else "warning",
                    schema=now.name,
                    attribute=path,
                    version=first,
                    direction="backward",
                    place=comparison.at(now.name),
                )


def _filled(before: SchemaLock, now: SchemaLock, first: int) -> Iterator[tuple[str, bool]]:
    """The attributes that hosts of the min_reader do not know and others need.

    Each with whether such a host can make an object without it.
    """
    known = {**before.versions, **now.versions}
    version = known[first]
    older = [number for number in known if version.min_reader <= number < first]
    if not older:
        return
    shape, was = version.shape, known[min(older)].shape
    for path, line in shape.items():
        around = [each for each in shape if path.startswith((f"{each}.", f"{each}["))]
        if path not in was and _always_written(line) and all(each in was for each in around):
            yield path, any(was[each] != "object" for each in around)


def _always_written(line: str) -> bool:
    return " = " not in line or line.endswith(" = computed")
