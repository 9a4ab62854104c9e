"""Protocol Buffers, by upb: a tree as a message of a class that somebody compiled from a .proto file.

    Version(5, codec=Protobuf(OrderPb))     a model of any kind; its attributes go to the fields of the same names
    Version(5, codec="protobuf")            the model is a message class itself

Other programs read and write the payload as they do any message. What a message cannot say is noted in one more field
of each message concerned, number 536870911, which no .proto file may declare and which every protobuf program keeps
with the fields that it does not know. It holds JSON:

    {"null": [names], "empty": [names], "extra": {name: value}}

`null` are attributes that are null. `empty` are those set to what protobuf does not write (`[]`, `{}`, zero in a field
without `optional`), unless they are always written, for which unwritten means just that. `extra` are undeclared
attributes that no field can carry, as in the JSON codec, and the complement. What a field says wins over a note: the
writer may be a program that does not know the notes.

Undeclared fields of the class stand in a tree under their names, and go back into their fields. Fields that the class
does not know, and those whose type no shape can describe (a map whose keys are not strings), stand in each object's
`#`, as bytes.

One value apart from any message, and so every other `Raw` of this codec, is a message of the field 536870911 alone,
whose content is the value as JSON text.

Two things are left to the .proto file. Whether an attribute that is always written was missing cannot be told in a
field without presence, so a step that adds one needs `optional` there. And protobuf nests at most 100 deep, so
`Limits.max_depth` counts up to 100 here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from google.protobuf.message import Message

from versioned_serde.adapters.json_text import json_form
from versioned_serde.adapters.protobuf_fields import field_lines, implied
from versioned_serde.adapters.protobuf_items import exceeds
from versioned_serde.adapters.protobuf_messages import CODEC, is_message_class, parsed
from versioned_serde.adapters.protobuf_notes import NoteNodes, NotePieces, from_value, to_value, with_implied
from versioned_serde.adapters.protobuf_objects import ObjectForm
from versioned_serde.adapters.protobuf_straight import declared_fields, holds_map
from versioned_serde.adapters.reading import nested
from versioned_serde.errors import DeclarationError
from versioned_serde.items import too_many, unwritably_many
from versioned_serde.levels import too_deep, unwritably_deep
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.native import declared_alone
from versioned_serde.protocols import Codec, ModelKind, PayloadCodec, Straight, ValueCodec
from versioned_serde.shape import Shape, Type
from versioned_serde.tree import Raw, Tree

_DEEPEST = 100
"""Messages in each other that protobuf's parsers read as a rule."""


class Protobuf:
    """The codec `protobuf`.

    Args:
        message_class: the class whose messages are the payloads; None if the models are message classes themselves.
    """

    name = CODEC
    id = 3
    retains_unknown = True

    def __init__(self, message_class: type[Message] | None = None) -> None:
        self._class = message_class

    def check(self, shape: Shape) -> None:
        self._object(shape, DEFAULT_LIMITS)

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        cls = self._message_class(shape)
        limits = replace(limits, max_depth=min(limits.max_depth, _DEEPEST))  # what nobody could read is not written
        form = self._object(shape, limits)

        def encode(tree: Tree) -> bytes:
            message = cls()
            try:
                form.fill(message, tree)
            except RecursionError:
                raise unwritably_deep() from None
            data = message.SerializePartialToString(deterministic=True)
            if exceeds(data, cls.DESCRIPTOR, limits.max_items):
                raise unwritably_many(limits)
            return data

        def decode(data: bytes) -> Tree:
            if exceeds(data, cls.DESCRIPTOR, limits.max_items):
                raise too_many(limits)
            try:
                return form.read(parsed(cls, data))
            except RecursionError:
                raise too_deep(limits) from None

        return PayloadCodec(encode, decode)

    def straight(self, shape: Shape, kind_of: Callable[[Shape], ModelKind], *, trusted: bool) -> Straight | None:
        """The function of upb itself, for messages that hold no fields but those of their classes."""
        if kind_of(shape).name != "protobuf" or self._class not in (None, shape.model):
            return None
        cls: type[Message] = shape.model
        declared = declared_fields(cls.DESCRIPTOR)
        if declared is None:
            return None
        check = None if trusted else declared_alone(declared)
        if check is None and not trusted:
            return None
        encode: Callable[[Any], bytes] = cls.SerializePartialToString
        if holds_map(cls.DESCRIPTOR):
            encode = partial(cls.SerializePartialToString, deterministic=True)
        return Straight(cls, encode, check)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        encode, decode = json_form(type_, NotePieces(limits), NoteNodes(limits))

        def read(raw: Raw) -> Any:
            return with_implied(type_, decode(from_value(raw)))

        return ValueCodec(lambda value: to_value(encode(value)), read)

    def fields(self, shape: Shape) -> dict[str, str]:
        """See `protocols.NumberedCodec`: numbers and types of fields."""
        return dict(field_lines(shape, self._message_class(shape).DESCRIPTOR))

    def implied(self, shape: Shape) -> frozenset[tuple[str, ...]]:
        """See `protocols.NumberedCodec`: those in fields without presence."""
        return frozenset(implied(shape, self._message_class(shape).DESCRIPTOR))

    def _object(self, shape: Shape, limits: Limits) -> ObjectForm:
        return ObjectForm(shape, self._message_class(shape).DESCRIPTOR, limits, nested(limits.max_depth))

    def _message_class(self, shape: Shape) -> type[Message]:
        if self._class is not None:
            return self._class
        if is_message_class(shape.model):
            cls: type[Message] = shape.model
            return cls
        raise DeclarationError(
            f"The codec `protobuf` does not know which message `{shape.name}` is written as.",
            hint="Name its class: `codec=Protobuf(OrderPb)`, with `Protobuf` from `versioned_serde.codecs.protobuf`.",
        )


def plugin() -> Codec:
    """The codec for models that are message classes."""
    return Protobuf()
