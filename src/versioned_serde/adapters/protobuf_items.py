"""How many items a protobuf payload holds, told before upb parses it.

An item is a field each time that it occurs, known or unknown, or an element of a packed one. A map's entry is one item,
and not three. What a message notes in JSON counts as in JSON.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from versioned_serde.adapters.protobuf_messages import NOTES, fields, is_map, unfitting

_VARINT, _EIGHT, _SIZED, _GROUP, _END, _FOUR = range(6)
_FIXED = {
    FieldDescriptor.TYPE_DOUBLE: 8,
    FieldDescriptor.TYPE_FIXED64: 8,
    FieldDescriptor.TYPE_SFIXED64: 8,
    FieldDescriptor.TYPE_FLOAT: 4,
    FieldDescriptor.TYPE_FIXED32: 4,
    FieldDescriptor.TYPE_SFIXED32: 4,
}
_UNPACKABLE = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES}
_CONTINUED = bytes(range(0x80, 0x100))
_DEEPEST = 100
"""As deep as upb goes."""
_ENTRY = 2
"""The fields of a map's entry, which are one item with it."""


def exceeds(data: bytes, descriptor: Any, most: int) -> bool:
    """Whether a payload holds more items.

    Args:
        data: the payload.
        descriptor: of its message.
        most: the bound.

    Raises:
        PayloadError: it is not of the wire format.
    """
    if len(data) <= most:
        return False
    try:
        return _Walk(data, most).message(0, len(data), descriptor, 0, _DEEPEST) < 0
    except _Malformed:
        raise unfitting(descriptor) from None


class _Malformed(Exception):  # noqa: N818  no error of ours yet
    pass


class _Walk:
    """Steps over the fields of a payload, and into the messages that its class knows."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._most = most
        self._found = 0
        self._known: dict[int, dict[int, Any]] = {}

    def message(self, at: int, end: int, descriptor: Any, free: int, room: int, group: int = 0) -> int:
        """Where a message or group ends that begins at `at`; -1 as soon as there are too many items.

        Args:
            at: where its first field begins.
            end: where the data around it ends, or the message itself.
            descriptor: of the message; None if it is not known.
            free: how many of its fields do not count.
            room: how many messages and groups may be nested in it.
            group: number of the group that it is; 0 for a message.
        """
        if room < 0:
            raise _Malformed
        known = self._fields(descriptor)
        while at < end:
            tag, at = self._varint(at, end)
            number, wire = tag >> 3, tag & 7
            if wire == _END:
                if number != group:
                    raise _Malformed
                return at
            self._found += not free
            free -= free > 0
            if self._found > self._most:
                return -1
            at = self._value(at, end, wire, number, known.get(number), room)
            if at < 0:
                return -1
        if group or at > end:
            raise _Malformed
        return at

    def _value(self, at: int, end: int, wire: int, number: int, field: Any, room: int) -> int:
        if wire == _VARINT:
            return self._varint(at, end)[1]
        if wire in (_EIGHT, _FOUR):
            return at + (8 if wire == _EIGHT else 4)
        if wire == _GROUP:
            return self.message(at, end, field and field.message_type, 0, room - 1, number)
        if wire != _SIZED:
            raise _Malformed
        size, at = self._varint(at, end)
        if size > end - at:
            raise _Malformed
        if number == NOTES:
            notes = self._data[at : at + size]
            self._found += notes.count(b",") + notes.count(b"[") + notes.count(b"{")
        elif field is not None and field.message_type is not None and field.type != FieldDescriptor.TYPE_GROUP:
            free = _ENTRY if is_map(field) else 0
            return self.message(at, at + size, field.message_type, free, room - 1)
        elif field is not None and field.is_repeated and field.type not in _UNPACKABLE:
            self._found += self._packed(at, at + size, field)
        return -1 if self._found > self._most else at + size

    def _packed(self, at: int, end: int, field: Any) -> int:
        width = _FIXED.get(field.type)
        if width is not None:
            return (end - at) // width
        return len(self._data[at:end].translate(None, _CONTINUED))

    def _fields(self, descriptor: Any) -> dict[int, Any]:
        if descriptor is None:
            return {}
        found = self._known.get(id(descriptor))
        if found is None:
            # A descriptor lives as long as its class.
            found = self._known[id(descriptor)] = {field.number: field for field in fields(descriptor)}
        return found

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        data, value = self._data, 0
        for shift in range(0, 70, 7):
            if at >= end:
                break
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
        raise _Malformed
