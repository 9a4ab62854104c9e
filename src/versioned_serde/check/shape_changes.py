"""Released versions that are declared otherwise now: what shape rules look at.

A declared change is a version of its own, and is judged by what it does to readers. Here is what no step declares: the
same version, with another shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Direction
from versioned_serde.check.release import Release, SchemaLock, VersionLock
from versioned_serde.check.witness import searched
from versioned_serde.lock.description import quoted, type_text
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.shape import (
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    UnionType,
)

_DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One attribute of a released version that is declared otherwise now.

    Attributes:
        other: the release that has it as it was.
        before: the schema in that release.
        now: the same schema now.
        version: the version, the newest of those that both have and in which the attribute differs so.
        path: of the attribute.
        old: as it was, or None if it was not there.
        new: as it is, or None if it is not there any more.
        old_number: number and type of its field, where the codec numbers fields.
        new_number: the same now.
        old_shape: of the object that has it.
        new_shape: the same now.
    """

    other: Release
    before: SchemaLock
    now: SchemaLock
    version: int
    path: str
    old: Attribute | None
    new: Attribute | None
    old_number: str
    new_number: str
    old_shape: Shape
    new_shape: Shape

    @property
    def both(self) -> tuple[Attribute, Attribute] | None:
        """The attribute as it was and as it is; None if it is only in one."""
        return None if self.old is None or self.new is None else (self.old, self.new)

    @property
    def types(self) -> tuple[Type, Type] | None:
        """The same, their types."""
        return None if self.old is None or self.new is None else (self.old.type, self.new.type)

    def shown_by(self, comparison: Comparison, *, alone: bool) -> tuple[Direction, str] | None:
        """Which way it breaks, and the record that shows it; forward first, because old hosts run now.

        Args:
            comparison: in which it was found.
            alone: whether this attribute alone must be the reason.
        """
        for direction in _DIRECTIONS:
            found = searched(
                comparison, self.other, self.before, self.now, self.version, direction, self.path, alone=alone
            )
            if found is not None:
                return direction, found.text
        return None


def changes(comparison: Comparison) -> Iterator[Change]:
    """Every attribute of a released version that is declared otherwise now, once.

    An attribute within an object that came or went as a whole is not told apart from it, and what differs in several
    versions and against several releases is told of the newest version and the first release.
    """
    told: set[tuple[str, str, str, str]] = set()
    for other, before, now in comparison.pairs():
        for version in sorted(before.versions.keys() & now.versions.keys(), reverse=True):
            was, is_ = before.versions[version], now.versions[version]
            if was.shape == is_.shape and was.fields == is_.fields:
                continue
            if other in comparison.supported and _known(comparison, now.name, is_):
                continue
            for path, old, new, shapes in _differing(parsed_shape(was.shape), parsed_shape(is_.shape), ""):
                old_text, new_text = (f"{lock.shape.get(path, '')} {lock.fields.get(path, '')}" for lock in (was, is_))
                key = now.name, path, old_text, new_text
                if old_text == new_text or key in told:
                    continue
                told.add(key)
                yield Change(
                    other=other,
                    before=before,
                    now=now,
                    version=version,
                    path=path,
                    old=old,
                    new=new,
                    old_number=was.fields.get(path, ""),
                    new_number=is_.fields.get(path, ""),
                    old_shape=shapes[0],
                    new_shape=shapes[1],
                )


def _known(comparison: Comparison, name: str, version: VersionLock) -> bool:
    """Whether a release beside declares the version so already, and this one does not introduce the change."""
    return any(
        (found := lock.versions.get(version.number)) is not None and found.same_bytes(version)
        for lock in comparison.schemas_beside(name)
    )


def _differing(
    old: Shape, new: Shape, prefix: str
) -> Iterator[tuple[str, Attribute | None, Attribute | None, tuple[Shape, Shape]]]:
    """Every attribute of either shape, and of the objects that both have within it."""
    for name in sorted({*old.names, *new.names}):
        path, was, is_ = prefix + quoted(name), old.get(name), new.get(name)
        yield path, was, is_, (old, new)
        if was is not None and is_ is not None:
            for place, one, another in _objects(was.type, is_.type):
                yield from _differing(one, another, f"{path}{place}.")


def _objects(old: Type, new: Type) -> Iterator[tuple[str, Shape, Shape]]:
    one, another = bare(old), bare(new)
    if isinstance(one, ObjectType) and isinstance(another, ObjectType):
        yield "", one.shape, another.shape
    if isinstance(one, UnionType) and isinstance(another, UnionType):
        told: set[int] = set()
        for tag, arm in sorted(one.objects, key=lambda each: str(each[0])):
            match = dict(another.objects).get(tag)
            if match is not None and id(arm) not in told:
                told.add(id(arm))
                yield f"[{tag}]", arm.shape, match.shape


def bare(type_: Type) -> Type:
    """The type of the single values: without null, lists and maps around it."""
    match type_:
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            return bare(inner)
        case _:
            return type_


def around(type_: Type) -> tuple[str, ...]:
    """The lists and maps around single values, outermost first."""
    match type_:
        case NullableType(inner=inner):
            return around(inner)
        case ListType(item=inner):
            return ("list", *around(inner))
        case MapType(value=inner):
            return ("map", *around(inner))
        case _:
            return ()


def nulls(type_: Type) -> tuple[bool, ...]:
    """Whether null may stand for the value, and for the elements at each level within it."""
    nullable = isinstance(type_, NullableType)
    inner = type_.inner if isinstance(type_, NullableType) else type_
    match inner:
        case ListType(item=item):
            return (nullable, *nulls(item))
        case MapType(value=value):
            return (nullable, *nulls(value))
        case _:
            return (nullable,)


def enums(change: Change) -> tuple[EnumType, EnumType] | None:
    """The enums of an attribute that has one of the same base before and after."""
    if change.types is None:
        return None
    old, new = map(bare, change.types)
    if isinstance(old, EnumType) and isinstance(new, EnumType) and old.base == new.base:
        return old, new
    return None


def unions(change: Change) -> tuple[UnionType, UnionType] | None:
    """The unions of an attribute that has one before and after."""
    if change.types is None:
        return None
    old, new = map(bare, change.types)
    return (old, new) if isinstance(old, UnionType) and isinstance(new, UnionType) else None


def kind(type_: Type) -> str:
    """What the single values of a type are, for people: `int`, `object`, an enum as its base."""
    inner = bare(type_)
    match inner:
        case EnumType(base=base):
            return f"enum of {base}"
        case UnionType():
            return "one of several objects"
        case ObjectType():
            return "object"
        case _:
            return type_text(inner)


def same_field(comparison: Comparison) -> Iterator[tuple[Change, Change]]:
    """The deleted and the added attribute of one object that have one number."""
    found = list(changes(comparison))
    added = [change for change in found if change.old is None and change.new_number]
    for gone in found:
        if gone.new is None and gone.old_number:
            for come in added:
                place = gone.now is come.now and gone.path.rpartition(".")[0] == come.path.rpartition(".")[0]
                if place and gone.old_number.partition(" ")[0] == come.new_number.partition(" ")[0]:
                    yield gone, come
