"""A new version has an attribute of a name that an earlier one had and gave up."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import SchemaLock
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="name-reused",
    severity="error",
    finds="A new version has an attribute of a name that an earlier one had and gave up.",
    why=(
        "Records of the earlier versions hold something else under the name, and so do releases that keep what"
        " they do not know. Sooner or later the old value is read as the new one."
    ),
    example="""\
```python
Version(4, remove("note", was=str)),
Version(7, add("note")),         # another note
```""",
    instead="Give the new attribute another name. List the old one in `reserved`, so that nobody takes it again.",
    aliases=("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "RESERVED_MESSAGE_NO_DELETE"),
    references=("docs/how-to/remove-an-attribute.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every name of a new version that only versions before the last one had."""
    told: set[tuple[str, str]] = set()
    for other, before, now in comparison.pairs():
        for number in sorted(number for number in now.versions if number > max(before.versions)):
            for path in _again(before, now, number):
                beside = (lock.versions.get(number) for lock in comparison.schemas_beside(now.name))
                if (now.name, path) in told or any(version is not None and path in version.shape for version in beside):
                    continue
                told.add((now.name, path))
                yield RULE.finding(
                    f"Version {number} uses the name `{path}` again, which earlier versions of {other.name} had.",
                    schema=now.name,
                    attribute=path,
                    version=number,
                    place=comparison.at(now.name),
                )


def _again(before: SchemaLock, now: SchemaLock, number: int) -> list[str]:
    """The names of a version that the versions before it gave up.

    What the version just before it has, this one does not take up, even where that one was declared otherwise before.
    """
    last = before.versions[max(before.versions)].shape
    older = [each for each in now.versions if each < number]
    kept = last.keys() | (now.versions[max(older)].shape.keys() if older else ())
    had = {path for version in before.versions.values() for path in version.shape}
    return sorted((had - kept) & now.versions[number].shape.keys())
