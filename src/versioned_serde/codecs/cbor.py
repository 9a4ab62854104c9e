"""CBOR (RFC 8949), by cbor2.

The payload's items are found first (`adapters.cbor_items`), so what a version does not declare keeps its bytes: a
float16, a string in parts, an int in more bytes than it needs, a tag that nobody here knows. cbor2 itself is given
plain strings, floats and simple values alone: never a tag, because its tags build patterns, powers and shared
references.

Every type has one form, that of a registered tag where one loses nothing:

    datetime   tag 0 (RFC 3339 text) if its offset from UTC is whole minutes; tag 1 would lose the offset
    date       tag 1004 (RFC 8943 text); tag 100 counts days, which nobody can read
    decimal    tag 4, exponent and mantissa, which keeps `1.10`; read from an int as well
    uuid       tag 37, 16 bytes
    int        an int of 64 bits and a sign; beyond that tags 2 and 3
    float      a float64; read from a shorter one and from an int of the same value as well, which some writers choose

What has no such form is a str, in the texts of JSON (`adapters.texts`): time, timedelta, a datetime without an offset
or with one of seconds, and the decimals NaN, Infinity and -0. A value kept in another codec is wrapped:
`{"$raw": ["json", bytes]}`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from versioned_serde.adapters.cbor_items import outline, too_deep
from versioned_serde.adapters.cbor_pieces import NAME, CborPieces, check_writable
from versioned_serde.adapters.cbor_reading import CborItems
from versioned_serde.adapters.reading import compile_reader
from versioned_serde.adapters.texts import mismatch
from versioned_serde.adapters.writing import compile_writer
from versioned_serde.errors import PayloadError
from versioned_serde.levels import unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.protocols import PayloadCodec, ValueCodec
from versioned_serde.shape import ObjectType, Shape, Type
from versioned_serde.tree import Raw


class CborCodec:
    """The codec `cbor`."""

    name = NAME
    id = 6
    retains_unknown = True

    def check(self, shape: Shape) -> None:
        """CBOR can carry every shape."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """Objects as maps with str keys."""
        encode, decode = _compiled(ObjectType(shape), limits)
        return PayloadCodec(encode, decode)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        """A value as one item."""
        encode, decode = _compiled(type_, limits)

        def read(raw: Raw) -> Any:
            if raw.codec != NAME:
                raise mismatch("a value in cbor", "one in another codec")
            return decode(raw.data)

        return ValueCodec(lambda value: Raw(NAME, encode(value)), read)


def plugin() -> CborCodec:
    """The codec, for whoever looks plug-ins up by name."""
    return CborCodec()


def _compiled(type_: Type, limits: Limits) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    write = compile_writer(CborPieces(limits), type_, limits.max_depth)
    read = compile_reader(CborItems(limits), type_, limits.max_depth)

    def encode(value: Any) -> bytes:
        try:
            payload = write(value)
        except RecursionError:
            raise unwritably_deep() from None
        if len(payload) > limits.max_items:  # each element and member takes a byte at least
            check_writable(payload, limits)
        return payload

    def decode(data: bytes) -> Any:
        if not data:
            raise PayloadError("The payload is empty.")
        try:
            return read(outline(data, limits))
        except RecursionError:
            raise too_deep(limits) from None

    return encode, decode
