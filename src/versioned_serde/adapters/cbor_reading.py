"""CBOR items -> tree values: what the codec `cbor` reads, and how strictly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import cbor2

from versioned_serde.adapters import cbor_items
from versioned_serde.adapters.cbor_items import (
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    INT,
    LIST,
    MAP,
    NEGATED,
    NEGATIVE,
    POSITIVE,
    STR,
    TAG,
    Item,
    too_deep,
)
from versioned_serde.adapters.cbor_pieces import NAME, WRAPPED, encoded, in_digits, in_rfc3339
from versioned_serde.adapters.reading import WRAPPER
from versioned_serde.adapters.texts import mismatch, text_form, too_long
from versioned_serde.errors import PayloadError
from versioned_serde.limits import Limits
from versioned_serde.shape import ScalarName
from versioned_serde.tree import Raw

_SMALL = range(-(2**64), 2**64)
"""The ints that have a form of their own, and so no other."""
_TAGS = {
    DATETIME: "datetime",
    POSITIVE: "int",
    NEGATED: "int",
    DECIMAL: "decimal",
    cbor_items.UUID: "uuid",
    DATE: "date",
}
_MAJORS = {INT: "int", NEGATIVE: "int", BYTES: "bytes", STR: "str", LIST: "list", MAP: "object"}
_SIMPLE = {0xF4: "bool", 0xF5: "bool", 0xF6: "null", 0xF7: "undefined", 0xF9: "float", 0xFA: "float", 0xFB: "float"}
_EXPONENT = 10**9
"""The first exponent of a decimal that no codec reads."""


def _kind(item: Item) -> str:
    major = item.major
    if major == TAG:
        return _TAGS.get(item.argument, "a tagged value")
    return _MAJORS.get(major) or _SIMPLE.get(item.data[item.at], "a simple value")


def _leaf(item: Item) -> Any:
    """The value of an item that is no list, no map and not tagged."""
    try:
        return cbor2.loads(item.whole)
    except cbor2.CBORDecodeError:  # it is well-formed, or `outline` would have refused it
        raise PayloadError("A str is not UTF-8.") from None


def _tagged(item: Item, number: int, kind: str) -> Any:
    """The value of a string that stands behind the tag; None if the item is anything else."""
    if item.major != TAG or item.argument != number or _kind(item.content) != kind:
        return None
    return _leaf(item.content)


class CborItems:
    """CBOR items, as `reading` wants them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bound = 10**limits.max_digits

    def fields(self, node: Item) -> dict[str, Item]:
        if node.major != MAP:
            raise mismatch("object", _kind(node))
        inside = iter(node.within())
        members: dict[str, Item] = {}
        for key in inside:
            if key.major != STR:
                raise PayloadError("A name in an object is not a str.")
            name = _leaf(key)
            if name in members:
                raise PayloadError("A name occurs twice in an object.")
            members[name] = next(inside)
        return members

    def items(self, node: Item) -> list[Item]:
        if node.major != LIST:
            raise mismatch("list", _kind(node))
        return node.within()

    def is_null(self, node: Item) -> bool:
        return node.data[node.at] == 0xF6

    def scalar(self, name: ScalarName) -> Callable[[Item], Any]:
        if name == "int":
            return self._int
        if name == "float":
            return self._float
        if name == "decimal":
            return self._decimal()
        if name == "datetime":
            return self._datetime()
        if name == "uuid":
            return _uuid
        if name == "date":
            return self._date()
        if name in {"str", "bool", "bytes"}:
            return _exactly(name)
        text, from_text = _exactly("str"), text_form(name, self._limits).read
        return lambda node: from_text(text(node))

    def _int(self, node: Item) -> int:
        if node.major in {INT, NEGATIVE}:
            value = node.argument if node.major == INT else -1 - node.argument
        else:
            value = self._large(node)
        if -self._bound < value < self._bound:
            return value
        raise too_long(self._limits)

    def _large(self, node: Item) -> int:
        if (magnitude := _tagged(node, POSITIVE, "bytes")) is not None:
            value = int.from_bytes(magnitude, "big")
        elif (magnitude := _tagged(node, NEGATED, "bytes")) is not None:
            value = -1 - int.from_bytes(magnitude, "big")
        else:
            raise mismatch("int", _kind(node))
        if magnitude[:1] == b"\x00" or value in _SMALL:
            raise mismatch("int", "one in more bytes than its one form")
        return value

    def _float(self, node: Item) -> float:
        if _kind(node) == "float":
            found: float = _leaf(node)
            return found
        if node.major not in {INT, NEGATIVE}:
            raise mismatch("float", _kind(node))
        value = self._int(node)
        if int(float(value)) != value:
            raise mismatch("float", "an int too large for one")
        return float(value)

    def _decimal(self) -> Callable[[Item], Decimal]:
        text, from_text = _exactly("str"), text_form("decimal", self._limits).read

        def read(node: Item) -> Decimal:
            if node.major == STR:
                special: Decimal = from_text(text(node))
                if in_digits(special):
                    raise mismatch("decimal", "str")
                return special
            if (kind := _kind(node)) == "int":
                return Decimal(self._int(node))
            if kind != "decimal":
                raise mismatch("decimal", kind)
            exponent, mantissa = self._fraction(node.content)
            value = Decimal(mantissa)
            # Its text is read, so that a decimal of one codec can be written in any other.
            found: Decimal = from_text(str(Decimal((value.is_signed(), value.as_tuple().digits, exponent))))
            return found

        return read

    def _fraction(self, node: Item) -> tuple[int, int]:
        parts = self.items(node)
        if len(parts) != 2 or parts[0].major not in {INT, NEGATIVE}:
            raise mismatch("an exponent and a mantissa", "something else")
        exponent = self._int(parts[0])
        if abs(exponent) >= _EXPONENT:
            raise mismatch("decimal", "an exponent too large for one")
        return exponent, self._int(parts[1])

    def _datetime(self) -> Callable[[Item], datetime]:
        text, from_text = _exactly("str"), text_form("datetime", self._limits).read

        def read(node: Item) -> datetime:
            tagged = node.major == TAG and node.argument == DATETIME
            if not tagged and node.major != STR:
                raise mismatch("datetime", _kind(node))
            found = text(node.content if tagged else node)
            value: datetime = from_text(found)
            if tagged != (in_rfc3339(found) is not None):
                raise mismatch("datetime", "one whose tag does not go with its offset from UTC")
            return value

        return read

    def _date(self) -> Callable[[Item], Any]:
        from_text = text_form("date", self._limits).read

        def read(node: Item) -> Any:
            found = _tagged(node, DATE, "str")
            if found is None:
                raise mismatch("date", _kind(node))
            return from_text(found)

        return read

    def anything(self, room: int) -> Callable[[Item], Any]:
        def read(node: Item, room: int = room) -> Any:
            kind = _kind(node)
            if kind == "int":
                return self._int(node)
            if kind in {"float", "str", "bool", "null"}:
                return _leaf(node)
            if kind not in {"list", "object"}:
                raise mismatch("a JSON-like value", kind)
            if room < 1:
                raise too_deep(self._limits)
            if kind == "list":
                return [read(item, room - 1) for item in self.items(node)]
            return {name: read(value, room - 1) for name, value in self.fields(node).items()}

        return read

    def raw(self, room: int) -> Callable[[Item], Raw]:
        def read(node: Item) -> Raw:
            data = node.whole
            if data.startswith(WRAPPED) and (unwrapped := _unwrapped(node, data)) is not None:
                return unwrapped
            if node.height > max(room, 0):
                raise too_deep(self._limits)
            return Raw(NAME, data)

        return read


def _exactly(name: ScalarName) -> Callable[[Item], Any]:
    def read(node: Item) -> Any:
        if (kind := _kind(node)) != name:
            raise mismatch(name, kind)
        return _leaf(node)

    return read


def _uuid(node: Item) -> UUID:
    found = _tagged(node, cbor_items.UUID, "bytes")
    if found is None:
        raise mismatch("uuid", _kind(node))
    if len(found) != 16:
        raise mismatch("uuid", "bytes that are not 16")
    return UUID(bytes=found)


def _unwrapped(node: Item, data: bytes) -> Raw | None:
    """The value of another codec, or None for somebody's own attribute that looks similar."""
    parts = node.within()[1].within()
    if [_kind(part) for part in parts] != ["str", "bytes"]:
        return None
    try:
        codec, value = map(_leaf, parts)
    except PayloadError:
        return None
    return Raw(codec, value) if codec != NAME and encoded({WRAPPER: [codec, value]}) == data else None
