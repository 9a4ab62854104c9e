"""Models <-> trees: what every model kind has in common, compiled from a shape.

A kind knows one object at a time. Here are lists, maps, nulls, unions, enums and the descent into nested objects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from versioned_serde.errors import PayloadError, SerdeError, UnwritableValueError
from versioned_serde.levels import Levels, out_of_place, too_deep, unwritably_deep
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import ModelKind, Unknown
from versioned_serde.shape import (
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
    object_types,
)
from versioned_serde.tree import Raw, Tree, Typed, copied

_EXACT = 2**53
"""Up to here every integer is exactly a float."""
Trace = dict[int, object]
"""`id()` of a dict or list of a dumped tree -> the object in memory that it was dumped from."""
Dump = Callable[[Any, Trace | None], Any]
"""Value in memory -> tree value. With a trace, notes the owner of each dict and list."""
Build = Callable[[Any], Any]
"""Tree value -> value in memory. Does not keep or change the tree."""


class Instances:
    """Compiles dumps and builds.

    Args:
        kind_of: the kind of a shape's model.
        plain: a raw value as a JSON-like one, for models that carry unknown attributes themselves.
        limits: the schema's bounds. What is nested deeper, perhaps in itself, is refused before the interpreter does it.
    """

    def __init__(
        self, kind_of: Callable[[Shape], ModelKind], plain: Callable[[Raw], Any], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._kind_of = kind_of
        self._plain = plain
        self._limits = limits

    def carries_unknown(self, shape: Shape) -> bool:
        """Whether instances of the shape's model, or objects within them, carry unknown attributes themselves."""
        within = (nested.shape for attribute in shape.attributes for nested in object_types(attribute.type))
        return self._kind_of(shape).unknown(shape) != "dropped" or any(map(self.carries_unknown, within))

    def dump(self, type_: Type) -> Dump | None:
        """The dump of a type, or None where a value already is its own tree form.

        It raises `UnwritableValueError` with the path.
        """
        return self._dump(type_, self._limits.max_depth, Levels(self._late_dump))

    def _dump(self, type_: Type, room: int, levels: Levels[Dump]) -> Dump | None:
        match type_:
            case Scalar(name="float"):
                return _dump_float
            case Scalar():
                return None
            case AnyType():
                return lambda value, trace: copied(value)
            case EnumType():
                return _dump_enum(type_)
            case NullableType(inner=inner):
                return _dump_nullable(self._dump(inner, room, levels))
            case ListType(item=item):
                return _dump_list(self._dump(item, room, levels), sort=type_.container in ("set", "frozenset"))
            case MapType(value=value):
                return _dump_map(self._dump(value, room, levels))
            case ObjectType(shape=shape):
                return levels.objects(shape, room, lambda level: self.object_dump(shape, room, level))
            case UnionType():
                return self._dump_union(type_, room, levels)
            case RecursiveType():
                return self.reference_dump(type_)

    def reference_dump(self, type_: RecursiveType) -> Dump:
        """The dump of a back reference outside of its shape, which none but a subclass gives one."""
        raise out_of_place(type_)

    def _late_dump(self, compiled: Callable[[], Dump]) -> Dump:
        def dump(value: Any, trace: Trace | None) -> Any:
            try:
                return compiled()(value, trace)
            except RecursionError:
                raise unwritably_deep() from None

        return dump

    def object_dump(self, shape: Shape, room: int, levels: Levels[Dump]) -> Dump:
        """The dump of objects of a shape, in which `room` objects may be nested; raises like `dump`."""
        if room < 1:
            return self._refuse_dump
        kind = self._kind_of(shape)
        take, names = kind.take(shape), frozenset(shape.names)
        carries = kind.unknown(shape) != "dropped"
        dumps = [
            (each.name, of)
            for each in shape.unrolled.attributes
            if (of := self._dump(each.type, room - 1, levels)) is not None
        ]

        def dump(value: Any, trace: Trace | None) -> Tree:
            tree = take(value)
            name = ""
            try:
                for name, nested in dumps:
                    if name in tree:
                        tree[name] = nested(tree[name], trace)
                if carries:
                    for name in tree.keys() - names:
                        tree[name] = _dump_undeclared(tree[name], trace)
            except SerdeError as error:
                raise error.inside(name) from None
            if trace is not None:
                trace[id(tree)] = value
            return tree

        return dump

    def _refuse_dump(self, value: Any, trace: Trace | None) -> Any:
        raise unwritably_deep(self._limits)

    def _dump_union(self, type_: UnionType, room: int, levels: Levels[Dump]) -> Dump:
        def arm_dump(shape: Shape) -> Dump:
            return levels.objects(shape, room, lambda level: self.object_dump(shape, room, level))

        arms = [(arm.shape.model, arm_dump(arm.shape)) for _, arm in type_.objects]
        by_class = {model: dump for model, dump in arms if isinstance(model, type)}
        by_tag = {tag: dump for (tag, _), (_, dump) in zip(type_.arms, arms, strict=True)}
        discriminator = type_.discriminator

        def dump(value: Any, trace: Trace | None) -> Tree:
            if type(value) is dict:
                found = by_tag.get(value.get(discriminator, ""))
            else:
                found = by_class.get(type(value)) or next(
                    (dump for model, dump in by_class.items() if isinstance(value, model)), None
                )
            if found is None:
                raise _not_a("one of the union's models", value)
            tree: Tree = found(value, trace)
            return tree

        return dump

    def build(self, type_: Type) -> Build | None:
        """The build of a type, or None where a tree value already is the value in memory.

        It raises `PayloadError` with the path, and assumes that the tree has the types that the codec has checked.
        """
        return self._build(type_, self._limits.max_depth, Levels(self._late_build))

    def _build(self, type_: Type, room: int, levels: Levels[Build]) -> Build | None:
        match type_:
            case Scalar():
                return None
            case AnyType():
                return copied
            case EnumType(cls=cls):
                return None if cls is None else _build_enum(type_)
            case NullableType(inner=inner):
                return _build_nullable(self._build(inner, room, levels))
            case ListType(item=item, container=container):
                return _build_list(self._build(item, room, levels), container)
            case MapType(value=value):
                return _build_map(self._build(value, room, levels))
            case ObjectType(shape=shape):
                return self._build_level(shape, room, levels)
            case UnionType():
                return self._build_union(type_, room, levels)
            case RecursiveType():
                raise out_of_place(type_)

    def _late_build(self, compiled: Callable[[], Build]) -> Build:
        def build(tree: Any) -> Any:
            try:
                return compiled()(tree)
            except RecursionError:
                raise too_deep(self._limits) from None

        return build

    def _refuse_build(self, tree: Any) -> Any:
        raise too_deep(self._limits)

    def _build_level(self, shape: Shape, room: int, levels: Levels[Build]) -> Build:
        return levels.objects(shape, room, lambda level: self._build_object(shape, room, level))

    def _build_object(self, shape: Shape, room: int, levels: Levels[Build]) -> Build:
        if room < 1:
            return self._refuse_build
        kind = self._kind_of(shape)
        make, unknown = kind.make(shape), kind.unknown(shape)
        builds = [
            (each.name, of)
            for each in shape.unrolled.attributes
            if (of := self._build(each.type, room - 1, levels)) is not None
        ]
        order, names = shape.names, frozenset(shape.names)

        def build(tree: Tree) -> Any:
            values = {name: tree[name] for name in order if name in tree}
            name = ""
            try:
                for name, nested in builds:
                    if name in values:
                        values[name] = nested(values[name])
            except SerdeError as error:
                raise error.inside(name) from None
            if unknown != "dropped" and len(values) != len(tree):
                self._carry(values, tree, names, unknown)
            return make(values)

        return build

    def _carry(self, values: dict[str, Any], tree: Tree, names: frozenset[str], unknown: Unknown) -> None:
        for name, value in tree.items():
            if name in names:
                continue
            if unknown == "raw" and type(value) is Raw:
                values[name] = value
            elif unknown == "plain" and type(value) is Raw:
                try:
                    values[name] = self._plain(value)
                except SerdeError as error:
                    raise error.inside(name) from None
            elif unknown == "plain" and type(value) is Typed:
                values[name] = copied(value.value)

    def _build_union(self, type_: UnionType, room: int, levels: Levels[Build]) -> Build:
        by_tag = {tag: self._build_level(arm.shape, room, levels) for tag, arm in type_.objects}
        discriminator = type_.discriminator

        def build(tree: Tree) -> Any:
            found = by_tag.get(tree.get(discriminator, ""))
            if found is None:
                raise PayloadError("The discriminator names none of the union's models.").inside(discriminator)
            return found(tree)

        return build


