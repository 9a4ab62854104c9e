"""Ignores in comments of Python sources: `# serde-check: ignore[RULE] until YYYY-MM-DD: REASON`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from versioned_serde.check.finding import Place

_MARK: Final = "serde-check:"
_COMMENT: Final = re.compile(r"#\s*serde-check:\s*(?P<said>.*)", re.DOTALL)
_IGNORE: Final = re.compile(
    r"ignore\[(?P<rules>[^\[\]]+)\]\s*(?:until\s+(?P<until>\d{4}-\d{2}-\d{2})\s*)?(?::\s*(?P<reason>.*))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that begins with `serde-check:`.

    Attributes:
        place: where it is.
        first: the first line of the statement that it is about; `last`, the last one.
        rules: names of what it ignores; none if it cannot be understood.
        until: the last day on which it counts.
        reason: why; may be empty.
    """

    place: Place
    first: int
    last: int
    rules: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""

    def covers(self, place: Place | None) -> bool:
        """Whether something at a place is in the statement that the comment is about."""
        if place is None or place.path != self.place.path or place.line is None:
            return False
        return self.first <= place.line <= self.last


def comments_of(path: str, text: str) -> list[Comment]:
    """The comments of a file that begin with `serde-check:`, in order.

    A comment is about the statement that it stands in or behind; between statements, about the next one. Of a class, a
    function and other statements that have a body, that is their head.

    Args:
        path: of the file, as findings name it.
        text: its content. What is no Python has no comments.
    """
    if _MARK not in text:  # most files; the parser is slow
        return []
    text = text.removeprefix("\ufeff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the project's code; whoever runs that is told
            found = list(_comments(text))
            statements = sorted(_statements(ast.parse(text))) if found else []
    except (SyntaxError, tokenize.TokenError, ValueError):
        return []
    return [_comment(path, each, *_about(each.start[0], _alone(each), statements)) for each in found]


def _comments(text: str) -> Iterator[tokenize.TokenInfo]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and _COMMENT.fullmatch(token.string):
            yield token


def _comment(path: str, token: tokenize.TokenInfo, first: int, last: int) -> Comment:
    (line, start), (_, end) = token.start, token.end
    place = Place(path=path, line=line, column=start + 1, end_line=line, end_column=end + 1)
    said = _COMMENT.fullmatch(token.string)
    assert said is not None
    ignore = _IGNORE.fullmatch(said["said"].strip())
    if ignore is None:
        return Comment(place=place, first=first, last=last)
    try:
        until = date.fromisoformat(ignore["until"]) if ignore["until"] else None
    except ValueError:  # 2027-02-30
        return Comment(place=place, first=first, last=last)
    rules = tuple(filter(None, (each.strip() for each in ignore["rules"].split(","))))
    reason = (ignore["reason"] or "").strip()
    return Comment(place=place, first=first, last=last, rules=rules, until=until, reason=reason)


def _alone(token: tokenize.TokenInfo) -> bool:
    return not token.line[: token.start[1]].strip()


def _statements(tree: ast.Module) -> Iterator[tuple[int, int, bool]]:
    """First line, last line and whether it has a body, of each statement; of one with a body, without the body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = _body(node)
            end = max(node.lineno, min(map(_start, body)) - 1) if body else node.end_lineno or node.lineno
            yield _start(node), end, bool(body)


def _body(node: ast.stmt) -> list[ast.stmt] | list[ast.pattern]:
    if isinstance(node, ast.Match):
        return [each.pattern for each in node.cases]
    body: list[ast.stmt] = getattr(node, "body", [])
    return body


def _start(node: ast.stmt | ast.pattern) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _about(line: int, alone: bool, statements: list[tuple[int, int, bool]]) -> tuple[int, int]:
    """The lines of the statement that a comment is about; its own line if there is none."""
    around = [
        (first, last)
        for first, last, with_body in statements
        # The lines between a head and its body that hold a comment alone are about the body.
        if first <= line <= last and not (alone and with_body)
    ]
    if around:
        return around[-1]
    return next(((first, last) for first, last, _ in statements if first > line), (line, line))
