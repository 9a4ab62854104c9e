"""Commands of GitHub's workflows, which become annotations of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step; the others are in its log alone, so the severe ones
come first. A line that begins with `::` is a command, so nothing that comes from a finding may begin a line: line
breaks are escaped, as `@actions/core` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.texts import VERDICTS, about, groups, in_repository, one_line

NAME = "github"
_COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """One command for each verdict and finding; nothing if there are none."""
    verdicts = (
        _command("notice", {"title": f"serde-check: {direction}"}, f"{verdict}: {VERDICTS[direction, verdict]}")
        for direction, verdict in outcome.verdict.items()
    )
    findings = (_annotation(each) for group in groups(outcome.findings) for each in group.findings)
    return "".join((*verdicts, *findings))


def _annotation(each: Finding) -> str:
    place = each.place
    properties: dict[str, str | int | None] = {}
    if place is not None:
        properties["file"] = in_repository(place)
        if place.line is not None:
            properties |= {"line": place.line, "endLine": place.end_line}
            if place.end_line in (None, place.line):  # GitHub takes columns within one line alone
                properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = f"serde-check: {each.rule}"
    subject = about(each)
    lines = [f"{subject}: {each.message}" if subject else each.message]
    lines += [f"Instead: {each.help}"] if each.help else []
    return _command(_COMMANDS[each.severity], properties, "\n".join(map(one_line, lines)))


def _command(name: str, properties: Mapping[str, str | int | None], message: str) -> str:
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    return f"::{name} {said}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