def _not_a(expected: str, value: Any) -> UnwritableValueError:
    return UnwritableValueError(f"Expected {expected}, found `{type(value).__qualname__}`.")


def _dump_undeclared(value: Any, trace: Trace | None) -> Any:
    return value if type(value) is Raw else Typed(AnyType(), copied(value))


def _dump_float(value: Any, trace: Trace | None) -> Any:
    # For type checkers an int is a float, and models that do not convert hold it as it was given.
    return float(value) if type(value) is int and abs(value) <= _EXACT else value


def _dump_enum(type_: EnumType) -> Dump:
    cls = type_.cls

    def dump(value: Any, trace: Trace | None) -> Any:
        # An unknown member of an open enum, and a member of a Literal, already is its raw value.
        return value.value if cls is not None and isinstance(value, cls) else value  # type: ignore[attr-defined]

    return dump


def _dump_nullable(inner: Dump | None) -> Dump | None:
    return inner and (lambda value, trace: None if value is None else inner(value, trace))


def _dump_list(item: Dump | None, *, sort: bool) -> Dump:
    def dump(value: Any, trace: Trace | None) -> list[Any]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise _not_a("a list", value)
        tree: list[Any] = list(value)
        if item is not None:
            for index, element in enumerate(tree):
                try:
                    tree[index] = item(element, trace)
                except SerdeError as error:
                    raise error.inside(f"[{index}]") from None
        if sort:
            tree.sort(key=repr)  # a set has no order, and the same value shall give the same bytes
        if trace is not None:
            trace[id(tree)] = value
        return tree

    return dump


