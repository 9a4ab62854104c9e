"""S, M and L as protobuf messages, whose classes are made from the pydantic models."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, fields_of
from tests.protos.build import classes

_SCALARS = {int: "int64", str: "string", float: "double", bool: "bool"}


def _declared(model: type[BaseModel]) -> list[str]:
    """The lines that declare a message, after those of the messages inside it."""
    inner: list[str] = []
    own = [f"message {model.__name__}"]
    for number, (name, annotation) in enumerate(fields_of(model).items(), start=1):
        label, type_ = "", annotation
        if get_origin(annotation) is list:
            label, type_ = "repeated ", get_args(annotation)[0]
        elif NoneType in get_args(annotation):
            label, type_ = "optional ", get_args(annotation)[0]
        if type_ not in _SCALARS:
            inner += _declared(type_)
        own.append(f"{label}{_SCALARS.get(type_, getattr(type_, '__name__', ''))} {name} = {number}")
    return inner + own


@cache
def message_of(size: Size) -> Any:
    """The message class."""
    return classes("\n".join(_declared(MODELS[size])))[MODELS[size].__name__]


def message_value(size: Size) -> Any:
    return message_of(size)(**CONTENTS[size])
