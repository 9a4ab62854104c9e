"""Shapes -> closures that turn tree values into a format's pieces: the other way of `reading`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from versioned_serde.adapters.reading import (
    ENTRY_ABSENT,
    ENTRY_ATTRIBUTES,
    ENTRY_EACH,
    ENTRY_NESTING,
    MAP_PLACE,
    nested,
)
from versioned_serde.adapters.texts import unwritable
from versioned_serde.errors import DeclarationError, UnwritableValueError
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
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed

P = TypeVar("P")
K = TypeVar("K")
Write = Callable[[Any], P]


class PieceWriter(Protocol[K, P]):
    """A format's primitives. Each raises `UnwritableValueError` for what the format cannot carry."""

    @property
    def name(self) -> str:
        """The codec's name, as it stands in `Raw.codec`."""
        ...

    @property
    def null(self) -> P: ...
    def scalar(self, name: ScalarName) -> Write[P]: ...

    def anything(self, room: int) -> Write[P]:
        """Writes `AnyType`, in which at most `room` objects and lists are nested."""
        ...

    def key(self, name: str) -> K:
        """A member's name, as `members` wants it; made once for each declared attribute."""
        ...

    def members(self, pairs: list[tuple[K, P]]) -> P:
        """An object or a map."""
        ...

    def items(self, pieces: list[P]) -> P: ...

    def own(self, data: bytes) -> P:
        """The bytes of a `Raw` of this codec, verbatim."""
        ...

    def foreign(self, raw: Raw) -> P:
        """A `Raw` of another codec, wrapped so that the reader's `raw` finds it again."""
        ...


def compile_writer(pieces: PieceWriter[K, P], type_: Type, room: int) -> Write[P]:
    """A closure that writes values of a type; `room` objects and lists may be nested in them.

    Raises:
        DeclarationError: if the type itself is nested deeper; for a recursive one, its first level.
    """
    return _compiled(pieces, type_, room, Levels(_late))


def _late(writer: Callable[[], Write[P]]) -> Write[P]:
    def write(value: Any) -> P:
        return writer()(value)

    return write


def _compiled(pieces: PieceWriter[K, P], type_: Type, room: int, levels: Levels[Write[P]]) -> Write[P]:
    match type_:
        case Scalar(name):
            return pieces.scalar(name)
        case EnumType():
            return _enum(pieces, type_)
        case NullableType(inner):
            return _nullable(pieces, _compiled(pieces, inner, room, levels))
        case AnyType():
            return pieces.anything(room)
    if room < 1 and levels.inner:
        return _too_deep(pieces)
    match type_:
        case ListType(item):
            return _list(pieces, _compiled(pieces, item, nested(room), levels))
        case MapType(value):
            return _map(pieces, _compiled(pieces, value, nested(room), levels))
        case ObjectType(shape):
            return levels.objects(shape, room, lambda level: _object(pieces, shape, room, level))
        case UnionType():
            return _union(pieces, type_, nested(room), levels)
        case RecursiveType():
            raise out_of_place(type_)


def _too_deep(pieces: PieceWriter[K, P]) -> Write[P]:
    """Writes nothing: any object or list here is nested too deep."""
    refuse = pieces.anything(0)

    def write(value: Any) -> P:
        if type(value) is dict or type(value) is list:
            refuse([])
        raise unwritable("object or list", value)

    return write


def _enum(pieces: PieceWriter[K, P], type_: EnumType) -> Write[P]:
    raw_value = pieces.scalar(type_.base)
    if type_.open:
        return raw_value
    # Written once: a member is a constant. `True` would find the piece of `1`, so its type is looked at first.
    members = {member: raw_value(member) for member in type_.members}
    kind = type(type_.members[0])

    def write(value: Any) -> P:
        if type(value) is not kind:
            raise unwritable(type_.base, value)
        piece = members.get(value)
        if piece is None:
            raise UnwritableValueError(f"Expected one of the enum's members, found another {type_.base}.")
        return piece

    return write


def _nullable(pieces: PieceWriter[K, P], inner: Write[P]) -> Write[P]:
    null = pieces.null

    def write(value: Any) -> P:
        return null if value is None else inner(value)

    return write


def _list(pieces: PieceWriter[K, P], item: Write[P]) -> Write[P]:
    items = pieces.items

    def write(value: Any) -> P:
        if type(value) is not list:
            raise unwritable("list", value)
        done: list[P] = []
        try:
            for each in value:
                done.append(item(each))  # noqa: PERF401 - a comprehension could not tell which item failed
        except UnwritableValueError as error:
            raise error.inside(f"[{len(done)}]") from None
        return items(done)

    return write


