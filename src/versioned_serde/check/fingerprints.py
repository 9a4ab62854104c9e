"""What stays the same of a finding while the code around it changes."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Iterable, Sequence

from versioned_serde.check.finding import Finding, Place


def fingerprints(findings: Iterable[Finding], against: Sequence[str] = (), root: str = ".") -> list[str]:
    """32 hexadecimal digits for each finding, all different.

    They are made of all that says what was found, and not of where in the file it is. Names of releases in the message
    do not count: the same break, seen from the next release, is the same finding.

    Args:
        findings: of one run.
        against: names of the releases that the run was held against.
        root: the folder from which paths count, as findings name it.
    """
    seen: Counter[str] = Counter()
    found: list[str] = []
    for each in findings:
        content = json.dumps(
            [
                each.rule,
                path_from(root, each.place) if each.place else None,
                each.schema,
                each.attribute,
                each.version,
                each.direction,
                _without(against, each.message),
            ]
        )
        seen[content] += 1
        found.append(hashlib.sha256(f"{seen[content]}{content}".encode()).hexdigest()[:32])
    return found


def path_from(root: str, place: Place) -> str:
    """A place's path from a folder, both as findings name files; wherever the command runs, it is the same."""
    return place.path if root == "." else posixpath.relpath(place.path, root)


def _without(names: Sequence[str], message: str) -> str:
    # The longest first: `v1` is in `v1.4`.
    for name in sorted(filter(None, names), key=len, reverse=True):
        message = message.replace(name, "")
    return message
