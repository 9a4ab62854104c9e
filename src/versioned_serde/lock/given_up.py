"""What drafts gave up when they were locked anew: that no release has had a draft is what somebody said.

A host that had it may have written its attributes all the same, and keeps them in records of older versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from versioned_serde.lock.description import adds

GIVEN_UP = "given_up"
"""The key in a lock."""
_Versions = Mapping[str, Any]


def given_up(locked: Mapping[str, Any], versions: _Versions, frozen: _Versions) -> dict[str, list[str]]:
    """The attributes that drafts had and that no version has any more: path -> types and defaults.

    Args:
        locked: the lock so far.
        versions: those that it will have.
        frozen: those that stay as they are; the others were drafts.
    """
    dropped = [each for number, each in locked["versions"].items() if number not in frozen]
    found = {(path, line) for path, lines in locked.get(GIVEN_UP, {}).items() for line in lines}
    found |= {attribute for each in dropped for attribute in _attributes(each)}
    found -= {attribute for each in versions.values() for attribute in _attributes(each)}
    return {
        path: sorted(line for other, line in found if other == path) for path in sorted({path for path, _ in found})
    }


def taken_up(drafts: _Versions, locked: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each draft that has attributes under names that a draft before gave up, and that are not added as the same again.

    Args:
        drafts: what is declared and not frozen.
        locked: the lock.
    """
    known = locked.get(GIVEN_UP, {})
    listed = (locked["versions"].get(str(number), {"shape": ()}) for number in locked.get("listed", ()))
    there = {path for each in listed for path in each["shape"]}
    for number, each in drafts.items():
        shape, steps = each["shape"], each["steps"]
        same = {path for path in known.keys() & shape.keys() if shape[path] in known[path] and adds(steps, path)}
        if again := sorted((known.keys() & shape.keys()) - there - same):
            yield number, again


def _attributes(version: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {*version["shape"].items(), *version.get("added", {}).items()}