def _map(pieces: PieceWriter[K, P], value_writer: Write[P]) -> Write[P]:
    key, members = pieces.key, pieces.members

    def write(value: Any) -> P:
        if type(value) is not dict:
            raise unwritable("map", value)
        try:
            return members([(key(checked_name(name)), value_writer(each)) for name, each in value.items()])
        except UnwritableValueError as error:
            raise error.inside(MAP_PLACE) from None

    return write


def checked_name(name: object) -> str:
    """The name, if it is exactly a `str`."""
    if type(name) is not str:
        raise unwritable("str as a name", name)
    return name


def tried(write: Write[P], encode: Callable[[P], object]) -> Write[P]:
    """A writer whose pieces are encoded at once, one by one, so that an error of `encode` gets its place."""

    def write_tried(value: Any) -> P:
        piece = write(value)
        encode(piece)
        return piece

    return write_tried


def _object(pieces: PieceWriter[K, P], shape: Shape, room: int, levels: Levels[Write[P]]) -> Write[P]:
    if room < 1 and levels.inner:
        return _too_deep(pieces)
    return _attributes(pieces, shape, nested(room), levels)


def _attributes(pieces: PieceWriter[K, P], shape: Shape, room: int, levels: Levels[Write[P]]) -> Write[P]:
    declared = frozenset(shape.names)
    attributes = [
        (attribute.name, pieces.key(attribute.name), _compiled(pieces, attribute.type, room, levels))
        for attribute in shape.unrolled.attributes
    ]
    key, members = pieces.key, pieces.members
    undeclared, complement = _undeclared(pieces, room), _complement(pieces, room)

    def write(tree: Any) -> P:
        if type(tree) is not dict:
            raise unwritable("object", tree)
        pairs: list[tuple[K, P]] = []
        name = ""
        try:
            for name, name_piece, write_value in attributes:
                if name in tree:
                    pairs.append((name_piece, write_value(tree[name])))
            if len(pairs) != len(tree):
                for name, value in tree.items():
                    if name not in declared:
                        write_value = complement if name == COMPLEMENT else undeclared
                        pairs.append((key(checked_name(name)), write_value(value)))
        except UnwritableValueError as error:
            raise error.inside(name) from None
        return members(pairs)

    return write


def _undeclared(pieces: PieceWriter[K, P], room: int) -> Write[P]:
    typed: dict[Type, Write[P]] = {}  # grows by the types that steps declare, which are few

    def write(value: Any) -> P:
        if type(value) is Raw:
            return pieces.own(value.data) if value.codec == pieces.name else pieces.foreign(value)
        if type(value) is not Typed:
            raise unwritable("a kept value for an undeclared attribute", value)
        writer = typed.get(value.type)
        if writer is None:
            try:
                writer = typed[value.type] = compile_writer(pieces, value.type, room)
            except DeclarationError as error:
                raise UnwritableValueError(error.problem, hint=error.hint) from None
        return writer(value.value)

    return write


def _complement(pieces: PieceWriter[K, P], room: int) -> Write[P]:
    key, text = pieces.key, pieces.scalar("str")
    undeclared = _undeclared(pieces, room - ENTRY_NESTING)

    def held(values: Tree) -> P:
        return pieces.members([(key(checked_name(name)), undeclared(value)) for name, value in values.items()])

    def entry(value: Any) -> P:
        if type(value) is not Entry:
            raise unwritable("an entry of a complement", value)
        written = (text(value.step), text(value.direction), held(value.witness), held(value.kept))
        members = list(zip(map(key, ENTRY_ATTRIBUTES), written, strict=True))
        if value.absent:
            members.append((key(ENTRY_ABSENT), pieces.items([text(checked_name(name)) for name in value.absent])))
        if value.each is not None:
            members.append((key(ENTRY_EACH), text(checked_name(value.each))))
        return pieces.members(members)

    return _list(pieces, entry)


def _union(pieces: PieceWriter[K, P], type_: UnionType, room: int, levels: Levels[Write[P]]) -> Write[P]:
    discriminator = type_.discriminator

    def arm_writer(shape: Shape) -> Write[P]:
        return levels.objects(shape, room, lambda level: _attributes(pieces, shape, room, level), "arm")

    arms = {tag: arm_writer(arm.shape) for tag, arm in type_.objects}
    kind = type(type_.arms[0][0])

    def write(tree: Any) -> P:
        if type(tree) is not dict:
            raise unwritable("object", tree)
        if discriminator not in tree:
            raise UnwritableValueError("The attribute that tells the union's arms apart is missing.").inside(
                discriminator
            )
        tag = tree[discriminator]
        if type(tag) is not kind:
            raise unwritable(kind.__name__, tag).inside(discriminator)
        arm = arms.get(tag)
        if arm is None:
            raise UnwritableValueError("Expected a value of one of the union's arms, found another one.").inside(
                discriminator
            )
        return arm(tree)

    return write
