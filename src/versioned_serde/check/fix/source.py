"""A Python file, and insertions into it that leave every other byte as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

_NEWLINE = re.compile(r"\r\n|\r|\n")
_REST = re.compile(r"[ \t]*(#[^\r\n]*)?(?=[\r\n]|$)")
"""What may stand after the last code of a line."""

Item = cst.Arg | cst.ImportAlias | cst.BaseElement | cst.BaseDictElement
"""Of a list with commas: a call's arguments, an import's names, the elements of a literal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is put into a list with commas.

    Attributes:
        text: the code.
        comment: what stands behind it on its line, without `#`; empty for none.
    """

    text: str
    comment: str = ""


class Source:
    """A file's text with the edits that it is to have. Positions are those of the text as it was given.

    Args:
        text: the file, its ends of lines as they are.

    Attributes:
        module: the file's syntax.
        newline: how most of its lines end.
        unit: one level of its indentation.

    Raises:
        ValueError: the text is no Python.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise ValueError(f"it is no Python: {error.message}") from None
        self.module: cst.Module = wrapper.module
        self._positions = wrapper.resolve(PositionProvider)
        self._lines: list[int] = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        self.newline: str = self.module.default_newline
        self.unit: str = self.module.default_indent
        self._edits: list[tuple[int, int, str]] = []

    @property
    def edited(self) -> str:
        """The text with all edits."""
        text = self._text
        # From the end on, so that offsets stay right; of two insertions at one place the later one stands behind.
        for (start, end, new), _ in sorted(
            ((each, at) for at, each in enumerate(self._edits)), key=_place, reverse=True
        ):
            text = text[:start] + new + text[end:]
        return text

    def calls(self) -> list[cst.Call]:
        """Every call in the file."""
        return [node for node in self._positions if isinstance(node, cst.Call)]

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self._text[start:end]

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node begins and ends, in characters from the file's start."""
        at = self._positions[node]
        return self._offset(at.start.line, at.start.column), self._offset(at.end.line, at.end.column)

    def ends_at(self, node: cst.CSTNode, line: int, column: int) -> bool:
        """Whether a node ends at a line, from 1, and a column, from 0 and in bytes of UTF-8."""
        end = self._positions[node].end
        if end.line != line:
            return False
        start = self._lines[line - 1]
        return len(self._text[start : start + end.column].encode()) == column

    def line(self, node: cst.CSTNode) -> int:
        """The line that a node begins at, from 1."""
        return int(self._positions[node].start.line)

    def line_end(self, node: cst.CSTNode) -> int:
        """Where the line ends that a node ends on."""
        match = _NEWLINE.search(self._text, self.span(node)[1])
        return match.start() if match else len(self._text)

    def replace(self, node: cst.CSTNode, text: str) -> None:
        """Puts other code in the place of a node."""
        self._edits.append((*self.span(node), text))

    def insert_at(self, offset: int, text: str) -> None:
        """Puts a text at an offset of the text as it was given."""
        self._edits.append((offset, offset, text))

    def insert_before(self, item: Item, text: str) -> None:
        """Puts an entry in front of the first one of a list with commas."""
        start, _ = self.span(item)
        indent = self._own_line(start)
        self.insert_at(start, f"{text}, " if indent is None else f"{text},{self.newline}{indent}")

    def insert_after(self, items: Sequence[Item], index: int, entries: Sequence[Entry]) -> None:
        """Puts entries behind one of a list with commas: on lines of their own, if that or the next one stands so."""
        item = items[index]
        start, end = self.span(item)
        comma = self.span(item.comma)[1] if isinstance(item.comma, cst.Comma) else None
        behind = end if comma is None else comma
        rest = _REST.match(self._text, behind)
        indent = self._own_line(start)
        if indent is None and rest and comma is not None and index + 1 < len(items):
            indent = self._own_line(self.span(items[index + 1])[0])
        if comma is None:
            self.insert_at(end, ",")
        if indent is None or (comma is not None and rest is None):
            self.insert_at(behind, self._inline(entries, self.indentation(start), last=comma is None))
            return
        text = ""
        for number, entry in enumerate(entries):
            last = comma is None and number == len(entries) - 1
            text += f"{self.newline}{indent}{entry.text}{'' if last else ','}"
            text += f"  # {entry.comment}" if entry.comment else ""
        if rest is None and entries[-1].comment:
            text += self.newline + indent  # the closing parenthesis follows
        self.insert_at(behind if rest is None else rest.end(), text)

    def remove(self, items: Sequence[Item], index: int) -> None:
        """Takes out an entry of a list with commas, not the last one; with its lines, if they hold no other."""
        item = items[index]
        assert isinstance(item.comma, cst.Comma)
        start, following = self.span(item)[0], self.span(items[index + 1])[0]
        rest = _REST.match(self._text, self.span(item.comma)[1])
        indent = self._own_line(start)
        if indent is None or rest is None:
            self._edits.append((start, following, ""))
            return
        newline = _NEWLINE.match(self._text, rest.end())
        assert newline is not None  # another entry follows
        self._edits.append((start - len(indent), newline.end(), ""))

    def _inline(self, entries: Sequence[Entry], indent: str, *, last: bool) -> str:
        text = ""
        for number, entry in enumerate(entries):
            comma = "" if last and number == len(entries) - 1 else ","
            text += f" {entry.text}{comma}"
            if entry.comment:
                text += f"  # {entry.comment}{self.newline}{indent}"
        return text

    def _own_line(self, start: int) -> str | None:
        """The indentation of what begins at an offset, if nothing stands in front of it on its line."""
        begin = self._text.rfind("\n", 0, start) + 1
        begin = max(begin, self._text.rfind("\r", 0, start) + 1)
        before = self._text[begin:start]
        return before if not before.strip(" \t") and begin else None

    def indentation(self, offset: int) -> str:
        """The indentation of the line that an offset is on."""
        begin = max(self._text.rfind("\n", 0, offset), self._text.rfind("\r", 0, offset)) + 1
        match = re.compile(r"[ \t]*").match(self._text, begin)
        assert match is not None
        return match[0]

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column


def _place(edit: tuple[tuple[int, int, str], int]) -> tuple[int, int]:
    (start, _, _), number = edit
    return start, number
