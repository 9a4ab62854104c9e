"""Models <-> trees: what every model kind has in common, compiled from a shape.

A kind knows one object at a time. Here are lists, maps, nulls, unions, enums and the descent into nested objects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from versioned_serde.errors import PayloadError, SerdeError
from versioned_serde.levels import Levels, out_of_place, too_deep, unwritably_deep
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.presence import all_present
from versioned_serde.protocols import ModelKind, Unknown
from versioned_serde.serializer.values import (
    Build,
    Dump,
    Trace,
    build_enum,
    build_list,
    build_map,
    build_nullable,
    dump_enum,
    dump_float,
    dump_list,
    dump_map,
    dump_nullable,
    dump_undeclared,
    not_a,
)
from versioned_serde.shape import (
    AnyType,
    Constant,
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

Presence = Literal["explicit", "all"]
"""Which attributes a new record holds: those that were set explicitly, or those with a constant default as well."""


class Instances:
    """Compiles dumps and builds.

    Args:
        kind_of: the kind of a shape's model.
        plain: a raw value as a JSON-like one, for models that carry unknown attributes themselves.
        presence: what dumps show of attributes with a constant default: those set explicitly, or all.
        limits: the schema's bounds. What is nested deeper, perhaps in itself, is refused.
    """

    def __init__(
        self,
        kind_of: Callable[[Shape], ModelKind],
        plain: Callable[[Raw], Any],
        *,
        presence: Presence = "explicit",
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._kind_of = kind_of
        self._plain = plain
        self._presence: Presence = presence
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
                return dump_float
            case Scalar():
                return None
            case AnyType():
                return lambda value, trace: copied(value)
            case EnumType():
                return dump_enum(type_)
            case NullableType(inner=inner):
                return dump_nullable(self._dump(inner, room, levels))
            case ListType(item=item):
                return dump_list(self._dump(item, room, levels), sort=type_.container in ("set", "frozenset"))
            case MapType(value=value):
                return dump_map(self._dump(value, room, levels))
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
        every = self._presence == "all"
        take, names = kind.take(all_present(shape) if every else shape), frozenset(shape.names)
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
                        tree[name] = dump_undeclared(tree[name], trace)
            except SerdeError as error:
                raise error.inside(name) from None
            if trace is not None:
                trace[id(tree)] = value
            return tree

        return _with_implied(shape, dump) if every else dump

    def _refuse_dump(self, value: Any, trace: Trace | None) -> Any:
        raise unwritably_deep(self._limits)

    def _dump_union(self, type_: UnionType, room: int, levels: Levels[Dump]) -> Dump:
        def arm_dump(shape: Shape) -> Dump:
            return levels.objects(shape, room, lambda level: self.object_dump(shape, room, level))

        arms = [(arm.shape.model, arm_dump(arm.shape)) for _, arm in type_.objects]
        by_class = {model: dump for model, dump in arms if isinstance(model, type)}
        by_tag = {tag: dump for (tag, _), (_, dump) in zip(type_.objects, arms, strict=True)}
        discriminator = type_.discriminator

        def dump(value: Any, trace: Trace | None) -> Tree:
            if type(value) is dict:
                found = by_tag.get(value.get(discriminator, ""))
            else:
                found = by_class.get(type(value)) or next(
                    (dump for model, dump in by_class.items() if isinstance(value, model)), None
                )
            if found is None:
                raise not_a("one of the union's models", value)
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
                return None if cls is None else build_enum(type_)
            case NullableType(inner=inner):
                return build_nullable(self._build(inner, room, levels))
            case ListType(item=item, container=container):
                return build_list(self._build(item, room, levels), container)
            case MapType(value=value):
                return build_map(self._build(value, room, levels))
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


def _with_implied(shape: Shape, explicit: Dump) -> Dump:
    """The dump with the default of each attribute that the instance does not hold, in the shape's order."""
    implied = {each.name: each.default.value for each in shape.attributes if isinstance(each.default, Constant)}

    def dump(value: Any, trace: Trace | None) -> Tree:
        given: Tree = explicit(value, trace)
        if given.keys() >= implied.keys():
            return given
        tree = {
            name: given[name] if name in given else copied(implied[name])
            for name in shape.names
            if name in given or name in implied
        }
        tree.update((name, rest) for name, rest in given.items() if name not in tree)
        if trace is not None:
            trace[id(tree)] = value
        return tree

    return dump
