"""L2 for a declared schema: releases of older versions, simulated, that edit what this one wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from versioned_serde.errors import DeclarationError, PayloadError
from versioned_serde.evolution.path import paths
from versioned_serde.evolution.version import Version
from versioned_serde.protocols import Codec
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line
from versioned_serde.shape import (
    FACTORY,
    REQUIRED,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    UnionType,
    object_types,
)
from versioned_serde.testing.subject import Subject, declared_quietly
from versioned_serde.testing.trees import objects_in, plain
from versioned_serde.tree import Tree, copied, same


def old_editors(subject: Subject, data: st.DataObject) -> None:
    """L2, for each older version whose releases read what the newest one writes."""
    newest = subject.newest
    admitted = [line for line in subject.schema.lines[:-1] if line.number >= newest.min_reader]
    if not admitted:
        return
    value = data.draw(subject.values)
    tree = subject.dump(value)
    with subject.expecting("L2", value, newest.number):
        packed = subject.written(tree, newest.number)
    for line in admitted:
        editor = _release(subject, line)
        with subject.expecting("L2", value, line.number):
            document = editor.read(*packed)
            _sees_what_the_steps_say(subject, line, value, tree, editor._compiled.dump(document.value, None))  # noqa: SLF001
            unedited = editor.write_packed(document)
            _expect(subject, line, value, tree, subject.tree(unedited), "a record that it did not change")
            wanted = copied(tree)
            with document.edit() as seen:
                name = _edited(subject, line, seen, wanted, data)
            if name is None:
                continue
            read = subject.tree(editor.write_packed(document))
            try:
                subject.build(wanted)
            except PayloadError:
                assume(False)  # the model looks at several attributes at once; no editor made this value
        _expect(subject, line, value, wanted, read, f"a record in which it changed `{name}`")


def _sees_what_the_steps_say(subject: Subject, line: Line, value: object, tree: Tree, seen: Tree) -> None:
    lower = copied(tree)
    subject.schema.lineage.down(lower, line.number)
    wanted, found = (plain(each, line.shape, explicit=True) for each in (lower, seen))
    if not same(wanted, found):
        raise subject.broken(
            "L2",
            f"a release that knows versions up to {line.number} reads the newest version's record as {found!r}, and the"
            f" steps say {wanted!r}.",
            value,
            "A step whose newer form looks different to an older reader must raise min_reader (`keeps_min_reader`).",
            version=line.number,
        )


def _expect(subject: Subject, line: Line, value: object, wanted: Tree, read: Tree, what: str) -> None:
    if not same(subject.meant(read), subject.meant(wanted)):
        raise subject.broken(
            "L2",
            f"a release that knows versions up to {line.number} writes {what}, and what is read then is"
            f" {subject.meant(read)!r}.",
            value,
            "Take the attribute as a value of its own once it is stored; if it must agree with another one, compute it"
            " and do not store it.",
            version=line.number,
        )


def _edited(subject: Subject, line: Line, seen: Any, wanted: Tree, data: st.DataObject) -> str | None:
    """Changes one attribute somewhere, in what the editor sees and in the newest form; its name, or None for none."""
    shape = _without_classes(line.shape)
    keys = set(subject.schema.keys.values())
    told_apart = {union.discriminator for _, each in paths(shape) for union in _unions(each)}
    places = [
        (place, node, attribute)
        for place, node, node_shape in objects_in(seen, ObjectType(shape))
        for attribute in node_shape.attributes
        # What tells elements or arms apart makes another object of it.
        if attribute.name not in keys | told_apart and not any(object_types(attribute.type))
    ]
    if not places:
        return None
    place, node, attribute = data.draw(st.sampled_from(places))
    # The constraints of a model's attributes are found by its class.
    owners = {of: owner for of, _, owner in objects_in(seen, ObjectType(line.shape))}
    own = owners[place].get(attribute.name)
    assert own is not None  # the same shape, but for its classes
    value = data.draw(subject.drawn.attribute(owners[place], own))
    node[attribute.name] = value
    target: Any = wanted
    for part in place:
        if type(target) is dict and part not in target:
            return attribute.name  # the newest version does not have the object any more
        target = target[part]
    known = {of: node_shape for of, _, node_shape in objects_in(wanted, ObjectType(subject.newest.shape))}
    if place in known and known[place].get(attribute.name) is not None:
        target[attribute.name] = copied(value)
    return attribute.name


def _unions(type_: Type) -> list[UnionType]:
    match type_:
        case UnionType():
            return [type_]
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            return _unions(inner)
        case _:
            return []


def _release(subject: Subject, line: Line) -> Schema[Any]:
    """A release whose newest version is an older one; its model is gone, so its values are dicts."""
    found = subject.editors.get(line.number)
    if found is None:
        shape = _without_classes(line.shape)
        known = dict(paths(shape))
        keys = {
            path: key
            for path, key in subject.schema.keys.items()
            if path in known and any(nested.shape.get(key) is not None for nested in object_types(known[path]))
        }
        found = subject.editors[line.number] = declared_quietly(
            line.schema,
            shape,
            Version(
                line.number,
                codec=_codec(line, shape),
                coding=line.coding or "none",
                framing=line.framing,
                checksum=line.checksum,
                min_reader=line.min_reader,
            ),
            keys=keys,
        )
    return found


def _codec(line: Line, shape: Shape) -> Codec:
    try:
        line.codec.check(shape)
    except DeclarationError:
        # The codec knows by the model which class its payloads are of, and the model is none here.
        classed: Any = type(line.codec)
        return classed(line.shape.model)  # type: ignore[no-any-return]
    return line.codec


def _without_classes(shape: Shape) -> Shape:
    """The shape for plain dicts, where nothing computes a default."""
    return Shape(
        shape.name,
        tuple(
            replace(each, type=_plain(each.type), default=REQUIRED if each.default is FACTORY else each.default)
            for each in shape.attributes
        ),
    )


def _plain(type_: Type) -> Type:
    match type_:
        case NullableType(inner=inner):
            return NullableType(_plain(inner))
        case ListType(item=item):
            return ListType(_plain(item))
        case MapType(value=value):
            return MapType(_plain(value))
        case ObjectType(shape=shape):
            return ObjectType(_without_classes(shape))
        case UnionType(discriminator=discriminator, arms=arms):
            return UnionType(discriminator, tuple((tag, _plain(arm)) for tag, arm in arms))  # type: ignore[misc]
        case _:
            return type_
