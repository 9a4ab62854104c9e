"""The native core and the pure path, held together: the same bytes and the same errors for every value."""

from __future__ import annotations

import dataclasses
import enum
import math
import string
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.oracle import may_write
from tests.native.pairs import Pair, needs_native
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import Nested
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import histories, sources

pytestmark = needs_native
CODECS = ("json", "msgpack")


class Color(enum.Enum):
    RED = "red"
    ODD = 'z"ö\n'


class Size(enum.IntEnum):
    SMALL = 1
    HUGE = 70_000


_zones = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(seconds=7))])
_texts = st.text(st.characters(exclude_categories=()), max_size=40) | st.text(string.printable, max_size=300)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: _texts,
    int: st.integers() | st.integers(-(2**64), 2**65) | st.sampled_from([2**63 - 1, 2**63, -(2**63), 2**64]),
    float: st.floats() | st.decimals(-(10**9), 10**9, places=3).map(float) | st.integers(-(2**60), 2**60).map(float),
    bool: st.booleans(),
    bytes: st.binary(max_size=300),
    Decimal: st.decimals(),
    datetime: st.datetimes(timezones=_zones),
    date: st.dates(),
    time: st.times(timezones=_zones),
    timedelta: st.timedeltas(),
    UUID: st.uuids(),
    Color: st.sampled_from(Color),
    Size: st.sampled_from(Size),
    Literal["a", "bc"]: st.sampled_from(["a", "bc"]),
    Literal[3, 300]: st.sampled_from([3, 300]),
    Literal["a"] | str: st.sampled_from(["a", "other"]),
    Color | str: st.sampled_from([Color.RED, "unheard"]),
}
ANY = st.one_of(*SCALARS.values(), st.none(), st.lists(st.integers(), max_size=2), st.just({"a": 1}))
"""Values of any type, mostly of a wrong one."""


@dataclasses.dataclass
class Spec:
    """A class to be made: its attributes and their types, which are those of `SCALARS`, tuples and specs."""

    attributes: list[tuple[str, Any]]


@st.composite
def specs(draw: st.DrawFn, depth: int = 2, most: int = 6) -> Spec:
    names = draw(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=20), max_size=most, unique=True))
    return Spec([(f"{name}_", draw(types(depth))) for name in names])


@st.composite
def types(draw: st.DrawFn, depth: int) -> Any:
    kind = draw(st.sampled_from(["scalar"] * 6 + ["optional", "list", "tuple", "map", "object"] * (depth > 0)))
    if kind == "scalar":
        return draw(st.sampled_from(list(SCALARS)))
    if kind == "object":
        return draw(specs(depth - 1, 18))
    return kind, draw(types(depth - 1))


def annotation(made: Any, type_: Any) -> Any:
    match type_:
        case Spec():
            return made(type_)
        case ("optional", inner):
            return annotation(made, inner) | None
        case ("list", inner):
            return list[annotation(made, inner)]  # type: ignore[misc]
        case ("tuple", inner):
            return tuple[annotation(made, inner), ...]  # type: ignore[misc]
        case ("map", inner):
            return dict[str, annotation(made, inner)]  # type: ignore[misc]
    return type_


def pydantic_class(spec: Spec, fields: list[tuple[str, Any]]) -> Any:
    loose = pydantic.ConfigDict(arbitrary_types_allowed=True)
    given = {
        name: (type_, ...) if index % 3 == 0 else (type_ | None, None) for index, (name, type_) in enumerate(fields)
    }
    return pydantic.create_model("Made", __config__=loose, **given)  # type: ignore[call-overload]


def dataclass_class(spec: Spec, fields: list[tuple[str, Any]]) -> Any:
    return dataclasses.make_dataclass("Made", fields, slots=len(fields) % 2 == 0)


def struct_class(spec: Spec, fields: list[tuple[str, Any]]) -> Any:
    return msgspec.defstruct(
        "Made", [(name, type_ | msgspec.UnsetType, msgspec.UNSET) for name, type_ in fields], rename="camel"
    )


