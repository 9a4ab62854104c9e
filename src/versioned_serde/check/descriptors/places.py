"""Where in the source each part of a file is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from versioned_serde.check.descriptors.parts import locations
from versioned_serde.check.descriptors.wire import key_of, spans, varint
from versioned_serde.check.finding import Place

_PATH = 0x0A  # tag of Location.path
_SPAN = 0x12  # tag of Location.span
_SHORT = 0x7F  # the longest path whose length is a single byte
_FILES = 8  # findings come file by file, and an index takes more memory than all else of its file


class Places:
    """The source locations of one file, by path: the numbers of fields and indexes that lead to an element.

    A file has many more locations than findings, so what stands at one is only read when it is asked for.
    """

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = data

    def has(self, path: tuple[int, ...]) -> bool:
        return self._span(path) is not None

    def at(self, file: str, path: tuple[int, ...]) -> Place | None:
        """Where the element at a path is; None if the file does not tell."""
        span = self._span(path)
        if span is None:
            return None
        numbers = list(span) if span.isascii() else list(_numbers(span))  # mostly, each is one byte
        if len(numbers) == 3:
            numbers.insert(2, numbers[0])  # it ends on the line on which it begins
        line, column, end_line, end_column = numbers
        return Place(path=file, line=line + 1, column=column + 1, end_line=end_line + 1, end_column=end_column + 1)

    def _span(self, path: tuple[int, ...]) -> bytes | None:
        """The numbers that say where a path is."""
        key = key_of(path)
        if 0 < len(key) <= _SHORT:
            head = bytes((_PATH, len(key), *key, _SPAN))
            if (location := _by_heads(self._data).get(head)) is not None:
                size, start = varint(location, len(head))
                return location[start : start + size]
        return _unusual(self._data).get(key)


def _numbers(span: bytes) -> Iterator[int]:
    position = 0
    while position < len(span):
        number, position = varint(span, position)
        yield number


@lru_cache(maxsize=_FILES)
def _by_heads(data: bytes) -> dict[bytes, bytes]:
    """Locations as they mostly are, by all that stands before the length of the span: the path, and the span's tag.

    Those that are otherwise have heads here that no path has.
    """
    # Backwards, because the first of a path counts.
    return {each[: each[1] + 3]: each for each in reversed(locations(data)) if len(each) > 1}


@lru_cache(maxsize=_FILES)
def _unusual(data: bytes) -> dict[bytes, bytes]:
    """Path -> span of the whole file, which has no path, and of what somebody serialized in another order."""
    found: dict[bytes, bytes] = {}
    for location in locations(data):
        if location[:1] == bytes((_PATH,)) and location[location[1] + 2 : location[1] + 3] == bytes((_SPAN,)):
            continue
        path, span = b"", None
        for field in spans(location, 0, len(location)):
            if field.number == 1:
                path += location[field.start : field.end]
            elif field.number == 2 and field.sized:
                span = location[field.start : field.end]
        if span is not None:
            found.setdefault(path, span)
    return found
