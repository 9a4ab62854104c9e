"""What a rule about descriptors says of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from versioned_serde.check.descriptors.elements import Enum, Field, File, Message, Method, Path, Service
from versioned_serde.check.finding import Direction

Breaks = Direction | Literal["full"] | None
"""Whom it breaks: new readers, old readers, both, or nobody who reads bytes."""

NOT_OF_BUF: Final = ""
"""Stands for the id of a hit that buf has no rule for; such hits are left out where buf's rules are asked for."""


@dataclass(slots=True)
class Hit:
    """A hit of one rule of buf.

    Attributes:
        alias: buf's id of what was found, or `NOT_OF_BUF`.
        message: what was found.
        file: the file of the newer side that it is in; None if there is none any more.
        element: the element of it that it is at; None for the whole file.
        inner: where in the element, as paths from there, the best place first.
        or_whole: whether it is at the whole element where the source has none of these places.
        schema: full name of the message, enum or service concerned.
        attribute: the field, value or call in it.
        breaks: whom it breaks.
        old: what the element was.
    """

    alias: str
    message: str
    file: File | None
    element: Message | Field | Enum | Service | Method | None = None
    inner: tuple[Path, ...] = ()
    or_whole: bool = True
    schema: str | None = None
    attribute: str | None = None
    breaks: Breaks = None
    old: Any = None

    def paths(self) -> list[Path]:
        """All places in the file where it may be, the best first; none for the whole file."""
        if self.element is None:
            return list(self.inner)
        base = self.element.path
        found = [(*base, *each) for each in self.inner]
        if self.or_whole:
            found += _whole(self.element)
        return found


def breaking(*, backward: bool, forward: bool) -> Breaks:
    """Both answers in one word."""
    if backward:
        return "full" if forward else "backward"
    return "forward" if forward else None


def of_field(alias: str, message: str, old: Field, new: Field, *inner: Path, breaks: Breaks = None) -> Hit:
    """A hit on a field, at the first of `inner` (paths within the field) that the source has, or at the whole field."""
    return Hit(alias, message, new.file, new, inner, True, new.owner, new.shown, breaks, old)


def of_message(alias: str, message: str, old: Message, new: Message, attribute: str | None, breaks: Breaks) -> Hit:
    """A hit on a message as a whole."""
    return Hit(alias, message, new.file, new, (), True, new.full, attribute, breaks, old)


def of_enum(
    alias: str, message: str, old: Enum, new: Enum, *inner: Path, attribute: str | None = None, breaks: Breaks = None
) -> Hit:
    """A hit on an enum, at the first of `inner` that the source has, or at the whole enum."""
    return Hit(alias, message, new.file, new, inner, True, new.full, attribute, breaks, old)


def of_service(alias: str, message: str, new: Service, attribute: str, breaks: Breaks) -> Hit:
    """A hit on a service as a whole."""
    return Hit(alias, message, new.file, new, (), True, new.full, attribute, breaks)


def of_method(alias: str, message: str, new: Method, *inner: Path, breaks: Breaks = None) -> Hit:
    """A hit on a call, or at the first of `inner` in it that the source has."""
    service = new.service
    return Hit(alias, message, service.file, new, inner, not inner, service.full, new.name, breaks)


def _whole(element: Message | Field | Enum | Service | Method) -> list[Path]:
    """Where an element is in the source. The entry of a map has no place of its own: it is where its map's type is."""
    entry = element if isinstance(element, Message) else element.message if isinstance(element, Field) else None
    if entry is None or not entry.is_map_entry or entry.parent is None:
        return [element.path]
    for index, field in enumerate(entry.parent.proto.field):
        if field.type_name == f".{entry.full}":
            return [element.path, (*entry.parent.path, 2, index, 6)]
    return [element.path]
