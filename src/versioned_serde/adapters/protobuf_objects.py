"""Objects in messages: declared attributes in their fields, and all the rest so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from versioned_serde.adapters.json_text import json_form
from versioned_serde.adapters.protobuf_attributes import AttributeForm, MessageForm, attribute_form
from versioned_serde.adapters.protobuf_messages import (
    CODEC,
    NOTES,
    UNKNOWN,
    field_type,
    fields,
    in_oneof,
    is_message_class,
    known,
    merge_unknown,
    message_shape,
    misplaced,
    notes_field,
    split_notes,
    unknown,
)
from versioned_serde.adapters.protobuf_notes import (
    NoteNodes,
    NotePieces,
    Notes,
    from_value,
    is_fields,
    notes_form,
    to_value,
)
from versioned_serde.adapters.reading import nested
from versioned_serde.adapters.texts import mismatch, unwritable
from versioned_serde.adapters.writing import checked_name
from versioned_serde.errors import DeclarationError, PayloadError, ReadError, UnwritableValueError
from versioned_serde.levels import Levels, too_deep, unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.protocols import Describe
from versioned_serde.shape import ABSENT, AnyType, Attribute, NullableType, ObjectType, RecursiveType, Shape, Type
from versioned_serde.tree import COMPLEMENT, Raw, Tree, Typed

_NULL = to_value(b"null")
_EMPTY = Raw(CODEC, b"")
"""A message of no fields: an attribute that was noted as empty, by a program that knows its field."""


@dataclass(frozen=True, slots=True)
class _Member:
    """An attribute in a field, and its values apart from the message.

    Attributes:
        form: the attribute in the field.
        encode: value -> `Raw`.
        decode: `Raw` -> value. Raises `PayloadError` or `LimitError`.
    """

    form: AttributeForm
    encode: Callable[[Any], Raw]
    decode: Callable[[Raw], Any]


class ObjectForm:
    """How objects of a shape go into messages of a class and come out of them.

    Args:
        shape: of the object.
        descriptor: of the class.
        limits: the bounds.
        room: how many objects and lists may be nested in the object.
        levels: of the object around it; None for the outermost.

    Raises:
        DeclarationError: the class cannot carry the shape.
    """

    def __init__(
        self, shape: Shape, descriptor: Any, limits: Limits, room: int, levels: Levels[MessageForm] | None = None
    ) -> None:
        self._limits = limits
        self._room = room
        self._levels = Levels[MessageForm](_LateForm) if levels is None else levels
        self._notes = notes_form(limits, room)
        self._fields = {field.name: field for field in fields(descriptor)}
        own = is_message_class(shape.model)
        _check_message(shape, descriptor, own=own)
        self._declared: dict[str, _Member] = {}
        for attribute in shape.unrolled.attributes:
            try:
                self._declared[attribute.name] = self._member(attribute, own=own)
            except DeclarationError as error:
                raise error.inside(attribute.name) from None
        # Compiled when a record first holds one: a class may know far more than a shape.
        self._undeclared: dict[tuple[str, Type | None], _Member | None] = {}

    def _member(self, attribute: Attribute, *, own: bool) -> _Member:
        form = attribute_form(attribute, self._fields[attribute.name], self._limits, self._room, self._nest, own=own)
        encode, decode = json_form(attribute.type, NotePieces(self._limits), NoteNodes(self._limits))
        return _Member(form, lambda value: to_value(encode(value)), lambda raw: decode(from_value(raw)))

    def _nest(self, type_: ObjectType, field: FieldDescriptor, room: int) -> MessageForm:
        descriptor: Any = field.message_type

        def make(levels: Levels[MessageForm]) -> MessageForm:
            try:
                return ObjectForm(type_.shape, descriptor, self._limits, nested(room), levels)
            except DeclarationError:
                if levels.inner:  # nothing is wrong with the shape, or the outermost level had been refused
                    return _TooDeep(self._limits)
                raise

        return self._levels.objects(type_.shape, room, make, descriptor.full_name)

    def _field_member(self, name: str, type_: Type | None) -> _Member | None:
        """An undeclared attribute, of a type or of that which its field suggests; None if no field can carry it."""
        if (name, type_) not in self._undeclared:
            try:
                wanted = NullableType(field_type(self._fields[name], _describe(()))) if type_ is None else type_
                found = self._member(Attribute(name, wanted, ABSENT), own=True)
            except DeclarationError:
                found = None
            self._undeclared[name, type_] = found
        return self._undeclared[name, type_]

    # --- object -> message

    def fill(self, message: Message, tree: Tree) -> None:
        """Writes an object into an empty message.

        Raises:
            UnwritableValueError: with the path.
        """
        if type(tree) is not dict:
            raise unwritable("object", tree)
        notes = Notes()
        name = ""
        try:
            for name, member in self._declared.items():
                if name in tree:
                    self._check_oneof(message, member.form)
                    _put(message, member.form, tree[name], notes)
            for name, value in tree.items():
                if checked_name(name) not in self._declared:
                    self._put_undeclared(message, name, value, notes)
        except UnwritableValueError as error:
            raise error.inside(name) from None
        rest = tree.get(UNKNOWN)
        if type(rest) is Raw and is_fields(rest):
            try:
                merge_unknown(message, rest.data)
            except PayloadError as error:
                raise UnwritableValueError(f"A kept value is damaged. {error.problem}").inside(UNKNOWN) from None
        if notes.null or notes.empty or notes.extra:
            message.MergeFromString(notes_field(self._notes.write(notes)))

    def _check_oneof(self, message: Message, form: AttributeForm) -> None:
        if form.oneof is not None and (other := message.WhichOneof(form.oneof)) is not None:
            raise UnwritableValueError(f"`{other}` is present too, but only one of the oneof `{form.oneof}` can be.")

    def _put_undeclared(self, message: Message, name: str, value: Any, notes: Notes) -> None:
        if name == COMPLEMENT:
            notes.extra[name] = value
        elif type(value) is not Raw and type(value) is not Typed:
            raise unwritable("a kept value for an undeclared attribute", value)
        elif value == _NULL or (isinstance(value, Typed) and value.value is None and _may_be_null(value.type)):
            notes.null.append(name)
        elif value == _EMPTY and name not in self._fields:
            notes.empty.append(name)
        elif name == UNKNOWN and type(value) is Raw and is_fields(value):
            return
        elif name not in self._fields or not self._put_in_field(message, name, value, notes):
            notes.extra[name] = value

    def _put_in_field(self, message: Message, name: str, value: Raw | Typed, notes: Notes) -> bool:
        """Whether the field could take the value as it is."""
        oneof = in_oneof(self._fields[name])
        if oneof is not None and message.WhichOneof(oneof.name) is not None:
            return True  # it was evicted by a member that this release knows
        member = self._field_member(name, value.type if isinstance(value, Typed) else None)
        if member is None:
            return False
        try:
            typed = value.value if isinstance(value, Typed) else member.decode(value)
            if isinstance(value, Raw) and member.encode(typed) != value:
                return False
            _put(message, member.form, typed, notes)
        except (ReadError, UnwritableValueError):
            message.ClearField(name)
            return False
        return True

    # --- message -> object

    def read(self, message: Any) -> Tree:
        """The object of a message.

        Raises:
            PayloadError: with the path.
            LimitError: likewise.
        """
        present = {field.name: value for field, value in known(message)}
        members = {name: self._field_member(name, None) for name in present if name not in self._declared}
        notes, rest = self._rest(message, [name for name, member in members.items() if member is None])
        self._drop_evicted(notes, present)
        tree: Tree = {}
        name = ""
        try:
            for name, member in self._declared.items():
                if name in present:
                    tree[name] = member.form.get(present[name])
                else:
                    _read_absent(name, member, notes, tree)
            for name, undeclared in members.items():
                if undeclared is not None:
                    tree[name] = undeclared.encode(undeclared.form.get(present[name]))
        except ReadError as error:
            raise error.inside(name) from None
        self._read_notes(notes, present, tree)
        if rest:
            if UNKNOWN in tree:
                raise PayloadError("The notes of a message keep unknown fields a second time.").inside(UNKNOWN)
            tree[UNKNOWN] = Raw(CODEC, rest)
        return tree

    def _rest(self, message: Any, shapeless: list[str]) -> tuple[Notes, bytes]:
        """The notes, and the fields that are kept as bytes."""
        rest = unknown(message, shapeless)
        if not rest:
            return Notes(), b""
        for field in misplaced(message):
            raise PayloadError(
                "The field holds what its type cannot: another wire type, or in a list a member that the enum lacks.",
                hint="An enum that may grow is declared in proto3, where unknown members keep their places.",
            ).inside(field.name)
        content, rest = split_notes(rest)
        return (Notes() if content is None else self._notes.read(content)), rest

    def _read_notes(self, notes: Notes, present: dict[str, Any], tree: Tree) -> None:
        """What is noted of undeclared attributes."""
        known_names = self._declared.keys() | present.keys()
        for name in notes.empty:
            if name not in known_names:
                member = self._field_member(name, None) if name in self._fields else None
                if member is None:
                    tree[name] = _EMPTY
                elif member.form.empty is not None:
                    tree[name] = member.encode(member.form.empty())
        for name in notes.null:
            if name not in known_names:
                tree[name] = _NULL
        for name, value in notes.extra.items():
            if name not in known_names and name not in tree:
                tree[name] = value

    def _drop_evicted(self, notes: Notes, present: dict[str, Any]) -> None:
        """Of a oneof there is one member, and what a field says wins over a note."""
        filled = {oneof.name for name in present if (oneof := in_oneof(self._fields[name])) is not None}
        for name in [name for name in notes.extra if name in self._fields]:
            oneof = in_oneof(self._fields[name])
            if oneof is not None and oneof.name in filled:
                del notes.extra[name]
            elif oneof is not None:
                filled.add(oneof.name)


class _LateForm:
    """The form of a level that is compiled when it is used."""

    def __init__(self, compiled: Callable[[], MessageForm]) -> None:
        self._compiled = compiled

    def fill(self, message: Message, tree: Tree) -> None:
        self._compiled().fill(message, tree)

    def read(self, message: Any) -> Tree:
        return self._compiled().read(message)


class _TooDeep:
    """The form of a level that is nested too deep, or would hold what is."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def fill(self, message: Message, tree: Tree) -> None:
        raise unwritably_deep(self._limits)

    def read(self, message: Any) -> Tree:
        raise too_deep(self._limits)