class Maker:
    """Makes the classes of one kind, and instances with values that nobody has checked."""

    def __init__(self, make: Callable[[Spec, list[tuple[str, Any]]], Any]) -> None:
        self._make = make
        self._made: dict[int, Any] = {}

    def model(self, spec: Spec) -> Any:
        found = self._made.get(id(spec))
        if found is None:
            fields = [(name, annotation(self.model, type_)) for name, type_ in spec.attributes]
            found = self._made[id(spec)] = self._make(spec, fields)
        return found

    def instance(self, draw: Any, spec: Spec, wrong: int) -> Any:
        given = {}
        for name, type_ in spec.attributes:
            if self._make is not dataclass_class and draw(st.integers(0, 4)) == 0:
                continue
            given[name] = self._value(draw, type_, wrong)
        cls = self.model(spec)
        if self._make is pydantic_class:
            return cls.model_construct(_fields_set=set(given), **given)
        return cls(**given)

    def _value(self, draw: Any, type_: Any, wrong: int) -> Any:
        if wrong and draw(st.integers(0, 30)) == 0:
            return draw(ANY)
        match type_:
            case Spec():
                return self.instance(draw, type_, wrong)
            case ("optional", inner):
                return None if draw(st.booleans()) else self._value(draw, inner, wrong)
            case ("list" | "tuple" as container, inner):
                count = draw(st.integers(0, 4) | st.just(17))
                found = [self._value(draw, inner, wrong) for _ in range(count)]
                return found if container == "list" else tuple(found)
            case ("map", inner):
                names = draw(st.lists(_texts, max_size=4, unique=True))
                return {name: self._value(draw, inner, wrong) for name in names}
        return draw(SCALARS[type_])


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("make", [pydantic_class, dataclass_class, struct_class])
@given(data=st.data())
def test_any_value_of_any_shape(codec: str, make: Any, data: st.DataObject) -> None:
    maker = Maker(make)
    spec = data.draw(specs())
    pair = Pair(maker.model(spec), codec)
    assert pair.encoder is not None
    for wrong in (0, 0, 1):
        pair.check(maker.instance(data.draw, spec, wrong))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), random=sources())
def test_made_up_schemas(kind: str, data: st.DataObject, random: Any) -> None:
    history = data.draw(histories(kind, codecs=CODECS))
    release = Release(history, history.newest, random.choice(may_write(history, history.newest)), kind)
    root = Nested(history.root)
    for _ in range(3):
        value = release.memory(root, values(random, history.root, history.newest, history.keyed))
        Pair.of(release.schema).check(value)


class OneFloat(msgspec.Struct):
    x: float


_floats = Pair(OneFloat, "json")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 17))
def test_floats_of_any_length(value: float, places: int) -> None:
    _floats.check(OneFloat(value))
    _floats.check(OneFloat(round(value, places)))
    _floats.check(OneFloat(round(math.fmod(value, 1000.0), places)))


@pytest.mark.parametrize("power", range(-25, 25))
def test_floats_around_powers_of_ten(power: int) -> None:
    for factor in (1.0, 1.1, 9.5, 0.999999999999999):
        at = factor * 10.0**power
        for value in (at, math.nextafter(at, 0.0), math.nextafter(at, 1e300), -at, round(at, 3)):
            _floats.check(OneFloat(value))


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 255, 256, 65_535, 65_536])
def test_heads_of_every_length(codec: str, count: int) -> None:
    class Long(msgspec.Struct):
        text: str
        data: bytes
        items: list[int]
        map: dict[str, int]

    value = Long("ä" * count, b"x" * count, [0] * count, {str(index): index for index in range(count)})
    assert Pair(Long, codec).check(value)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("most", [14, 15, 16, 20])
def test_attributes_that_are_not_given(codec: str, most: int) -> None:
    names = [f"a{index}" for index in range(most)]
    model = pydantic.create_model("Many", **dict.fromkeys(names, (int, 0)))  # type: ignore[call-overload]
    pair = Pair(model, codec)
    for count in range(most + 1):
        assert pair.check(model(**dict.fromkeys(names[:count], 7)))


@pytest.mark.parametrize("exponent", range(66))
def test_ints_of_every_length(exponent: int) -> None:
    class OneInt(msgspec.Struct):
        x: int

    for codec in CODECS:
        pair = Pair(OneInt, codec)
        for value in (2**exponent - 1, 2**exponent, -(2**exponent), -(2**exponent) - 1):
            assert pair.check(OneInt(value)) is (-(2**63) <= value < 2**63)
