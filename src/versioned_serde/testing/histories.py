"""Descriptions of made-up schemas through all their versions, from which releases are realised.

A description is told forwards, version by version, while the library derives shapes backwards from the newest model; so
each checks the other. Types are those of `shape`, with `Nested` and `Choice` in the place of objects.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.within import within
from versioned_serde.protocols import Codec
from versioned_serde.shape import (
    REQUIRED,
    Attribute,
    Default,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    UnionType,
)

KIND = "kind"
"""The discriminator of every made-up union."""
KEY = "id"
"""The attribute that identifies the elements of a made-up list with a key."""
NAMES = tuple(first + second for second in ("", *string.digits) for first in string.ascii_lowercase)
"""The names of all other attributes. A history uses each once."""


@dataclass(frozen=True, eq=False)
class Nested:
    """An object of a `Spec`, at whichever version the object around it is."""

    spec: Spec


@dataclass(frozen=True, eq=False)
class Choice:
    """A union of objects, told apart by `KIND`."""

    arms: tuple[tuple[str, Spec], ...]


@dataclass(frozen=True, eq=False)
class Field:
    """One attribute at one stage.

    Attributes:
        name: in Python and on the wire.
        type: a `shape.Type` whose objects are `Nested` or `Choice`.
        default: what its absence means.
        made: what a computed default gives.
        implied: whether an instance that holds the default is one that lacks the attribute, as with a field of protobuf
            that is not `optional`. Such an attribute is never converted.
    """

    name: str
    type: Any
    default: Default = REQUIRED
    made: Any = None
    implied: bool = False


class Models(Protocol):
    """What a change needs to know of a release to be declared in it: see `releases`."""

    def annotation(self, type_: Any) -> Any:
        """The annotation of a type, with the release's classes in it."""
        ...

    def model(self, spec: Spec, stage: int | None = None) -> Any:
        """The release's class of a spec, or the class at a stage."""
        ...

    def memory(self, type_: Any, value: Any) -> Any:
        """A plain value as the classes hold it."""
        ...


Values = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Change:
    """One step of one object, with what it means.

    Attributes:
        version: the version that it leads to.
        verb: the step's name.
        inputs: attributes of the older form that it reads.
        outputs: attributes of the newer form that it writes.
        up: present inputs -> present outputs; not necessarily reversible.
        down: present outputs -> present inputs.
        declare: the library's step.
        name: attribute that is added or removed.
        fill: for `add` of an always written attribute, and for `remove` of a required one: the object's declared
            attributes without it -> its value.
        seeds: whether the fill is something else than an empty list or map.
        purge: whether `remove` drops the value.
        opens: for `widen_enum`: whether the older enum was open.
        follow: for a step that looks at each element of a list or map: (up, the attributes that it reads before and
            after an edit, those on the other side before it) -> those on the other side after it.
        shows_default: whether a default that was implied is written out, so that presence changes.
    """

    version: int
    verb: str
    declare: Callable[[Models], Step]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    up: Callable[[Values], Values] = dict
    down: Callable[[Values], Values] = dict
    name: str = ""
    fill: Callable[[Values], Any] | None = None
    seeds: bool = False
    purge: bool = False
    opens: bool = False
    follow: Callable[[bool, Values, Values, Values], Values] | None = None
    shows_default: bool = False


@dataclass(eq=False)
class Spec:
    """One object type through its life. Stage 0 is its first form, stage i the form after i changes.

    Attributes:
        name: of its classes.
        stages: its attributes at each stage.
        changes: one fewer than stages.
        shares: whether it stands at several places, or in a union, so that steps name it by class.
    """

    name: str
    stages: list[tuple[Field, ...]]
    changes: list[Change] = field(default_factory=list)
    shares: bool = False

    def stage(self, version: int) -> int:
        """The stage at a version."""
        return sum(change.version <= version for change in self.changes)

    def fields(self, stage: int) -> tuple[Field, ...]:
        """The attributes at a stage; -1 is the last one."""
        return self.stages[stage]

    def field(self, name: str, stage: int = -1) -> Field | None:
        """One attribute at a stage."""
        return next((each for each in self.stages[stage] if each.name == name), None)


