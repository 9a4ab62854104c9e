"""A codec: the library's JSON as UTF-16."""

from __future__ import annotations

from typing import Any

from versioned_serde import Limits, PayloadError, Shape, UnwritableValueError
from versioned_serde.codecs.json import JsonCodec
from versioned_serde.protocols import PayloadCodec, ValueCodec
from versioned_serde.shape import Type
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Typed, copied, objects

_OTHER = {"acme_json": "json", "json": "acme_json"}


class AcmeJson:
    """The codec `acme_json`."""

    name = "acme_json"
    id = 201
    retains_unknown = True

    def check(self, shape: Shape) -> None:
        """It can carry every shape."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        form = JsonCodec().payload(shape, limits)
        return PayloadCodec(
            lambda tree: form.encode(_renamed(tree)).decode().encode("utf-16-le"),
            lambda data: _renamed(form.decode(_narrow(data))),
        )

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        form = JsonCodec().value(type_, limits)

        def encode(value: Any) -> Raw:
            return Raw(self.name, form.encode(_renamed(value)).data)

        def decode(raw: Raw) -> Any:
            if raw.codec != self.name:
                raise PayloadError("Expected a value in acme_json, found one in another codec.")
            return _renamed(form.decode(Raw("json", raw.data)))

        return ValueCodec(encode, decode)


def _narrow(data: bytes) -> bytes:
    try:
        return data.decode("utf-16-le").encode()
    except UnicodeDecodeError:
        raise PayloadError("The payload is not UTF-16.") from None


def _renamed(value: Any) -> Any:
    """A copy in which kept values of the two codecs have changed sides: to JSON, this codec's values are its own."""
    try:
        value = copied(value)
    except RecursionError:
        raise UnwritableValueError("The value is nested too deep.") from None
    for place in objects(value):
        for name, held in place.items():
            if name == COMPLEMENT and type(held) is list:
                place[name] = [_renamed_entry(entry) for entry in held]
            else:
                place[name] = _renamed_value(held)
    return value


def _renamed_value(held: Any) -> Any:
    if type(held) is Raw:
        return Raw(_OTHER.get(held.codec, held.codec), held.data)
    return Typed(held.type, _renamed(held.value)) if type(held) is Typed else held


def _renamed_entry(entry: Any) -> Any:
    if type(entry) is not Entry:
        return entry
    witness, kept = (
        {name: _renamed_value(held) for name, held in values.items()} for values in (entry.witness, entry.kept)
    )
    return Entry(entry.step, entry.direction, witness, kept, entry.absent, entry.each)
