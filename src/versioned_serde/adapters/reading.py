"""Shapes -> closures that turn a format's parsed nodes into tree values.

What all formats with named attributes read the same way is here once: objects with what they declare and what they do
not, unions, enums, nulls, complements, and the places in errors. A format adds its primitives, a `NodeReader`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeVar

from versioned_serde.adapters.texts import mismatch
from versioned_serde.errors import DeclarationError, PayloadError, ReadError
from versioned_serde.levels import Levels, out_of_place
from versioned_serde.shape import (
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree

N = TypeVar("N")
Read = Callable[[N], Any]
ENTRY_ATTRIBUTES = ("step", "direction", "witness", "kept")
"""What each entry of a complement holds on the wire; no more, but for `ENTRY_ABSENT` and `ENTRY_EACH`."""
ENTRY_ABSENT = "absent"
ENTRY_EACH = "each"
"""What an entry holds besides if it names any."""
_DIRECTIONS: dict[str, Literal["up", "down"]] = {"up": "up", "down": "down"}
ENTRY_NESTING = 3
"""Objects and lists around a value in a complement: the list, the entry, its `witness` or `kept`."""
WRAPPER = "$raw"
"""The one member of the object that stands for a value in another codec; it holds the codec's name and the bytes."""
MAP_PLACE = "[*]"
"""The place of a map's value in an error's path; its key is payload, and errors hold none."""


class NodeReader(Protocol[N]):
    """A format's primitives. Each function raises `PayloadError` or `LimitError` for a node that is something else."""

    def fields(self, node: N) -> dict[str, N]:
        """The members of an object or a map, in order; a name that occurs twice is refused."""
        ...

    def items(self, node: N) -> list[N]: ...
    def is_null(self, node: N) -> bool: ...
    def scalar(self, name: ScalarName) -> Read[N]: ...

    def anything(self, room: int) -> Read[N]:
        """Reads `AnyType`, in which at most `room` objects and lists are nested."""
        ...

    def raw(self, room: int) -> Callable[[N], Raw]:
        """Keeps what is not declared, own or of another codec; at most `room` objects and lists are nested in it."""
        ...


def compile_reader(nodes: NodeReader[N], type_: Type, room: int) -> Read[N]:
    """A closure that reads values of a type; `room` objects and lists may be nested in them.

    Raises:
        DeclarationError: if the type itself is nested deeper; for a recursive one, its first level.
    """
    return _compiled(nodes, type_, room, Levels(_late))


def _late(reader: Callable[[], Read[N]]) -> Read[N]:
    def read(node: N) -> Any:
        return reader()(node)

    return read


def _compiled(nodes: NodeReader[N], type_: Type, room: int, levels: Levels[Read[Any]]) -> Read[N]:
    match type_:
        case Scalar(name):
            return nodes.scalar(name)
        case EnumType():
            return _enum(nodes, type_)
        case NullableType(inner):
            return _nullable(nodes, _compiled(nodes, inner, room, levels))
        case AnyType():
            return nodes.anything(room)
        case ObjectType(shape):
            return levels.objects(shape, room, lambda level: _object(nodes, shape, room, level))
        case RecursiveType():
            raise out_of_place(type_)
    if room < 1 and levels.inner:
        return _too_deep(nodes)
    within = nested(room)
    match type_:
        case ListType(item):
            return _list(nodes, _compiled(nodes, item, within, levels))
        case MapType(value):
            return _map(nodes, _compiled(nodes, value, within, levels))
        case UnionType():
            return _union(nodes, type_, within, levels)


def _too_deep(nodes: NodeReader[N]) -> Read[N]:
    """Reads nothing: any object or list here is nested too deep."""
    refuse = nodes.raw(-1)

    def read(node: N) -> Any:
        refuse(node)
        return nodes.fields(node)  # not even one: raises, too

    return read


def nested(room: int) -> int:
    """The room that is left within one more object or list."""
    if room < 1:
        raise DeclarationError(
            "Objects and lists are nested deeper than `Limits.max_depth`.", hint="Raise the limit for this schema."
        )
    return room - 1


def _enum(nodes: NodeReader[N], type_: EnumType) -> Read[N]:
    raw_value = nodes.scalar(type_.base)
    if type_.open:
        return raw_value
    members = frozenset[Any](type_.members)

    def read(node: N) -> Any:
        value = raw_value(node)
        if value not in members:
            raise mismatch("one of the enum's members", f"another {type_.base}")
        return value

    return read