@dataclass(frozen=True)
class Form:
    """What beside the shape decides the bytes of a version."""

    codec: str | Codec = "json"
    coding: str = "none"
    framing: str = "envelope"
    checksum: bool = False

    def against(self, before: Form | None) -> dict[str, Any]:
        """Arguments of `Version` that say what changed."""
        return {
            name: value
            for name, value in vars(self).items()
            if before is None
            or value != getattr(before, name)
            or (name == "checksum" and self.framing != before.framing)
        }


@dataclass(eq=False)
class History:
    """A made-up schema through versions 1..n.

    Attributes:
        root: its outermost object.
        forms: of each version.
        changes: each with its spec and with the path of the spec at that time (empty for the root), in order.
        keyed: specs whose lists have a declared key.
    """

    root: Spec
    forms: list[Form]
    changes: list[tuple[Spec, str, Change]] = field(default_factory=list)
    keyed: set[int] = field(default_factory=set)

    @property
    def newest(self) -> int:
        """The newest version."""
        return len(self.forms)

    def steps(self, version: int, models: Models) -> list[Step]:
        """The steps that lead to a version."""
        steps = []
        for spec, path, change in self.changes:
            if change.version == version:
                step = change.declare(models)
                if spec is not self.root:
                    step = within(models.model(spec) if spec.shares else path, step)
                steps.append(step)
        return steps

    def __repr__(self) -> str:
        told = [
            f"{path or '.'}{'*' if spec.shares else ''} v{each.version} {'purge' if each.purge else each.verb}"
            f" {each.name or each.outputs}"
            for spec, path, each in self.changes
        ]
        first = shape_at(self.root, 1)
        return f"<History {'; '.join(told)}; {self.forms}; v1 {first}>"


def places(spec: Spec, version: int, path: str = "") -> Iterator[tuple[Spec, str, Field]]:
    """Every attribute at a version, with its object and the object's path; outermost first."""
    for each in spec.fields(spec.stage(version)):
        yield spec, path, each
        for nested in specs_in(each.type):
            yield from places(nested, version, f"{path}.{each.name}" if path else each.name)


def specs_in(type_: Any) -> Iterator[Spec]:
    """The specs directly within a type."""
    match type_:
        case Nested(spec=spec):
            yield spec
        case Choice(arms=arms):
            yield from (spec for _, spec in arms)
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from specs_in(inner)


def key_paths(history: History, version: int) -> dict[str, str]:
    """The declared keys at a version."""
    found = {}
    for _, path, each in places(history.root, version):
        inner = each.type.inner if isinstance(each.type, NullableType) else each.type
        if isinstance(inner, ListType) and isinstance(inner.item, Nested) and id(inner.item.spec) in history.keyed:
            found[f"{path}.{each.name}" if path else each.name] = KEY
    return found


def shape_at(spec: Spec, version: int) -> Shape:
    """The shape at a version, as `shape` says it."""

    @cache
    def told(nested: Spec) -> Shape:
        return Shape(
            nested.name,
            tuple(Attribute(each.name, of(each.type), each.default) for each in nested.fields(nested.stage(version))),
        )

    def of(type_: Any) -> Any:
        match type_:
            case Nested(spec=nested):
                return ObjectType(told(nested))
            case Choice(arms=arms):
                return UnionType(KIND, tuple((tag, ObjectType(told(arm))) for tag, arm in arms))
            case NullableType(inner=inner):
                return NullableType(of(inner))
            case ListType(item=inner):
                return ListType(of(inner))
            case MapType(value=inner):
                return MapType(of(inner))
            case _:
                return type_

    return told(spec)


def is_leaf(spec: Spec, stage: int) -> bool:
    """Whether it has no objects in it."""
    return not any(nested for each in spec.fields(stage) for nested in specs_in(each.type))
