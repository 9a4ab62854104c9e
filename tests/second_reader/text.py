"""JSON text, taken apart into its members without touching their text (RFC 8259)."""

from __future__ import annotations

import json
import re

BLANK = re.compile(r"[ \t\n\r]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


class JsonError(ValueError):
    """It is not JSON."""


def names_twice(text: str) -> bool:
    """Whether any object in a value has a name twice."""
    twice = []

    def note(pairs: list[tuple[str, object]]) -> None:
        twice.append(len({name for name, _ in pairs}) < len(pairs))

    json.loads(text, object_pairs_hook=note, parse_int=str, parse_float=str)
    return any(twice)


def value_of(lexeme: str) -> str:
    """What a string's text means."""
    value: str = json.loads(lexeme)
    return value


def members(text: str) -> list[tuple[str, str, str]] | None:
    """Of the outermost object: each name, its spelling up to the value, and the value's text. None for other values."""
    at = blank(text, 0)
    found: list[tuple[str, str, str]] | None = None
    if text[at : at + 1] == "{":
        found = []
        at = blank(text, at + 1)
        if text[at : at + 1] == "}":
            at += 1
        else:
            at = _members(text, at, found)
    else:
        at = skipped(text, at)
    if blank(text, at) != len(text):
        raise JsonError
    return found


def _members(text: str, at: int, found: list[tuple[str, str, str]]) -> int:
    while True:
        start, at = at, matched(STRING, text, at)
        name = value_of(text[start:at])
        at = blank(text, at)
        if text[at : at + 1] != ":":
            raise JsonError
        value = blank(text, at + 1)
        at = skipped(text, value)
        found.append((name, text[start:value], text[value:at]))
        at = blank(text, at)
        if text[at : at + 1] == "}":
            return at + 1
        if text[at : at + 1] != ",":
            raise JsonError
        at = blank(text, at + 1)


def skipped(text: str, at: int) -> int:
    """Where a value ends. Nesting is counted, not recursed into."""
    open_: list[str] = []
    while True:
        at = blank(text, at)
        here = text[at : at + 1]
        if here in ("{", "["):
            open_.append("}" if here == "{" else "]")
            at = blank(text, at + 1)
            if text[at : at + 1] != open_[-1]:
                at = _named(text, at) if open_[-1] == "}" else at
                continue
        else:
            at = matched(STRING if here == '"' else SCALAR, text, at)
        while open_:
            at = blank(text, at)
            if text[at : at + 1] == open_[-1]:
                open_.pop()
                at += 1
                continue
            if text[at : at + 1] != ",":
                raise JsonError
            at = _named(text, blank(text, at + 1)) if open_[-1] == "}" else at + 1
            break
        else:
            return at


def _named(text: str, at: int) -> int:
    """Behind the colon of a member."""
    at = blank(text, matched(STRING, text, at))
    if text[at : at + 1] != ":":
        raise JsonError
    return at + 1


def matched(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    if match is None:
        raise JsonError
    return match.end()


def blank(text: str, at: int) -> int:
    match = BLANK.match(text, at)
    assert match is not None
    return match.end()
