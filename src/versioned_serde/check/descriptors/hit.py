"""What a rule about descriptors says of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from versioned_serde.check.descriptors.elements import Enum, Field, File, Message, Method, Path, Service
from versioned_serde.check.finding import Direction

Breaks = Direction | Literal["full"] | None
"""Whom it breaks: new readers, old readers, both, or nobody who reads bytes."""


@dataclass(slots=True)
class Hit:
    """A hit of one rule of buf.

    Attributes:
        alias: buf's id of what was found.
        message: what was found.
        file: the file of the newer side that it is in; None if there is none any more.
        paths: where in it, the best place first; empty for the file as a whole.
        schema: full name of the message, enum or service concerned.
        attribute: the field, value or call in it.
        breaks: whom it breaks.
        pair: the two elements concerned.
    """

    alias: str
    message: str
    file: File | None
    paths: tuple[Path, ...] = ()
    schema: str | None = None
    attribute: str | None = None
    breaks: Breaks = None
    pair: tuple[Any, Any] | None = None


def breaking(*, backward: bool, forward: bool) -> Breaks:
    """Both answers in one word."""
    if backward:
        return "full" if forward else "backward"
    return "forward" if forward else None


def of_field(alias: str, message: str, old: Field, new: Field, *inner: Path, breaks: Breaks = None) -> Hit:
    """A hit on a field, at the first of `inner` (paths within the field) that the source has, or at the whole field."""
    paths = tuple((*new.path, *each) for each in inner)
    return Hit(alias, message, new.file, (*paths, *whole(new)), new.owner, new.shown, breaks, (old, new))


def of_message(alias: str, message: str, old: Message, new: Message, attribute: str | None, breaks: Breaks) -> Hit:
    """A hit on a message as a whole."""
    return Hit(alias, message, new.file, whole(new), new.full, attribute, breaks, (old, new))


def of_enum(
    alias: str, message: str, old: Enum, new: Enum, *inner: Path, attribute: str | None = None, breaks: Breaks = None
) -> Hit:
    """A hit on an enum, at the first of `inner` that the source has, or at the whole enum."""
    paths = tuple((*new.path, *each) for each in inner)
    return Hit(alias, message, new.file, (*paths, new.path), new.full, attribute, breaks, (old, new))


def of_service(alias: str, message: str, new: Service | Method, *inner: Path, breaks: Breaks = None) -> Hit:
    """A hit on a service, or on a call of one."""
    service, attribute = (new.service, new.name) if isinstance(new, Method) else (new, None)
    paths = tuple((*new.path, *each) for each in inner)
    return Hit(alias, message, service.file, paths or (new.path,), service.full, attribute, breaks)


def whole(element: Message | Field) -> tuple[Path, ...]:
    """Where an element is in the source. The entry of a map has no place of its own: it is where its map's type is."""
    entry = element if isinstance(element, Message) else element.message
    if entry is None or not entry.is_map_entry or entry.parent is None:
        return (element.path,)
    for index, field in enumerate(entry.parent.proto.field):
        if field.type_name == f".{entry.full}":
            return (element.path, (*entry.parent.path, 2, index, 6), (*entry.parent.path, 2, index))
    return (element.path,)
