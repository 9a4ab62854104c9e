"""Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.texts import (
    BREAKS,
    VERDICTS,
    Group,
    about,
    at,
    counted,
    example,
    groups,
    one_line,
    printable,
)

NAME = "markdown"
_LONGEST: Final = 65_536
"""Characters: GitHub takes no longer comment."""
_KEPT: Final = 300
"""Characters of `_LONGEST` for what tells what was left out."""
_CODE: Final = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# `@name`, `#17` and `GH-17` become links to people, who are told of it, and to issues. An escape does not hinder that,
# a comment in between does.
_SPECIAL: Final = re.compile(r"(?P<linking>@|#|\bGH-)(?=\w)|^(?P<number>\d+)(?=[.)])|^[-+#=]|[\\`*_\[\]<>|~$&]")


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """The whole report, as far as it fits into a comment; what is left out is counted."""
    head = "\n\n".join(_head(outcome)) + "\n"
    plan = f"\n{printable(outcome.plan).strip()}\n" if outcome.plan else ""
    left_out = "\n_The plan does not fit in here; `serde-check plan` prints it._\n"
    if len(head) + len(plan) > _LONGEST - _KEPT:
        plan = left_out
    room = _LONGEST - _KEPT - len(head) - len(plan)
    parts: list[str] = []
    missing = len(outcome.findings)
    for text in _findings(outcome):
        if len(text) > room:
            break
        room -= len(text)
        parts.append(text)
        missing -= 1
    if missing:
        what = "finding does" if missing == 1 else "findings do"
        parts.append(f"\n_{missing:,} more {what} not fit in here; `serde-check` prints all._\n")
    return "".join((head, *parts, plan))


def _head(outcome: Outcome) -> Iterator[str]:
    yield f"### serde-check: {escaped(counted(outcome))}"
    for direction, verdict in outcome.verdict.items():
        yield f"**{direction}: {verdict}.** {VERDICTS[direction, verdict].capitalize()}."


def _findings(outcome: Outcome) -> Iterator[str]:
    """The findings; the first of each group with what can be said of all of them."""
    for group in groups(outcome.findings):
        said = f"\n#### {group.severity}: {code(group.rule)}\n\n" + "".join(f"{each}\n\n" for each in _about(group))
        for each in group.findings:
            yield said + _finding(each)
            said = ""


def _about(group: Group) -> Iterator[str]:
    if group.direction is not None:
        yield BREAKS[group.direction]
    if group.help:
        yield f"**Instead:** {escaped(group.help)}"


def _finding(each: Finding) -> str:
    subject = about(each)
    text = f"- {escaped(f'{subject}: {each.message}' if subject else each.message)}"
    if each.place is not None:
        text += f" ({code(at(each.place))})"
    if shown := example(each):
        text += f"<br>For example: {code(shown)}"
    return f"{text}\n"


def escaped(text: str) -> str:
    """A text as Markdown that shows it, in one line. What stands in backticks is shown as code."""
    text = one_line(text)
    parts: list[str] = []
    end = 0
    for span in _CODE.finditer(text):
        parts += [_plain(text[end : span.start()]), code(span[2])]
        end = span.end()
    return "".join((*parts, _plain(text[end:])))


def _plain(text: str) -> str:
    return _SPECIAL.sub(_harmless, text)


def _harmless(special: re.Match[str]) -> str:
    if special["linking"]:
        return f"{special[0]}<!-- -->"
    return f"{special[0]}\\" if special["number"] else f"\\{special[0]}"


def code(text: str) -> str:
    """A text as code, in one line; it may hold backticks."""
    text = one_line(text)
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}" if text.startswith("`") or text.endswith("`") else f"{fence}{text}{fence}"
