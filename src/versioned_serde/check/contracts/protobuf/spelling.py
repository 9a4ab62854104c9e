"""Places in sources, which protoc records otherwise than people and buf count them.

In a descriptor set all find the same places, because they are in the set. Where we compile, protoc made them: it counts
bytes, and a tab up to the next multiple of eight. People count characters. buf's own compiler counts as a terminal with
tabs of four does, and begins a default at the word `default` and a group's type at the word `group`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from unicodedata import combining, east_asian_width

from versioned_serde.check.descriptors.elements import GROUP, Field, Path
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.finding import Place

_DEFAULT: Final = 7  # numbers of fields in descriptor.proto's FieldDescriptorProto
_TYPE_NAME: Final = 6
_TYPE: Final = 5
_WORD: Final = re.compile(r"\bdefault\s*=\s*(?:/\*[^*]*\*/\s*)?$")
_TAB_OF_PROTOC: Final = 8
_TAB_OF_BUF: Final = 4


def places_of(hit: Hit) -> list[Path]:
    """Where a hit may be: a group's type is at the word `group`."""
    paths = hit.paths()
    group = isinstance(hit.element, Field) and hit.element.proto.type == GROUP
    if group and paths and hit.inner == ((_TYPE_NAME,),):
        return [(*paths[0][:-1], _TYPE), *paths]
    return paths


def spelled(hit: Hit, path: Path, place: Place, lines: Sequence[str], *, like_buf: bool) -> Place:
    """Where a hit is, in characters, or as buf shows it."""
    first, last = place.line or 1, place.end_line or 1
    if max(first, last) > len(lines):  # the file has changed since it was compiled
        return place
    start = _index(lines[first - 1], place.column or 1)
    end = _index(lines[last - 1], place.end_column or 1)
    if hit.inner == ((_DEFAULT,),) and path[-1] == _DEFAULT:
        word = _WORD.search(lines[first - 1][:start])
        start = start if word is None else word.start()
    if like_buf:
        return replace(place, column=_cells(lines[first - 1], start) + 1, end_column=_cells(lines[last - 1], end) + 1)
    return replace(place, column=start + 1, end_column=end + 1)


def _index(line: str, column: int) -> int:
    """How many characters stand before a column of protoc."""
    if line.isascii() and "\t" not in line:
        return column - 1
    at = 0
    for index, letter in enumerate(line):
        if at >= column - 1:
            return index
        at = at - at % _TAB_OF_PROTOC + _TAB_OF_PROTOC if letter == "\t" else at + len(letter.encode())
    return len(line)


def _cells(line: str, index: int) -> int:
    """How many columns of a terminal the first characters take."""
    at = 0
    for letter in line[:index]:
        if letter == "\t":
            at = at - at % _TAB_OF_BUF + _TAB_OF_BUF
        elif not combining(letter):
            at += 2 if east_asian_width(letter) in "WF" else 1
    return at
