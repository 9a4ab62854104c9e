"""Tree values -> the bytes of CBOR items: what the codec `cbor` writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import cbor2

from versioned_serde.adapters import cbor_items
from versioned_serde.adapters.cbor_items import DATE, DATETIME, DECIMAL, LIST, MAP, outline
from versioned_serde.adapters.reading import WRAPPER
from versioned_serde.adapters.texts import text_form, unwritable
from versioned_serde.adapters.writing import checked_name
from versioned_serde.errors import LimitError, ReadError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import ScalarName
from versioned_serde.tree import Raw

NAME = "cbor"
_NATIVE: dict[ScalarName, type] = {"str": str, "float": float, "bool": bool, "bytes": bytes}
in_rfc3339: Callable[[str], re.Match[str] | None] = re.compile(r"(?:Z|[+-]\d\d:\d\d)\Z").search
"""Whether the text of a datetime has an offset from UTC, and one of whole minutes."""


def in_digits(value: Decimal) -> bool:
    """Whether an exponent and a mantissa say all of the value."""
    return value.is_finite() and not (value.is_zero() and value.is_signed())


def encoded(value: Any) -> bytes:
    """A value as cbor2 writes it. Raises `UnwritableValueError` for a lone surrogate."""
    try:
        return cbor2.dumps(value)
    except UnicodeEncodeError:
        raise UnwritableValueError("A str has a lone surrogate, which CBOR cannot carry.") from None


def _head(major: int, argument: int) -> bytes:
    """The head of an item: an int's, with another type in its first three bits."""
    head = cbor2.dumps(argument)
    return bytes((head[0] | major << 5,)) + head[1:]


WRAPPED = _head(MAP, 1) + encoded(WRAPPER) + _head(LIST, 2)
"""How a wrapper begins."""


def check_writable(payload: bytes, limits: Limits) -> None:
    """Raises `UnwritableValueError` for a payload that every reader with these bounds would refuse."""
    try:
        outline(payload, limits)
    except LimitError as error:
        raise UnwritableValueError(
            f"{error.problem} Every reader would refuse it.",
            hint=f"Split the value, or raise `Limits.{error.limit}` in all releases before you write such values.",
        ) from None


class CborPieces:
    """The bytes of items, as `writing` wants them."""

    name = NAME
    null = b"\xf6"

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bound = 10**limits.max_digits

    def scalar(self, name: ScalarName) -> Callable[[Any], bytes]:
        if name == "int":
            return self._int
        if name == "uuid":
            return _checked(name, UUID, lambda value: cbor2.CBORTag(cbor_items.UUID, value.bytes))
        if name in _NATIVE:
            return _checked(name, _NATIVE[name], lambda value: value)
        text = text_form(name, self._limits).write
        if name == "decimal":
            return lambda value: _decimal_piece(value, text(value))
        if name == "datetime":
            return lambda value: _datetime_piece(text(value))
        if name == "date":
            return lambda value: encoded(cbor2.CBORTag(DATE, text(value)))
        return lambda value: encoded(text(value))

    def _int(self, value: Any) -> bytes:
        if type(value) is not int:
            raise unwritable("int", value)
        if -self._bound < value < self._bound:
            return encoded(value)
        raise UnwritableValueError(f"An int has more than {self._limits.max_digits} digits, so nobody could read it.")

    def anything(self, room: int) -> Callable[[Any], bytes]:
        def write(value: Any, room: int = room) -> bytes:
            kind = type(value)
            if kind is int:
                return self._int(value)
            if kind is str or kind is float or kind is bool or value is None:
                return encoded(value)
            if kind is not dict and kind is not list:
                raise unwritable("a JSON-like value", value)
            if room < 1:
                raise UnwritableValueError(f"Objects and lists are nested deeper than {self._limits.max_depth}.")
            if kind is list:
                return self.items([write(item, room - 1) for item in value])
            return self.members([(self.key(checked_name(name)), write(item, room - 1)) for name, item in value.items()])

        return write

    def key(self, name: str) -> bytes:
        return encoded(name)

    def members(self, pairs: list[tuple[bytes, bytes]]) -> bytes:
        return _head(MAP, len(pairs)) + b"".join([piece for pair in pairs for piece in pair])

    def items(self, pieces: list[bytes]) -> bytes:
        return _head(LIST, len(pieces)) + b"".join(pieces)

    def own(self, data: bytes) -> bytes:
        # It may have come wrapped in another codec's payload, where nobody looked at it: cut off or too long, it would
        # swallow or add members around it.
        try:
            outline(data, self._limits)
        except ReadError as error:
            raise UnwritableValueError(f"A kept value is damaged. {error.problem}") from None
        return data

    def foreign(self, raw: Raw) -> bytes:
        return encoded({WRAPPER: [raw.codec, raw.data]})


def _checked(name: ScalarName, kind: type, form: Callable[[Any], Any]) -> Callable[[Any], bytes]:
    def write(value: Any) -> bytes:
        if type(value) is not kind:
            raise unwritable(name, value)
        return encoded(form(value))

    return write


def _decimal_piece(value: Decimal, text: str) -> bytes:
    if not in_digits(value):
        return encoded(text)
    sign, digits, exponent = value.as_tuple()
    return encoded(cbor2.CBORTag(DECIMAL, [exponent, int(Decimal((sign, digits, 0)))]))


def _datetime_piece(text: str) -> bytes:
    return encoded(cbor2.CBORTag(DATETIME, text) if in_rfc3339(text) else text)
