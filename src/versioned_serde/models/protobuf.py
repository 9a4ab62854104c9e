"""Protobuf messages as models: the generated class is the newest shape.

Wire names are the names of the fields. Presence is protobuf's own: an `optional` field, a message or a member of a
oneof is absent until it is set; an implicit scalar, a list or a map is absent while it is empty, which is also its
default. Well-known types such as `Timestamp` are messages like any other.

An instance carries the fields that its class does not know. `take` gives them, per message, as one undeclared
attribute `#` (a `Raw` of the protobuf codec), and `make` puts them back, whatever codec they travelled by.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from versioned_serde.adapters.attributes import foreign_instance, missing
from versioned_serde.adapters.protobuf_messages import (
    CODEC,
    UNKNOWN,
    fields,
    in_oneof,
    is_map,
    is_message_class,
    known,
    merge_unknown,
    message_shape,
    split_notes,
    unknown,
)
from versioned_serde.errors import PayloadError
from versioned_serde.protocols import Describe, ModelKind, Unknown
from versioned_serde.shape import REQUIRED, Shape
from versioned_serde.tree import Raw


class ProtobufKind:
    """Message classes made by protoc or at run time."""

    name = "protobuf"
    presence = True

    def owns(self, model: Any) -> bool:
        return is_message_class(model)

    def shape(self, model: Any, describe: Describe) -> Shape:
        return message_shape(model, describe)

    def unknown(self, shape: Shape) -> Unknown:
        return "raw"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        cls: type[Message] = shape.model
        by_name = {field.name: field for field in fields(cls.DESCRIPTOR)}
        readers = [(name, _reader(by_name[name])) for name in shape.names]

        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, cls):
                raise foreign_instance(cls, instance)
            present = {field.name: value for field, value in known(instance)}
            taken = {name: read(present[name]) for name, read in readers if name in present}
            if rest := unknown(instance):
                # A message that was parsed elsewhere may bring the codec's notes on the record it came from. Here it is
                # a new record, and what the old notes say of its attributes may be untrue by now.
                rest = split_notes(rest)[1]
                if rest:
                    taken[UNKNOWN] = Raw(CODEC, rest)
            return taken

        return take

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        cls: type[Message] = shape.model
        names = frozenset(shape.names)
        required = [attribute.name for attribute in shape.attributes if attribute.default is REQUIRED]
        oneofs = _oneofs(cls)

        def make(values: dict[str, Any]) -> Any:
            for name in required:
                if name not in values:
                    raise missing(name)
            for oneof, members in oneofs.items():
                if len(found := [member for member in members if member in values]) > 1:
                    raise PayloadError(
                        f"`{'` and `'.join(found)}` are both present, but only one of the oneof `{oneof}` can be."
                    )
            instance = _built(cls, {name: value for name, value in values.items() if name in names})
            rest = values.get(UNKNOWN)
            if type(rest) is Raw and rest.codec == CODEC:
                merge_unknown(instance, rest.data)
            return instance

        return make


def _reader(field: FieldDescriptor) -> Callable[[Any], Any]:
    if is_map(field):
        # upb's order is that of its hash table, which differs between equal messages; by key, equal messages are equal
        # bytes in every codec. `dict(map_of_messages)` would ask for each key again, and asking creates.
        return lambda value: dict(sorted(value.items(), key=itemgetter(0)))
    if field.is_repeated:
        return list
    return lambda value: value


def _oneofs(cls: type[Message]) -> dict[str, list[str]]:
    """The oneofs of more than one member, and their members' names."""
    found: dict[str, list[str]] = {}
    for field in fields(cls.DESCRIPTOR):
        if (oneof := in_oneof(field)) is not None:
            found.setdefault(oneof.name, []).append(field.name)
    return found


def _built(cls: type[Message], values: dict[str, Any]) -> Message:
    try:
        return cls(**values)
    except (TypeError, ValueError, OverflowError):
        pass  # upb's text would quote the value and not name the field
    for name, value in values.items():
        try:
            cls(**{name: value})
        except (TypeError, ValueError, OverflowError):
            raise PayloadError(
                f"The value does not fit the field: found {type(value).__name__}.",
                hint=f"See `{cls.DESCRIPTOR.full_name}` in `{cls.DESCRIPTOR.file.name}`.",
            ).inside(name) from None
    raise PayloadError(f"The values do not fit `{cls.DESCRIPTOR.full_name}`.")


def plugin() -> ModelKind:
    """The model kind."""
    return ProtobufKind()
