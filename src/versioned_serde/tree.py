"""Trees: the plain form of a value between a codec and a model.

A tree is a `dict` by wire names. What its version's shape declares stands in it as typed Python values (see `shape`).
What the shape does not declare stands in it as a `Raw` (as it came) or a `Typed` (known to a step of another version).
Under `COMPLEMENT` an object may hold what steps could not carry to the other version.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal

Tree = dict[str, Any]

COMPLEMENT = "$kept"
"""Reserved member of any object: its complement, a `list[Entry]`. Attribute names never begin with `$`."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A value that nobody here understands, as the bytes of the codec in which it came.

    Lexemes survive in it: `1.10`, `1e400`, a MessagePack float32, an unknown extension.

    Attributes:
        codec: name of the codec whose bytes these are.
        data: the value in that codec, self-contained; only the codec knows how to cut and paste it.
    """

    codec: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that the tree's version does not declare, but that a step knows from another version.

    Attributes:
        type: the `shape.Type` that the other version declares for it.
        value: the typed value.
    """

    type: Any
    value: Any


@dataclass(slots=True, eq=False)
class Entry:
    """One entry of an object's complement: what one lossy step could not carry.

    Attributes:
        step: id of the step, unique in the schema, such as `4.1`.
        direction: the way that was lossy. `down` made an older form, `up` a newer one.
        witness: the values that the step wrote, by attribute, in the form it made. The entry is used only while they
            are unchanged.
        kept: the values that were lost, by attribute, in the form the step came from.
        absent: the attributes that the step left absent. The entry is used only while they still are.
        each: the list or map that the entry is about element by element. Then the names in witness and kept stand for
            its elements: those of a list in any order, those of a map by their keys, where kept alone says that the
            value does not matter. An element is used only while it is unchanged, whatever became of the others.
        stale: the witness was found to differ; not on the wire.
        gone: the elements whose witness was found to differ; not on the wire.
    """

    step: str
    direction: Literal["up", "down"]
    witness: dict[str, Raw | Typed]
    kept: dict[str, Raw | Typed]
    absent: tuple[str, ...] = ()
    each: str | None = None
    stale: bool = False
    gone: frozenset[str] = frozenset()


def same(one: Any, other: Any) -> bool:
    """Whether two tree values are the same on the wire: stricter than `==`.

    `1`, `1.0` and `True` differ, `Decimal("1.1")` and `Decimal("1.10")` differ, `0.0` and `-0.0` differ, a moment in
    another time zone differs, NaN equals NaN.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        return len(one) == len(other) and all(key in other and same(value, other[key]) for key, value in one.items())
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    if kind is float:
        return (one == other and math.copysign(1.0, one) == math.copysign(1.0, other)) or (
            one != one and other != other
        )
    if kind is Decimal:
        return bool(one.as_tuple() == other.as_tuple())
    if kind is datetime or kind is time:
        return bool(one.isoformat() == other.isoformat())
    if kind is Typed:
        return same(one.value, other.value)
    if kind is Entry:
        return (one.step, one.direction, one.absent, one.each) == (
            (other.step, other.direction, other.absent, other.each)
        ) and (same(one.witness, other.witness) and same(one.kept, other.kept))
    return bool(one == other)


def copied(value: Any) -> Any:
    """A copy of a tree value: containers are new, everything else is shared."""
    kind = type(value)
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    if kind is list:
        return [copied(item) for item in value]
    if kind is Typed:
        # A step of another version takes the value out and changes it in place.
        return Typed(value.type, copied(value.value))
    return value


def objects(value: Any) -> Iterator[Tree]:
    """Every `dict` and everything within it, outermost first. Iterative: depth is bounded by memory alone."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if type(item) is dict:
            yield item
            waiting.extend(item.values())
        elif type(item) is list:
            waiting.extend(item)


def complement(node: Tree) -> list[Entry]:
    """The complement of an object. A member of a map that happens to have the reserved name is none."""
    held = node.get(COMPLEMENT)
    return held if type(held) is list and held and type(held[0]) is Entry else []


def holds_undeclared(value: Any) -> bool:
    """Whether a tree value holds, at any depth, anything that its version does not declare."""
    return any(
        complement(node) or any(type(item) is Raw or type(item) is Typed for item in node.values())
        for node in objects(value)
    )
