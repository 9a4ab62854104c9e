"""Where in the source each part of a file is."""

from __future__ import annotations

from versioned_serde.check.descriptors.wire import key_of, spans, varint
from versioned_serde.check.finding import Place

_LOCATION = 0x0A  # tag of SourceCodeInfo.location, and of Location.path
_SPAN = 0x12  # tag of Location.span


class Places:
    """The source locations of one file, by path: the numbers of fields and indexes that lead to an element.

    A file has many more locations than findings, so what stands at one is only read when it is asked for.
    """

    __slots__ = ("_data", "_spans")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._spans: dict[bytes, int] | None = None

    def has(self, path: tuple[int, ...]) -> bool:
        return key_of(path) in self._index()

    def at(self, file: str, path: tuple[int, ...]) -> Place | None:
        """Where the element at a path is; None if the file does not tell."""
        position = self._index().get(key_of(path))
        if position is None:
            return None
        size, position = varint(self._data, position)
        end = position + size
        numbers = []
        while position < end:
            number, position = varint(self._data, position)
            numbers.append(number + 1)
        if len(numbers) == 3:
            line, column, end_column = numbers
            return Place(path=file, line=line, column=column, end_line=line, end_column=end_column)
        line, column, end_line, end_column = numbers
        return Place(path=file, line=line, column=column, end_line=end_line, end_column=end_column)

    def _index(self) -> dict[bytes, int]:
        """Path -> where the length of its first span is."""
        if self._spans is not None:
            return self._spans
        data = self._data
        found: dict[bytes, int] = {}
        position, end = 0, len(data)
        while position < end:
            if data[position] != _LOCATION:
                position = next(spans(data, position, end)).end
                continue
            size, start = data[position + 1], position + 2
            if size > 0x7F:
                size, start = varint(data, position + 1)
            path = start + 2
            span = path + data[start + 1]
            if data[start] == _LOCATION and span - path < 0x80 and data[span] == _SPAN:
                found.setdefault(data[path:span], span + 1)
            else:
                self._unusual(found, start, start + size)
            position = start + size
        self._spans = found
        return found

    def _unusual(self, found: dict[bytes, int], start: int, end: int) -> None:
        """A location of the whole file, which has no path, or one that somebody serialized in another order."""
        path, span = b"", None
        for field in spans(self._data, start, end):
            if field.number == 1:
                path += self._data[field.start : field.end]
            elif field.number == 2 and field.sized:
                span = field.tag + 1
        if span is not None:
            found.setdefault(path, span)
