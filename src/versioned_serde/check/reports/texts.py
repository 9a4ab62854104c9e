"""What several formats say in the same words."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from versioned_serde.check.finding import Breaks, Direction, Finding, Place, Severity, Verdict
from versioned_serde.check.outcome import Outcome

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
BREAKS: Final[dict[Breaks, str]] = {
    "backward": "The new one cannot read what the old one wrote.",
    "forward": "The old one cannot read what the new one writes.",
    "full": "Neither can read what the other writes.",
}
VERDICTS: Final[dict[tuple[Direction, Verdict], str]] = {
    ("backward", "compatible"): "a reader of the new one reads all that the old one may have written",
    ("backward", "incompatible"): "a reader of the new one cannot read all that the old one may have written",
    ("backward", "undecided"): "whether a reader of the new one reads all that the old one may have written is open",
    ("forward", "compatible"): "a reader of the old one reads all that the new one may write",
    ("forward", "incompatible"): "a reader of the old one cannot read all that the new one may write",
    ("forward", "undecided"): "whether a reader of the old one reads all that the new one may write is open",
}
NO_PLACE: Final = Place(path="pyproject.toml", line=1)
"""For formats that demand a place: where the project's settings name its registries."""
_ROOTS: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables in which GitHub and GitLab give the folder of the repository to a job."""
_WITNESS: Final = 400
"""Characters of a witness that people are shown. Programs get all."""
# What moves the cursor, turns the direction of writing, or stands in no file: control characters, marks of direction,
# separators of lines, surrogates, and what is no character.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of which the same can be said.

    Attributes:
        rule: the rule's name.
        severity: of all of them. `direction` and `help` likewise.
        findings: in their order.
    """

    rule: str
    severity: Severity
    direction: Breaks | None
    help: str
    findings: tuple[Finding, ...]


def groups(findings: Iterable[Finding]) -> list[Group]:
    """Findings by severity, rule and what to do: the severe ones first, and otherwise as they come."""
    found: dict[tuple[Severity, str, Breaks | None, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.severity, each.rule, each.direction, each.help), []).append(each)
    all_ = [Group(rule, severity, way, help_, tuple(them)) for (severity, rule, way, help_), them in found.items()]
    return sorted(all_, key=lambda group: SEVERITIES.index(group.severity))


def counted(outcome: Outcome) -> str:
    """Such as `2 errors, 1 warning, 3 ignored, held against v1.4.0`."""
    counts = Counter(each.severity for each in outcome.findings)
    said = [f"{counts[each]} {each}{'s' if counts[each] > 1 else ''}" for each in SEVERITIES if counts[each]]
    said = said or ["nothing found"]
    if outcome.ignored:
        said.append(f"{len(outcome.ignored)} ignored")
    if outcome.against:
        said.append(f"held against {' and '.join(map(one_line, outcome.against))}")
    return ", ".join(said)


def about(finding: Finding) -> str:
    """What a finding is about: schema, version, attribute; empty if it says none."""
    parts = [
        finding.schema,
        finding.attribute and f"`{finding.attribute}`",
        f"version {finding.version}" if finding.version is not None else None,
    ]
    return one_line(", ".join(filter(None, parts)))


def example(finding: Finding) -> str:
    """A finding's witness in one line, cut if it is long; empty if there is none."""
    if finding.witness is None:
        return ""
    shown = one_line(finding.witness)
    if len(shown) > _WITNESS:
        return f"{shown[:_WITNESS]}… ({len(shown):,} characters)"
    return shown or "an empty payload"


def at(place: Place) -> str:
    """A place as `path:line:column`, as far as it is known; editors and terminals make a link of it."""
    numbers = [str(each) for each in (place.line, place.line and place.column) if each is not None]
    return ":".join((one_line(place.path), *numbers))


def printable(text: str) -> str:
    r"""A text of which a terminal shows all: what it would not show, or obey, as an escape such as `\x1b`.

    Ends of lines and tabs stay.
    """
    return _UNPRINTABLE.sub(_escaped, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The same in one line."""
    return printable(" ".join(text.split()))


def _escaped(character: re.Match[str]) -> str:
    code = ord(character[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def in_repository(place: Place) -> str:
    """A place's path from the root of the repository, where it is known: GitHub and GitLab count from there."""
    root = next((found for name in _ROOTS if (found := os.environ.get(name))), None)
    path = Path.cwd() / place.path
    if root is None or not path.is_relative_to(root):
        return place.path
    return path.relative_to(root).as_posix()
