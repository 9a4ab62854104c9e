"""Values as JSON text within protobuf: what the codec notes, and its values apart from any message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from versioned_serde.adapters.json_text import JsonNodes, JsonPieces, json_form, parsed
from versioned_serde.adapters.protobuf_messages import CODEC, notes_field, split_notes
from versioned_serde.adapters.texts import mismatch
from versioned_serde.errors import PayloadError, ReadError, UnwritableValueError
from versioned_serde.evolution.complement import shaped
from versioned_serde.limits import Limits
from versioned_serde.shape import Attribute, ListType, MapType, NullableType, ObjectType, Scalar, Shape, Type
from versioned_serde.tree import Raw, Tree

_NAMES = ListType(Scalar("str"))
_SHAPE = Shape(
    "Notes",
    (Attribute("null", _NAMES), Attribute("empty", _NAMES), Attribute("extra", ObjectType(Shape("Extra", ())))),
)


@dataclass(slots=True)
class Notes:
    """What one message cannot say by itself.

    Attributes:
        null: attributes that are null.
        empty: attributes that are set to what protobuf does not write.
        extra: undeclared attributes that no field can carry, and the complement.
    """

    null: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    extra: Tree = field(default_factory=dict)


def to_value(text: bytes) -> Raw:
    """JSON text as a `Raw`, which can be told from the unknown fields of a message."""
    return Raw(CODEC, notes_field(text))


def from_value(raw: Raw) -> bytes:
    """The JSON text of such a `Raw`.

    Raises:
        PayloadError: it is another one.
    """
    if raw.codec != CODEC:
        raise mismatch("a value in protobuf", "one in another codec")
    text, rest = split_notes(raw.data)
    if text is None or rest:
        raise mismatch("a value in protobuf", "fields of a message")
    return text


def is_fields(raw: Raw) -> bool:
    """Whether a `Raw` is fields of a message."""
    try:
        return raw.codec == CODEC and split_notes(raw.data)[0] is None
    except PayloadError:
        return False


_EMPTY: dict[str, Any] = {"str": "", "int": 0, "float": 0.0, "bool": False, "bytes": b""}


def with_implied(type_: Type, value: Any) -> Any:
    """A kept value with what its message left out, because in a field without presence it is empty.

    A program that does not know the type of an attribute sees a message without such fields, and keeps it so.
    """
    whole = Shape("Kept", (Attribute("value", type_),))
    for node, shape in shaped({"value": value}, whole):
        for attribute in shape.attributes:
            if attribute.always_written and attribute.name not in node:
                match attribute.type.inner if isinstance(attribute.type, NullableType) else attribute.type:
                    case ListType():
                        node[attribute.name] = []
                    case MapType():
                        node[attribute.name] = {}
                    case Scalar(name=name) if name in _EMPTY:
                        node[attribute.name] = _EMPTY[name]
    return value


class NotePieces(JsonPieces):
    """JSON text in which a `Raw` of protobuf stands as what it means."""

    name = CODEC

    def own(self, data: bytes) -> str:
        if is_fields(raw := Raw(CODEC, data)):
            return self.foreign(raw)
        try:
            text = from_value(raw)
            parsed(text, self.limits)
        except ReadError as error:
            raise UnwritableValueError(f"A kept value is damaged. {error.problem}") from None
        return str(text, "utf-8")


class NoteNodes(JsonNodes):
    """The other way of `NotePieces`."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits, name="")  # no codec's name, to tell plain JSON from what was wrapped

    def raw(self, room: int) -> Callable[[Any], Raw]:
        read = super().raw(room)

        def read_raw(node: Any) -> Raw:
            raw = read(node)
            if raw.codec == "":
                return to_value(raw.data)
            if raw.codec == CODEC and not is_fields(raw):
                raise PayloadError("A value of protobuf is kept like one of another codec.")
            return raw

        return read_raw


@dataclass(frozen=True, slots=True)
class NotesForm:
    """Notes <-> the content of their field.

    Attributes:
        write: raises `UnwritableValueError` for an undeclared attribute that cannot be kept.
        read: raises `PayloadError` or `LimitError`.
    """

    write: Callable[[Notes], bytes]
    read: Callable[[bytes], Notes]


def notes_form(limits: Limits, room: int) -> NotesForm:
    """The form of the notes on an object in which `room` objects and lists may be nested."""
    # The notes and their `extra` are two objects that are not the value's own.
    encode, decode = json_form(ObjectType(_SHAPE), NotePieces(limits), NoteNodes(limits), room + 2)

    def write(notes: Notes) -> bytes:
        members = {"null": notes.null, "empty": notes.empty, "extra": notes.extra}
        try:
            return encode({name: held for name, held in members.items() if held})
        except UnwritableValueError as error:
            error.path = error.path.removeprefix("extra.")  # the attribute's place is the object, not its notes
            raise

    def read(content: bytes) -> Notes:
        try:
            found = decode(content)
            if not found.keys() <= set(_SHAPE.names):
                raise PayloadError("The notes of a message hold more than this release knows.")
        except ReadError as error:
            raise error.inside("#") from None
        return Notes(found.get("null", []), found.get("empty", []), found.get("extra", {}))

    return NotesForm(write, read)