def _nullable(nodes: NodeReader[N], inner: Read[N]) -> Read[N]:
    is_null = nodes.is_null

    def read(node: N) -> Any:
        return None if is_null(node) else inner(node)

    return read


def _list(nodes: NodeReader[N], item: Read[N]) -> Read[N]:
    items = nodes.items

    def read(node: N) -> list[Any]:
        listed = items(node)
        found: list[Any] = []
        try:
            for each in listed:
                found.append(item(each))  # noqa: PERF401 - a comprehension could not tell which item failed
        except ReadError as error:
            raise error.inside(f"[{len(found)}]") from None
        return found

    return read


def _map(nodes: NodeReader[N], value: Read[N]) -> Read[N]:
    fields = nodes.fields

    def read(node: N) -> dict[str, Any]:
        members = fields(node)
        try:
            return {key: value(each) for key, each in members.items()}
        except ReadError as error:
            raise error.inside(MAP_PLACE) from None

    return read


def _object(nodes: NodeReader[N], shape: Shape, room: int, levels: Levels[Read[Any]]) -> Read[N]:
    if room < 1 and levels.inner:
        return _too_deep(nodes)
    attributes = _attributes(nodes, shape, nested(room), levels)
    fields = nodes.fields

    def read(node: N) -> Tree:
        return attributes(fields(node))

    return read


def _attributes(
    nodes: NodeReader[N], shape: Shape, room: int, levels: Levels[Read[Any]]
) -> Callable[[dict[str, N]], Tree]:
    undeclared = nodes.raw(room)
    readers: dict[str, Read[N]] = {
        attribute.name: _compiled(nodes, attribute.type, room, levels) for attribute in shape.unrolled.attributes
    }
    readers[COMPLEMENT] = _complement(nodes, room)
    reader = readers.get

    def read(members: dict[str, N]) -> Tree:
        tree: Tree = {}
        name = ""
        try:
            for name, node in members.items():
                tree[name] = reader(name, undeclared)(node)
        except ReadError as error:
            raise error.inside(name) from None
        return tree

    return read


def _union(nodes: NodeReader[N], type_: UnionType, room: int, levels: Levels[Read[Any]]) -> Read[N]:
    fields, discriminator = nodes.fields, type_.discriminator

    def attributes(shape: Shape) -> Callable[[dict[str, N]], Tree]:
        return levels.objects(shape, room, lambda level: _attributes(nodes, shape, room, level), "arm")

    arms = {tag: attributes(arm.shape) for tag, arm in type_.objects}
    read_tag = nodes.scalar("int" if isinstance(type_.arms[0][0], int) else "str")

    def read(node: N) -> Tree:
        members = fields(node)
        if discriminator not in members:
            raise PayloadError("The attribute that tells the union's arms apart is missing.").inside(discriminator)
        try:
            arm = arms.get(read_tag(members[discriminator]))
        except ReadError as error:
            raise error.inside(discriminator) from None
        if arm is None:
            raise mismatch("a value of one of the union's arms", "another one").inside(discriminator)
        return arm(members)

    return read


def _complement(nodes: NodeReader[N], room: int) -> Read[N]:
    text = nodes.scalar("str")
    texts = _list(nodes, text)
    values = nodes.raw(room - ENTRY_NESTING)

    def entry(node: N) -> Entry:
        members = nodes.fields(node)
        absent, each = members.pop(ENTRY_ABSENT, None), members.pop(ENTRY_EACH, None)
        if len(members) != len(ENTRY_ATTRIBUTES) or not all(name in members for name in ENTRY_ATTRIBUTES):
            raise PayloadError(
                f"An entry of a complement does not hold exactly {', '.join(ENTRY_ATTRIBUTES)}, and perhaps"
                f" {ENTRY_ABSENT} and {ENTRY_EACH}."
            )
        direction = _DIRECTIONS.get(text(members["direction"]))
        if direction is None:
            raise mismatch("`up` or `down`", "another str").inside("direction")
        witness, kept = (
            {name: values(value) for name, value in nodes.fields(members[at]).items()} for at in ENTRY_ATTRIBUTES[2:]
        )
        names = () if absent is None else tuple(texts(absent))
        return Entry(
            text(members["step"]),
            direction,
            dict[str, Any](witness),
            dict[str, Any](kept),
            names,
            None if each is None else text(each),
        )

    return _list(nodes, entry)
