"""One attribute of a shape in one field of a message: whether it fits, and how it goes in and comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.adapters.protobuf_fields import FieldForm, field_form, proto_type, refused
from versioned_serde.adapters.protobuf_messages import empty, fields, in_oneof, is_map
from versioned_serde.adapters.reading import MAP_PLACE, nested
from versioned_serde.adapters.texts import mismatch, unwritable
from versioned_serde.adapters.writing import checked_name
from versioned_serde.errors import DeclarationError, PayloadError, ReadError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import Attribute, Constant, ListType, MapType, NullableType, ObjectType, Type
from versioned_serde.tree import Tree


class MessageForm(Protocol):
    """How an object goes into a message and comes out of it."""

    def fill(self, message: Message, tree: Tree) -> None:
        """Writes the object into an empty message. Raises `UnwritableValueError`."""
        ...

    def read(self, message: Any) -> Tree:
        """The object of a message. Raises `PayloadError` or `LimitError`."""
        ...


Nest = Callable[[ObjectType, FieldDescriptor, int], MessageForm]
"""Object type, field that holds it, room for it -> form. Raises `DeclarationError`."""


@dataclass(frozen=True, slots=True)
class AttributeForm:
    """How an attribute goes into its field and comes out of it.

    Attributes:
        name: of the attribute and of the field.
        nullable: whether it may be null, which the field cannot say.
        oneof: name of the oneof that the field is a member of, or None.
        implied: whether an unwritten field means the empty value, and not an absent attribute.
        put: message, value -> whether the field can tell that the attribute is there.
        get: what upb gives for a present field -> typed value.
        empty: makes the value that an unwritten field stands for; None if there is none.
    """

    name: str
    nullable: bool
    oneof: str | None
    implied: bool
    put: Callable[[Message, Any], bool]
    get: Callable[[Any], Any]
    empty: Callable[[], Any] | None


def attribute_form(
    attribute: Attribute, field: FieldDescriptor, limits: Limits, room: int, nest: Nest, *, own: bool
) -> AttributeForm:
    """The form of an attribute.

    Args:
        attribute: the attribute.
        field: the field of its name.
        limits: the bounds of the text forms.
        room: how many objects and lists may be nested in the attribute.
        nest: see `Nest`.
        own: the attribute was made from the field, which is then taken as it is, even if protobuf loses something.

    Raises:
        DeclarationError: the field cannot carry the attribute.
    """
    type_ = attribute.type
    nullable = isinstance(type_, NullableType)
    inner = type_.inner if isinstance(type_, NullableType) else type_
    put, get = _put_and_get(inner, field, limits, room, nest, own=own)
    make_empty = _empty(field, get)
    if not own:
        _check_default(attribute, field, put)
    oneof = in_oneof(field)
    return AttributeForm(
        attribute.name,
        nullable,
        None if oneof is None else oneof.name,
        not field.has_presence and attribute.always_written and make_empty is not None,
        put,
        get,
        make_empty,
    )


def _check_default(attribute: Attribute, field: FieldDescriptor, put: Callable[[Message, Any], bool]) -> None:
    """Refuses a field whose unwritten form other programs take for something else than absent means here."""
    default = attribute.default
    if field.is_repeated:
        if isinstance(default, Constant) and default.value:
            raise DeclarationError(
                f"The default of the attribute is not empty, as the unwritten protobuf field `{field.full_name}` is.",
                hint="Make the default empty, or put the field into a message of its own.",
            )
        return
    if field.has_presence:
        return
    unsaid = isinstance(attribute.type, NullableType) or not (attribute.always_written or isinstance(default, Constant))
    if unsaid or (isinstance(default, Constant) and _tells(field, put, default.value)):
        raise DeclarationError(
            f"The protobuf field `{field.full_name}` of type `{proto_type(field)}` cannot say whether it was written, "
            "but the attribute can be null, or be absent without meaning zero.",
            hint=f"Declare it as `optional {proto_type(field)}`.",
        )


def _tells(field: FieldDescriptor, put: Callable[[Message, Any], bool], value: Any) -> bool:
    """Whether the value is another than that of the unwritten field."""
    owner: Any = field.containing_type
    try:
        return put(GetMessageClass(owner)(), value)
    except UnwritableValueError:
        return True


def _put_and_get(
    type_: Type, field: FieldDescriptor, limits: Limits, room: int, nest: Nest, *, own: bool
) -> tuple[Callable[[Message, Any], bool], Callable[[Any], Any]]:
    match type_:
        case ListType(item) if field.is_repeated and not is_map(field):
            element = _element(item, field, limits, nested(room), nest, own=own)
            return _put_list(field, element), _get_list(element)
        case MapType(value) if field.message_type is not None and is_map(field):
            key, value_field = fields(field.message_type)
            if key.type != FieldDescriptor.TYPE_STRING:
                raise refused(type_, field, "map<string, ...>")
            element = _element(value, value_field, limits, nested(room), nest, own=own)
            return _put_map(field, element), _get_map(element)
        case ListType() | MapType():
            raise refused(type_, field, "map<string, ...>" if isinstance(type_, MapType) else "repeated ...")
        case _ if field.is_repeated:
            raise refused(type_, field, "")
    single = _element(type_, field, limits, room, nest, own=own)
    return _put_single(field, single), single.read


def _element(
    type_: Type, field: FieldDescriptor, limits: Limits, room: int, nest: Nest, *, own: bool
) -> FieldForm | MessageForm:
    if isinstance(type_, ObjectType):
        if field.message_type is None:
            raise refused(type_, field, "a message")
        return nest(type_, field, room)
    return field_form(type_, field, limits, own=own)


def _put_single(field: FieldDescriptor, element: FieldForm | MessageForm) -> Callable[[Message, Any], bool]:
    name = field.name
    if isinstance(element, FieldForm):
        write, told = element.write, field.has_presence

        def put(message: Message, value: Any) -> bool:
            wire = write(value)
            with _fitting(field):
                setattr(message, name, wire)
            return told or bool(wire) or str(wire) == "-0.0"

        return put

    def put_message(message: Message, value: Any) -> bool:
        nested_message = getattr(message, name)
        nested_message.SetInParent()
        element.fill(nested_message, value)
        return True

    return put_message


def _put_list(field: FieldDescriptor, element: FieldForm | MessageForm) -> Callable[[Message, Any], bool]:
    name = field.name

    def add(held: Any, value: Any) -> None:
        if isinstance(element, FieldForm):
            wire = element.write(value)
            with _fitting(field):
                held.append(wire)
        else:
            element.fill(held.add(), value)

    def put(message: Message, value: Any) -> bool:
        if type(value) is not list:
            raise unwritable("list", value)
        held, done = getattr(message, name), 0
        try:
            for item in value:
                add(held, item)
                done += 1
        except UnwritableValueError as error:
            raise error.inside(f"[{done}]") from None
        return bool(value)

    return put


def _put_map(field: FieldDescriptor, element: FieldForm | MessageForm) -> Callable[[Message, Any], bool]:
    name = field.name

    def put(message: Message, value: Any) -> bool:
        if type(value) is not dict:
            raise unwritable("map", value)
        held = getattr(message, name)
        try:
            for key, item in value.items():
                checked_name(key)
                if isinstance(element, FieldForm):
                    wire = element.write(item)
                    with _fitting(field):
                        held[key] = wire
                else:
                    with _fitting(field):
                        nested_message = held[key]
                    element.fill(nested_message, item)
        except UnwritableValueError as error:
            raise error.inside(MAP_PLACE) from None
        return bool(value)

    return put


@contextmanager
def _fitting(field: FieldDescriptor) -> Iterator[None]:
    """Around what upb may refuse: out of the type's range, not in a closed enum, a lone surrogate."""
    try:
        yield
    except (ValueError, TypeError):
        raise UnwritableValueError(f"The value does not fit a protobuf field of type `{proto_type(field)}`.") from None


