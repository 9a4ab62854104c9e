"""Values of one type in memory <-> in a tree: what is no object of a model itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from versioned_serde.errors import PayloadError, SerdeError, UnwritableValueError
from versioned_serde.shape import AnyType, EnumType
from versioned_serde.tree import Raw, Tree, Typed, copied

_EXACT = 2**53
"""Up to here every integer is exactly a float."""
Trace = dict[int, object]
"""`id()` of a dict or list of a dumped tree -> the object in memory that it was dumped from."""
Dump = Callable[[Any, Trace | None], Any]
"""Value in memory -> tree value. With a trace, notes the owner of each dict and list."""
Build = Callable[[Any], Any]
"""Tree value -> value in memory. Does not keep or change the tree."""


def not_a(expected: str, value: Any) -> UnwritableValueError:
    """The error for a value of another kind; it tells the type alone."""
    return UnwritableValueError(f"Expected {expected}, found `{type(value).__qualname__}`.")


def dump_undeclared(value: Any, trace: Trace | None) -> Any:
    """An undeclared attribute that an instance carries itself."""
    return value if type(value) is Raw else Typed(AnyType(), copied(value))


def dump_float(value: Any, trace: Trace | None) -> Any:
    """A float, or an int that is exactly one."""
    # For type checkers an int is a float, and models that do not convert hold it as it was given.
    return float(value) if type(value) is int and abs(value) <= _EXACT else value


def dump_enum(type_: EnumType) -> Dump:
    """A member as its raw value."""
    cls = type_.cls

    def dump(value: Any, trace: Trace | None) -> Any:
        # An unknown member of an open enum, and a member of a Literal, already is its raw value.
        return value.value if cls is not None and isinstance(value, cls) else value  # type: ignore[attr-defined]

    return dump


def dump_nullable(inner: Dump | None) -> Dump | None:
    """None as it is; None if all values are as they are."""
    return inner and (lambda value, trace: None if value is None else inner(value, trace))


def dump_list(item: Dump | None, *, sort: bool) -> Dump:
    """A sequence as a list of dumped elements, sorted if it has no order of its own."""

    def dump(value: Any, trace: Trace | None) -> list[Any]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise not_a("a list", value)
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


def dump_map(item: Dump | None) -> Dump:
    """A dict of dumped values."""

    def dump(value: Any, trace: Trace | None) -> Tree:
        if not isinstance(value, dict):
            raise not_a("a dict", value)
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


def build_enum(type_: EnumType) -> Build:
    """A raw value as a member, or as it is if the enum is open."""
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


def build_nullable(inner: Build | None) -> Build | None:
    """None as it is; None if all values are as they are."""
    return inner and (lambda value: None if value is None else inner(value))


_CONTAINERS: dict[str, Callable[[Any], Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def build_list(item: Build | None, container: str) -> Build:
    """A list as a sequence of built elements."""
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


def build_map(item: Build | None) -> Build:
    """A dict of built values."""
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