def _may_be_null(type_: Type) -> bool:
    return isinstance(type_, NullableType | AnyType)


def _put(message: Message, form: AttributeForm, value: Any, notes: Notes) -> None:
    if value is None and form.nullable:
        notes.null.append(form.name)
    elif not form.put(message, value) and not form.implied:
        notes.empty.append(form.name)


def _read_absent(name: str, member: _Member, notes: Notes, tree: Tree) -> None:
    """What an unwritten field of a declared attribute means."""
    form = member.form
    if name in notes.null:
        if not form.nullable:
            raise mismatch("a value", "null")
        tree[name] = None
    elif name in notes.extra:
        tree[name] = member.decode(notes.extra[name])
    elif form.empty is not None and (form.implied or name in notes.empty):
        tree[name] = form.empty()


def _check_message(shape: Shape, descriptor: Any, *, own: bool) -> None:
    """Refuses a class that lacks a field, or that others could not read without one, and misused oneofs."""
    by_name = {field.name: field for field in fields(descriptor)}
    if NOTES in descriptor.fields_by_number:
        raise DeclarationError(
            f"The message `{descriptor.full_name}` declares the field number {NOTES}, which is used for notes.",
            hint="Use another number.",
        )
    taken: dict[str, str] = {}
    for attribute in shape.attributes:
        field = by_name.get(attribute.name)
        if field is None:
            raise DeclarationError(
                f"The message `{descriptor.full_name}` has no field of that name.",
                hint="Add it to the .proto file, and leave it there when the attribute is gone.",
            ).inside(attribute.name)
        oneof = in_oneof(field)
        if oneof is not None and not own:
            if oneof.name in taken:
                raise DeclarationError(
                    f"The field is in the oneof `{oneof.name}`, and so is that of `{taken[oneof.name]}`: "
                    "they cannot be present together.",
                    hint="Use fields outside of a oneof.",
                ).inside(attribute.name)
            taken[oneof.name] = attribute.name
    for field in by_name.values():
        declared = shape.get(field.name)
        if field.is_required and not own and (declared is None or not declared.always_written):
            raise DeclarationError(
                f"The protobuf field `{field.full_name}` is `required`, but the attribute is not always written.",
                hint="Declare it as `optional`.",
            ).inside(field.name)


def _describe(around: tuple[str, ...]) -> Describe:
    """Describes message classes by their descriptors alone; each attribute may be null, since it may be so noted.

    Args:
        around: full names of the messages that are just being described.
    """

    def describe(cls: Any) -> Type:
        name = cls.DESCRIPTOR.full_name
        if name in around:
            return RecursiveType(name)
        shape = message_shape(cls, _describe((*around, name)))
        attributes = (Attribute(each.name, NullableType(each.type), ABSENT) for each in shape.attributes)
        return ObjectType(replace(shape, name=name, attributes=tuple(attributes)))

    return describe
