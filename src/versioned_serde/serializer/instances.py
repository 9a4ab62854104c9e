"""Models <-> trees: what every model kind has in common, compiled from a shape.

A kind knows one object at a time. Here are lists, maps, nulls, unions, enums and the descent into nested objects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from versioned_serde.errors import PayloadError, SerdeError, UnwritableValueError
from versioned_serde.protocols import ModelKind, Unknown
from versioned_serde.shape import (
    AnyType,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
    UnionType,
    all_present,
    object_types,
)
from versioned_serde.tree import Raw, Tree, Typed, copied

_EXACT = 2**53
"""Up to here every integer is exactly a float."""
Presence = Literal["explicit", "all"]
"""Which attributes a new record holds: those that were set explicitly, or those with a constant default as well."""
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
        presence: what dumps show of attributes with a constant default: those set explicitly, or all.
    """

    def __init__(
        self,
        kind_of: Callable[[Shape], ModelKind],
        plain: Callable[[Raw], Any],
        *,
        presence: Presence = "explicit",
    ) -> None:
        self._kind_of = kind_of
        self._plain = plain
        self._presence: Presence = presence

    def carries_unknown(self, shape: Shape) -> bool:
        """Whether instances of the shape's model, or objects within them, carry unknown attributes themselves."""
        within = (nested.shape for attribute in shape.attributes for nested in object_types(attribute.type))
        return self._kind_of(shape).unknown(shape) != "dropped" or any(map(self.carries_unknown, within))

    def dump(self, type_: Type) -> Dump | None:
        """The dump of a type, or None where a value already is its own tree form.

        It raises `UnwritableValueError` with the path.
        """
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
                return _dump_nullable(self.dump(inner))
            case ListType(item=item):
                return _dump_list(self.dump(item), sort=type_.container in ("set", "frozenset"))
            case MapType(value=value):
                return _dump_map(self.dump(value))
            case ObjectType(shape=shape):
                return self.object_dump(shape)
            case UnionType():
                return self._dump_union(type_)

    def object_dump(self, shape: Shape) -> Dump:
        """The dump of objects of a shape; raises like `dump`."""
        kind = self._kind_of(shape)
        every = self._presence == "all"
        take, names = kind.take(all_present(shape) if every else shape), frozenset(shape.names)
        carries = kind.unknown(shape) != "dropped"
        dumps = [(each.name, of) for each in shape.attributes if (of := self.dump(each.type)) is not None]

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

        return _with_implied(shape, dump) if every else dump

    def _dump_union(self, type_: UnionType) -> Dump:
        arms = [(arm.shape.model, self.object_dump(arm.shape)) for _, arm in type_.arms]
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
        match type_:
            case Scalar():
                return None
            case AnyType():
                return copied
            case EnumType(cls=cls):
                return None if cls is None else _build_enum(type_)
            case NullableType(inner=inner):
                return _build_nullable(self.build(inner))
            case ListType(item=item, container=container):
                return _build_list(self.build(item), container)
            case MapType(value=value):
                return _build_map(self.build(value))
            case ObjectType(shape=shape):
                return self._build_object(shape)
            case UnionType():
                return self._build_union(type_)

    def _build_object(self, shape: Shape) -> Build:
        kind = self._kind_of(shape)
        make, unknown = kind.make(shape), kind.unknown(shape)
        builds = [(each.name, of) for each in shape.attributes if (of := self.build(each.type)) is not None]
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

    def _build_union(self, type_: UnionType) -> Build:
        by_tag = {tag: self._build_object(arm.shape) for tag, arm in type_.arms}
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