def _get_list(element: FieldForm | MessageForm) -> Callable[[Any], list[Any]]:
    read = element.read

    def get(held: Any) -> list[Any]:
        found: list[Any] = []
        try:
            for item in held:
                found.append(read(item))  # noqa: PERF401 - a comprehension could not tell which item failed
        except ReadError as error:
            raise error.inside(f"[{len(found)}]") from None
        return found

    return get


def _get_map(element: FieldForm | MessageForm) -> Callable[[Any], dict[str, Any]]:
    read = element.read

    def get(held: Any) -> dict[str, Any]:
        try:
            if not all(type(key) is str for key in held):
                raise mismatch("str as a name", "bytes that are not UTF-8")
            # upb's order is that of its hash table; in the bytes, and so here, it is that of the keys.
            return {key: read(item) for key, item in sorted(held.items(), key=itemgetter(0))}
        except ReadError as error:
            raise error.inside(MAP_PLACE) from None

    return get


def _empty(field: FieldDescriptor, get: Callable[[Any], Any]) -> Callable[[], Any] | None:
    """Makes what the unwritten field stands for, if that is a value of the attribute's type."""
    if field.message_type is not None and not field.is_repeated:
        return None
    try:
        get(empty(field))
    except PayloadError:
        return None  # such as the empty text for a decimal
    return lambda: get(empty(field))
