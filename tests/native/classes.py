"""Made-up pydantic models, and values for them."""

from __future__ import annotations

import enum
import itertools
import math
import struct
import typing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Annotated, Any, Literal, Optional, Union
from uuid import UUID

import pydantic
from pydantic import ConfigDict, Field


class Color(enum.Enum):
    RED = "red"
    ODD = 'z"ö\n'


class Size(enum.IntEnum):
    SMALL = 1
    HUGE = 70_000


class Word(enum.StrEnum):
    ONE = "one"


_ZONES = (None, UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(seconds=7)))
_TEXTS = (
    "",
    "a",
    "Ada Lovelace",
    'quo"ted',
    "back\\slash",
    '\\"',
    "ä\n\u2028",
    "\U0001f600",
    "-0",
    "x" * 300,
    "1" * 700,
)
_SCALARS: dict[Any, Any] = {
    str: lambda random: random.choice(_TEXTS),
    int: lambda random: random.choice(
        (0, 1, -7, 300, 70_000, 2**40, 2**63, -(2**63), 2**64, 10**30, random.randrange(99))
    ),
    float: lambda random: random.choice(
        (0.0, -0.0, 1.0, 1.5, 0.1, 2.0**53, 1e300, 5e-324, math.nan, math.inf, random.random(), _any_float(random))
    ),
    bool: lambda random: random.random() < 0.5,
    bytes: lambda random: random.choice((b"", b"a", b"\x00\xff" * 20)),
    Decimal: lambda random: Decimal(random.choice(("0", "1.10", "-3", "1E+5", "12345678901234567890.01"))),
    datetime: lambda random: datetime(2024, 2, 29, 1, 2, 3, random.choice((0, 5)), random.choice(_ZONES)),
    date: lambda random: date(1970 + random.randrange(99), 1, 1),
    time: lambda random: time(1, 2, 3, random.choice((0, 5)), random.choice(_ZONES)),
    timedelta: lambda random: timedelta(random.randrange(-400, 400), 0, random.choice((0, 1))),
    UUID: lambda random: UUID(int=random.getrandbits(128)),
    Color: lambda random: random.choice((*Color,)),
    Size: lambda random: random.choice((*Size,)),
    Word: lambda random: Word.ONE,
    Literal["a", "bc"]: lambda random: random.choice(("a", "bc")),
    Literal[3, 300]: lambda random: random.choice((3, 300)),
}
_COMMON = (str, int, float, bool)


def _any_float(random: Random) -> float:
    value: float = struct.unpack(">d", random.randbytes(8))[0]
    return value


def any_type(random: Random, depth: int) -> Any:
    """An annotation."""
    kind = random.choice(
        ["common"] * 4 + ["scalar"] * 3 + ["optional", "list", "tuple", "map", "model", "union"] * (depth > 0)
    )
    if kind in {"common", "scalar"}:
        return random.choice(_COMMON if kind == "common" else tuple(_SCALARS))
    if kind == "model":
        return any_model(random, depth - 1)
    if kind == "union":
        tags = random.choice((("cat", "dog"), (1, 2)))
        arms = tuple(any_model(random, depth - 1, tag) for tag in tags)
        return Annotated[Union[arms], Field(discriminator="kind")]  # noqa: UP007  made at run time
    inner: Any = any_type(random, depth - 1)
    within: Any = {"optional": Optional, "list": list, "map": dict, "tuple": tuple}[kind]
    return within[{"map": (str, inner), "tuple": (inner, ...)}.get(kind, inner)]


_numbers = itertools.count()


def any_model(random: Random, depth: int, tag: Any = None) -> Any:
    """A model of up to six attributes: required, with defaults of several sorts, with other names on the wire."""
    fields: dict[str, Any] = {}
    if tag is not None:
        fields["kind"] = (Literal[tag], random.choice((..., tag)))
    for index in range(random.randrange(7)):
        type_ = any_type(random, depth)
        more: dict[str, Any] = {"serialization_alias": f"ä{index}"} if random.random() < 0.2 else {}
        sort = random.random()
        if sort < 0.3:
            more["default"] = any_value(random, type_)
        elif sort < 0.4:
            value = any_value(random, type_)
            more["default_factory"] = lambda value=value: value
        fields[f"a{index}"] = type_, Field(**more)
    if random.random() < 0.1:
        fields["hidden"] = int, Field(5, exclude=True)
    if random.random() < 0.2:
        fields["_private"] = list[int], pydantic.PrivateAttr(default=random.choice(([], [[1]], 7)))
    extra: Any = random.choice(("ignore", "ignore", "forbid", "allow"))
    return pydantic.create_model(f"Made{next(_numbers)}", __config__=ConfigDict(extra=extra), **fields)


def any_value(random: Random, type_: Any) -> Any:
    """A value of an annotation of `any_type`."""
    if type_ in _SCALARS:
        return _SCALARS[type_](random)
    if isinstance(type_, type) and issubclass(type_, pydantic.BaseModel):
        given = {
            name: any_value(random, field.annotation)
            for name, field in type_.model_fields.items()
            if name == "kind" or (not field.exclude and (field.is_required() or random.random() < 0.6))
        }
        return type_(**given)
    origin: Any = typing.get_origin(type_)
    arguments: list[Any] = [*typing.get_args(type_)]
    if origin is Union:
        if type(None) in arguments:
            return None if random.random() < 0.4 else any_value(random, arguments[0])
        return any_value(random, random.choice(arguments))
    if origin is Literal:  # of one discriminator
        return arguments[0]
    if origin is Annotated:
        return any_value(random, arguments[0])
    count = random.choice((0, 1, 2, 3, 17))
    if origin is dict:
        return {f"{random.choice(_TEXTS)[:9]}{index}": any_value(random, arguments[1]) for index in range(count)}
    found = [any_value(random, arguments[0]) for _ in range(count)]
    return found if origin is list else tuple(found)
