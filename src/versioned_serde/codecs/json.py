"""JSON, by the standard library's scanner and writer of strings (`adapters.json_text`).

What a version declares is written as pydantic's `to_json` writes it (see `adapters.texts`), compact and in UTF-8. What
it does not declare keeps its numbers digit by digit: `1.10`, `-0` and `1e400` come out as they went in. A value kept in
another codec is wrapped: `{"$raw": ["msgpack", base64]}`.
"""

from __future__ import annotations

from typing import Any

from versioned_serde.adapters.json_text import NAME, JsonNodes, JsonPieces, json_form
from versioned_serde.adapters.texts import mismatch
from versioned_serde.limits import Limits
from versioned_serde.protocols import PayloadCodec, ValueCodec
from versioned_serde.shape import ObjectType, Shape, Type
from versioned_serde.tree import Raw


class JsonCodec:
    """The codec `json`."""

    name = NAME
    id = 1
    retains_unknown = True

    def check(self, shape: Shape) -> None:
        """JSON can carry every shape."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """Objects as JSON objects in UTF-8."""
        encode, decode = json_form(ObjectType(shape), JsonPieces(limits), JsonNodes(limits))
        return PayloadCodec(encode, decode)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        """A value as any JSON text in UTF-8."""
        encode, decode = json_form(type_, JsonPieces(limits), JsonNodes(limits))

        def read(raw: Raw) -> Any:
            if raw.codec != NAME:
                raise mismatch("a value in json", "one in another codec")
            return decode(raw.data)

        return ValueCodec(lambda value: Raw(NAME, encode(value)), read)


def plugin() -> JsonCodec:
    """The codec, for whoever looks plug-ins up by name."""
    return JsonCodec()
