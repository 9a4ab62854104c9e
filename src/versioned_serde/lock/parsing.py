"""Lines of a shape in a lock -> the shape: the way back from `description.shape_lines`.

A lock does not say in which order attributes, members and arms were declared, nor what their classes were called. They
come in the order of the lines, and objects are called by their places.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, cast

from versioned_serde import plugins
from versioned_serde.errors import LockError, SerdeError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.description import OUTERMOST
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Raw

_SCALARS: dict[str, ScalarName] = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "bytes": "bytes",
    "Decimal": "decimal",
    "datetime": "datetime",
    "date": "date",
    "time": "time",
    "timedelta": "timedelta",
    "UUID": "uuid",
}
_WORD = re.compile(r"[A-Za-z]+")
_SLOT = re.compile(r" in oneof (\S+)")
_JSON = json.JSONDecoder()
_AFTER_A_TYPE = ("", "]", " | None", " in oneof ", " = ")


def parsed_shape(lines: Mapping[str, str]) -> Shape:
    """The shape of which these are the `shape_lines`.

    Raises:
        LockError: they are no shape's.
    """
    return _Lines(lines).shape("", ())


class _Lines:
    def __init__(self, lines: Mapping[str, str]) -> None:
        self._lines = lines
        self._paths = sorted(lines)

    def shape(self, prefix: str, around: tuple[str, ...]) -> Shape:
        """The object whose attributes have this prefix.

        Args:
            prefix: such as `lines.`; empty for the outermost one.
            around: the prefixes of the objects around it, outermost first.
        """
        open_ = (*around, prefix)
        found = tuple(self._attribute(path, name, open_) for path, name in self._own(prefix))
        return Shape(_place(prefix), found)

    def _own(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Path and name of each attribute of the object itself."""
        for path in self._paths[bisect_left(self._paths, prefix) :]:
            if not path.startswith(prefix):
                return
            if (name := _name(path[len(prefix) :])) is not None:
                yield path, name

    def _attribute(self, path: str, name: str, open_: tuple[str, ...]) -> Attribute:
        text = self._lines[path]
        try:
            type_, end = self._type(text, 0, path, open_)
            slot = None
            if in_slot := _SLOT.match(text, end):
                slot, end = in_slot[1], in_slot.end()
            return Attribute(name, type_, _default(type_, text[end:]), slot)
        except LockError:
            raise
        except (ValueError, IndexError, SerdeError):
            raise LockError(f"The line of `{path}` in the lock says `{text}`, which is no type.") from None

    def _type(self, text: str, start: int, path: str, open_: tuple[str, ...]) -> tuple[Type, int]:
        """The type that begins there, and where it ends."""
        type_: Type
        if text.startswith("Literal[", start):
            members, end = _values(text, start + len("Literal["))
            end = _after(text, end, "]")
            base = " | int" if isinstance(members[0], int) else " | str"
            is_open = text.startswith(base, end)
            type_, end = EnumType(cast("Any", tuple(members)), is_open), end + (len(base) if is_open else 0)
        elif text.startswith("list[", start):
            item, end = self._type(text, start + len("list["), path, open_)
            type_, end = ListType(item), _after(text, end, "]")
        elif text.startswith("dict[str, ", start):
            value, end = self._type(text, start + len("dict[str, "), path, open_)
            type_, end = MapType(value), _after(text, end, "]")
        elif text.startswith("object as at ", start):
            type_, end = _reference(text, start + len("object as at "), open_)
        elif text.startswith("object by ", start):
            type_, end = self._union(text, start + len("object by "), path, open_)
        elif text.startswith("object", start):
            type_, end = ObjectType(self.shape(f"{path}.", open_)), start + len("object")
        else:
            word = _WORD.match(text, start)
            if word is None or (word[0] != "Any" and word[0] not in _SCALARS):
                raise ValueError(text)
            type_, end = AnyType() if word[0] == "Any" else Scalar(_SCALARS[word[0]]), word.end()
        if text.startswith(" | None", end):
            return NullableType(type_), end + len(" | None")
        return type_, end

    def _union(self, text: str, start: int, path: str, open_: tuple[str, ...]) -> tuple[UnionType, int]:
        if text.startswith('"', start):
            discriminator, end = _JSON.raw_decode(text, start)
        else:
            end = text.index(" of ", start)
            discriminator = text[start:end]
        tags, end = _values(text, _after(text, end, " of "))
        told = {tag: self._arm(f"{path}[{tag}].", open_) for tag in tags}
        arms = []
        for tag in tags:
            # An arm that stands under several tags is told under one of them.
            shared = (arm for arm in told.values() if arm is not None and tag in _tags(arm.shape, discriminator))
            arm = told[tag] or next(shared, None) or self._back(tag, discriminator, open_)
            arms.append((tag, arm))
        return UnionType(discriminator, tuple(arms)), end

    def _arm(self, prefix: str, open_: tuple[str, ...]) -> ObjectType | None:
        return ObjectType(self.shape(prefix, open_)) if next(self._own(prefix), None) else None

    def _back(self, tag: str | int, discriminator: str, open_: tuple[str, ...]) -> RecursiveType:
        """The arm that is an object around the union."""
        name = discriminator if discriminator.isidentifier() else json.dumps(discriminator)
        for prefix in reversed(open_):
            line = self._lines.get(prefix + name)
            if line is not None and line.startswith("Literal[") and tag in _values(line, len("Literal["))[0]:
                return RecursiveType(_place(prefix))
        raise ValueError(tag)


def _place(prefix: str) -> str:
    return prefix.removesuffix(".") or OUTERMOST


def _name(text: str) -> str | None:
    """The name that a path ends with, if the text is nothing but that."""
    if text.isidentifier():
        return text
    if text.startswith('"'):
        try:
            name, end = _JSON.raw_decode(text)
        except ValueError:
            return None
        return str(name) if end == len(text) else None
    return None


def _values(text: str, start: int) -> tuple[list[Any], int]:
    """Values of JSON with commas between, and where they end."""
    value, end = _JSON.raw_decode(text, start)
    found = [value]
    while text.startswith(", ", end):
        value, end = _JSON.raw_decode(text, end + len(", "))
        found.append(value)
    if not all(type(each) is type(value) in (str, int) for each in found):
        raise ValueError(text)
    return found, end


def _after(text: str, start: int, what: str) -> int:
    if not text.startswith(what, start):
        raise ValueError(text)
    return start + len(what)


def _reference(text: str, start: int, open_: tuple[str, ...]) -> tuple[RecursiveType, int]:
    for place in sorted(map(_place, open_), key=len, reverse=True):
        end = start + len(place)
        if text.startswith(place, start) and any(_follows(text, end, each) for each in _AFTER_A_TYPE):
            return RecursiveType(place), end
    raise ValueError(text)


def _follows(text: str, end: int, what: str) -> bool:
    return text.startswith(what, end) if what else end == len(text)


def _tags(arm: Shape, discriminator: str) -> tuple[str | int, ...]:
    attribute = arm.get(discriminator)
    return attribute.type.members if attribute is not None and isinstance(attribute.type, EnumType) else ()


def _default(type_: Type, text: str) -> Default:
    if not text:
        return REQUIRED
    meant = text[_after(text, 0, " = ") :]
    if meant in ("computed", "absent"):
        return {"computed": FACTORY, "absent": ABSENT}[meant]
    return Constant(plugins.codec("json").value(type_, DEFAULT_LIMITS).decode(Raw("json", meant.encode())))
