"""Edits of values, drawn for what a value holds, and done to it in memory or to its plain form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from versioned_serde.shape import ABSENT, ListType, MapType, NullableType
from versioned_serde.testing.drawing import value
from versioned_serde.testing.histories import KIND, Choice, Nested
from versioned_serde.testing.messages import put_in_map
from versioned_serde.testing.releases import Release

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Edit:
    """One change.

    Attributes:
        at: the object, list or map that it changes: attributes, indexes and keys, from the outermost object.
        verb: `set` of an attribute or key, `unset` of a key or of an attribute that may be absent, `insert`, `delete`
            or `move` of an element.
        where: attribute, key or index.
        to: the index where an element moves.
        type: of the value.
        value: in plain form.
    """

    at: Place
    verb: str
    where: str | int
    to: int = 0
    type: Any = None
    value: Any = None


def drawn_edit(random: Random, release: Release, plain: Any) -> Edit:
    """An edit that a release can do to a value.

    Args:
        random: the source.
        release: whose attributes are known.
        plain: the value as the release sees it.
    """
    found = list(_places(Nested(release.history.root), plain, (), release.newest))
    # Deep places are many; still, each kind of place gets its share.
    lists = [each for each in found if isinstance(each[1], ListType)]
    at, type_, here = random.choice(lists if lists and random.random() < 0.4 else found)
    keyed = release.history.keyed
    match type_:
        case ListType(item=item):
            verb = random.choice(("insert", "insert", "delete", "move")) if here else "insert"
            if verb == "insert":
                return Edit(
                    at, verb, random.randrange(len(here) + 1), 0, item, value(random, item, release.newest, keyed)
                )
            return Edit(at, verb, random.randrange(len(here)), random.randrange(len(here)))
        case MapType(value=inner):
            if here and random.random() < 0.3:
                return Edit(at, "unset", random.choice(sorted(here)))
            return Edit(at, "set", random.choice("abcd"), 0, inner, value(random, inner, release.newest, keyed))
        case _:
            fields = [each for each in type_.fields(type_.stage(release.newest)) if each.name != KIND]
            each = random.choice(fields)
            if each.default is ABSENT and each.name in here and random.random() < 0.3:
                return Edit(at, "unset", each.name)
            return Edit(at, "set", each.name, 0, each.type, value(random, each.type, release.newest, keyed))


def _places(type_: Any, here: Any, at: Place, version: int) -> Iterator[tuple[Place, Any, Any]]:
    if here is None:
        return
    match type_:
        case NullableType(inner=inner):
            yield from _places(inner, here, at, version)
        case ListType(item=item, container="list"):
            yield at, type_, here
            for index, element in enumerate(here):
                yield from _places(item, element, (*at, index), version)
        case MapType(value=inner):
            yield at, type_, here
            for name, element in here.items():
                yield from _places(inner, element, (*at, name), version)
        case Nested(spec=spec):
            if any(each.name != KIND for each in spec.fields(spec.stage(version))):
                yield at, spec, here
            for each in spec.fields(spec.stage(version)):
                if each.name in here:
                    yield from _places(each.type, here[each.name], (*at, each.name), version)
        case Choice(arms=arms):
            yield from _places(Nested(dict(arms)[here[KIND]]), here, at, version)


def do(edit: Edit, release: Release, target: Any, *, plain: bool) -> None:
    """Does an edit in place.

    Args:
        edit: what to do.
        release: whose classes the value is of.
        target: the value.
        plain: whether it is in plain form instead of in memory.
    """
    where: Any
    for where in edit.at:
        target = target[where] if _is_held(target) else release.classes.get(target, where)
    made = edit.value if plain or edit.type is None else release.memory(edit.type, edit.value)
    match edit.verb:
        case "insert":
            target.insert(edit.where, made)
        case "delete":
            del target[edit.where]
        case "move":
            target.insert(edit.to, target.pop(edit.where))
        case "unset" if _is_held(target):
            del target[edit.where]
        case "unset":
            release.classes.drop(target, str(edit.where))
        case _ if isinstance(target, dict):
            target[edit.where] = made
        case _ if _is_held(target):
            put_in_map(target, str(edit.where), made)
        case _:
            release.classes.put(target, str(edit.where), made)


def _is_held(target: Any) -> bool:
    """Whether it is indexed: a list, a map, or an object that is a dictionary."""
    return hasattr(target, "__getitem__")
