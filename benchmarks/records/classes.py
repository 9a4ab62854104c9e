"""S, M and L as classes of the other libraries, made from the pydantic models so that they cannot differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import make_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import msgspec
from pydantic import BaseModel

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, fields_of

Make = Callable[[str, list[tuple[str, Any]]], type]


def _mapped(type_: Any, make: Callable[[type[BaseModel]], type]) -> Any:
    """The type with each model in it replaced."""
    if get_origin(type_) is list:
        return list[_mapped(get_args(type_)[0], make)]  # type: ignore[misc]
    return make(type_) if isinstance(type_, type) and issubclass(type_, BaseModel) else type_


@cache
def struct_of(model: type[BaseModel]) -> type[msgspec.Struct]:
    fields = [(name, _mapped(type_, struct_of)) for name, type_ in fields_of(model).items()]
    return msgspec.defstruct(model.__name__, fields)


@cache
def dataclass_of(model: type[BaseModel]) -> type:
    fields = [(name, _mapped(type_, dataclass_of)) for name, type_ in fields_of(model).items()]
    return make_dataclass(model.__name__, fields, slots=True)


def struct_value(size: Size) -> msgspec.Struct:
    return msgspec.convert(CONTENTS[size], struct_of(MODELS[size]))


def dataclass_value(size: Size) -> Any:
    return msgspec.convert(CONTENTS[size], dataclass_of(MODELS[size]))


_AVRO = {int: "long", str: "string", float: "double", bool: "boolean", NoneType: "null"}


def avro_of(type_: Any) -> Any:
    """The Avro schema of a model, as JSON-like values."""
    if isinstance(type_, UnionType):
        return [avro_of(member) for member in sorted(get_args(type_), key=lambda member: member is not NoneType)]
    if get_origin(type_) is list:
        return {"type": "array", "items": avro_of(get_args(type_)[0])}
    if type_ in _AVRO:
        return _AVRO[type_]
    fields = [{"name": name, "type": avro_of(field)} for name, field in fields_of(type_).items()]
    return {"type": "record", "name": type_.__name__, "fields": fields}
