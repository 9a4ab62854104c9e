"""Shapes said in one line, and values that are their own tree form: what tests of `evolution` need instead of models.

A raw value is JSON, and of a type if it has the type's form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.errors import PayloadError
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.step import Step
from versioned_serde.shape import (
    Attribute,
    Constant,
    Default,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed

TEXT, NUMBER = Scalar("str"), Scalar("int")


def shape(model: Any = None, /, **attributes: Type | tuple[Type, Any]) -> Shape:
    """An attribute is its type, or that and its default: a value, or a `Default` such as `REQUIRED`."""

    def made(name: str, said: Type | tuple[Type, Any]) -> Attribute:
        if not isinstance(said, tuple):
            return Attribute(name, said)
        return Attribute(name, said[0], said[1] if isinstance(said[1], Default) else Constant(said[1]))

    return Shape("Order", tuple(made(name, said) for name, said in attributes.items()), model)


class Plain:
    """Types are said as they are, and values are their own tree form."""

    def type(self, annotation: Any) -> Type:
        return ObjectType(annotation) if isinstance(annotation, Shape) else annotation

    def constant(self, type_: Type, value: Any) -> Any:
        return value


def raw(value: Any) -> Raw:
    return Raw("json", json.dumps(value, sort_keys=True).encode())  # the order of an object's members is no difference


def decode(type_: Type, value: Raw) -> Any:
    return _typed(type_, json.loads(value.data))


def _typed(type_: Type, value: Any) -> Any:
    match type_:
        case NullableType(inner=inner):
            return None if value is None else _typed(inner, value)
        case ObjectType(shape=nested):
            known = {each.name: each.type for each in nested.attributes}
            return {
                name: _typed(known[name], item)
                if name in known
                else [_entry(each) for each in item]
                if name == COMPLEMENT
                else raw(item)
                for name, item in value.items()
            }
        case ListType(item=item):
            return [_typed(item, element) for element in value]
        case MapType(value=item) if type(value) is dict:
            return {key: _typed(item, element) for key, element in value.items()}
        case MapType():
            raise PayloadError(f"Expected a map, found `{type(value).__name__}`.")
        case Scalar(name=name) if type(value).__name__ != name:
            raise PayloadError(f"Expected `{name}`, found `{type(value).__name__}`.")
        case _:
            return value


def _entry(told: Any) -> Entry:
    def held(values: Tree) -> dict[str, Raw | Typed]:
        return {name: raw(item) for name, item in values.items()}

    absent, each = tuple(told["absent"]), told["each"]
    return Entry(told["step"], told["direction"], held(told["witness"]), held(told["kept"]), absent, each)


def history(newest: Shape, *versions: Sequence[Step]) -> Lineage:
    """Version 1 and, with the steps that lead to each, the versions after it."""
    return Lineage(1, newest, [(), *versions], Plain(), decode)


def lineage(newest: Shape, *steps: Step) -> Lineage:
    """Two versions, with these steps between them."""
    return history(newest, steps)


def up(ways: Lineage, tree: Tree, version: int = 1) -> Tree:
    """The tree itself, converted in place."""
    ways.up(tree, version)
    return tree


def down(ways: Lineage, tree: Tree, version: int = 1) -> Tree:
    """The tree itself, converted in place."""
    ways.down(tree, version)
    return tree


def sent(value: Any) -> Any:
    """A tree as it is read again: what its version does not declare is raw then."""
    if isinstance(value, Typed):
        return raw(_told(value))
    if isinstance(value, Entry):
        return replace(value, witness=sent(value.witness), kept=sent(value.kept))
    if isinstance(value, dict):
        return {name: sent(item) for name, item in value.items()}
    return [sent(item) for item in value] if isinstance(value, list) else value


def _told(value: Any) -> Any:
    if isinstance(value, Typed):
        return _told(value.value)
    if isinstance(value, Entry):
        said = ("step", "direction", "witness", "kept", "absent", "each")
        return {name: _told(getattr(value, name)) for name in said}
    if isinstance(value, Raw):
        return json.loads(value.data)
    if isinstance(value, dict):
        return {name: _told(item) for name, item in value.items()}
    return [_told(item) for item in value] if isinstance(value, list | tuple) else value
