"""Encoders around a library's own encode function, in the native core or as closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from versioned_serde import native
from versioned_serde.limits import Limits
from versioned_serde.native import Encoder
from versioned_serde.presence import all_present
from versioned_serde.protocols import ModelKind, Straight, StraightCodec
from versioned_serde.serializer.counters import Cell
from versioned_serde.serializer.instances import Presence
from versioned_serde.serializer.line import Line
from versioned_serde.serializer.writer import largest_payload
from versioned_serde.shape import Shape


def wrapped_encoder(
    line: Line,
    newest: int,
    kind_of: Callable[[Shape], ModelKind],
    limits: Limits,
    presence: Presence,
    *,
    trusted: bool,
) -> Encoder | None:
    """An encoder around the function that the version's codec offers, or None if it offers none.

    Args:
        line: the version to write.
        newest: the newest version, whose instances are written.
        kind_of: the kind of a shape's model.
        limits: the schema's bounds.
        presence: which attributes new values show.
        trusted: whether instances hold exactly what their classes declare.
    """
    codec = line.codec
    if line.number != newest or line.coding is not None or not isinstance(codec, StraightCodec):
        return None
    if presence == "all" and all_present(line.shape) != line.shape:
        return None  # a library writes what it thinks is present
    straight = codec.straight(line.shape, kind_of, trusted=trusted)
    if straight is None:
        return None
    if line.framing == "bare":
        straight = replace(straight, encode=_not_empty(straight.encode))
    # An item has a byte at least. Whether there are too many in more bytes, the tree route finds out.
    most = min(largest_payload(limits), limits.max_items)
    return native.wrap(straight, most) or Closures(straight, most)


def _not_empty(encode: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """The function, which leaves a value that would be no bytes to the tree route: that refuses it."""

    def encoded(value: Any) -> bytes:
        payload = encode(value)
        if not payload:
            raise ValueError("no bytes")
        return payload

    return encoded


class Closures:
    """An `Encoder` of closures.

    Args:
        straight: the function.
        most: the largest payload in bytes.
    """

    def __init__(self, straight: Straight, most: int) -> None:
        self._straight = straight
        self._most = most

    def encode(self, value: Any, prefix: bytes) -> bytes | None:
        straight = self._straight
        if type(value) is not straight.model:
            return None
        try:
            payload = straight.encode(value)
        except Exception:  # noqa: BLE001  the tree route finds out what is wrong, and makes the error
            return None
        if len(payload) > self._most or (straight.check is not None and not straight.check(payload)):
            return None
        return prefix + payload

    def counted(self, prefix: bytes, cell: Cell, otherwise: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
        model, encode, check = self._straight.model, self._straight.encode, self._straight.check
        most = self._most + len(prefix)
        if check is not None:
            return self._checked(prefix, cell, otherwise)

        def dumps(value: Any) -> bytes:
            # Each of these words costs a hundredth of a small record.
            if type(value) is model:
                try:
                    record = prefix + encode(value)
                except Exception:  # noqa: BLE001  as above
                    return otherwise(value)
                if len(record) <= most:
                    cell.value += 1
                    return record
            return otherwise(value)

        return dumps

    def _checked(self, prefix: bytes, cell: Cell, otherwise: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
        def dumps(value: Any) -> bytes:
            record = self.encode(value, prefix)
            if record is None:
                return otherwise(value)
            cell.value += 1
            return record

        return dumps
