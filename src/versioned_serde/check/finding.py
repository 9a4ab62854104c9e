"""Findings: hits of rules, as reports show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["error", "warning", "note"]
Direction = Literal["backward", "forward"]
"""`backward`: a reader of the new reads what the old wrote. `forward`: one of the old reads what the new writes."""
Breaks = Direction | Literal["full"]
"""What a finding breaks; `full` is both."""
Verdict = Literal["compatible", "incompatible", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file something is.

    Attributes:
        path: of the file, relative to where the command runs, with slashes.
        line: from 1; None for the whole file. `column`, from 1, counts characters.
        end_line: the last line, `end_column` the column after the last character; None where only the start is known.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hit of one rule.

    Attributes:
        rule: the rule's name, such as `write-before-read`.
        severity: `error`: somebody cannot read something, or loses something. `warning`: it may. `note`: worth knowing.
        message: what was found, one sentence that names versions and releases, and never payload values.
        help: what to do instead.
        aliases: names of the same rule elsewhere, such as `FIELD_NO_DELETE`.
        schema: name of the schema, parameter, message or document concerned.
        attribute: path of the attribute in it.
        version: the version concerned.
        direction: which way it breaks, where there is one; `full` is both.
        place: where in the source, if that is known.
        witness: a payload or record that shows it, as text: JSON where it is JSON, otherwise hexadecimal.
    """

    rule: str
    severity: Severity
    message: str
    help: str = ""
    aliases: tuple[str, ...] = ()
    schema: str | None = None
    attribute: str | None = None
    version: int | None = None
    direction: Breaks | None = None
    place: Place | None = None
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A finding that does not count.

    Attributes:
        finding: what was found.
        by: `comment`: a comment beside it. `settings`: the settings. `baseline`: it was there before `serde-check` was.
        reason: why it may be ignored, as somebody wrote it.
        until: the last day on which it is ignored.
    """

    finding: Finding
    by: Literal["comment", "settings", "baseline"]
    reason: str
    until: date | None = None