def _dump_map(item: Dump | None) -> Dump:
    def dump(value: Any, trace: Trace | None) -> Tree:
        if not isinstance(value, dict):
            raise _not_a("a dict", value)
        tree: Tree = dict(value)
        if item is not None:
            for name, element in value.items():
                try:
                    tree[name] = item(element, trace)
                except SerdeError as error:
                    raise error.inside("[*]") from None  # a key is a payload value too
        if trace is not None:
            trace[id(tree)] = value
        return tree

    return dump


def _build_enum(type_: EnumType) -> Build:
    cls, is_open = type_.cls, type_.open
    assert cls is not None

    def build(value: Any) -> Any:
        try:
            return cls(value)
        except ValueError:
            if is_open:
                return value
            raise PayloadError(f"The value is no member of `{cls.__qualname__}`.") from None

    return build


def _build_nullable(inner: Build | None) -> Build | None:
    return inner and (lambda value: None if value is None else inner(value))


_CONTAINERS: dict[str, Callable[[Any], Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def _build_list(item: Build | None, container: str) -> Build:
    make = _CONTAINERS[container]
    if item is None:
        return make

    def build(value: Any) -> Any:
        elements = []
        for index, element in enumerate(value):
            try:
                elements.append(item(element))
            except SerdeError as error:
                raise error.inside(f"[{index}]") from None
        return make(elements)

    return build


def _build_map(item: Build | None) -> Build:
    if item is None:
        return dict

    def build(value: Any) -> Any:
        result = {}
        for name, element in value.items():
            try:
                result[name] = item(element)
            except SerdeError as error:
                raise error.inside("[*]") from None  # a key is a payload value too
        return result

    return build
