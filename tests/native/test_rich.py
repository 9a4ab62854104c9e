"""Texts that the core writes itself: moments, durations, identifiers, decimals, bytes; sets, and any values."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.native.cases import CODECS
from tests.native.pairs import Pair, needs_native
from versioned_serde import Limits

pytestmark = needs_native
both_codecs = pytest.mark.parametrize("codec", CODECS)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Number(enum.IntEnum):
    ONE = 1
    TWO = 2


class Rich(pydantic.BaseModel):
    moment: datetime = datetime(1, 1, 1, tzinfo=UTC)
    day: date = date(1, 1, 1)
    clock: time = time(0)
    lasts: timedelta = timedelta(0)
    id: UUID = UUID(int=0)
    price: Decimal = Decimal(0)
    data: bytes = b""
    numbers: set[int] = set()
    words: frozenset[str] = frozenset()
    colors: set[Color] = set()
    kinds: set[Number] = set()
    any: Any = None


PAIRS = {codec: Pair(Rich, codec) for codec in CODECS}


def made(**values: Any) -> Rich:
    return Rich.model_construct(_fields_set=set(values), **values)


def check(**values: Any) -> set[bool]:
    return {pair.check(made(**values)) for pair in PAIRS.values()}


_offsets = st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59))
_zones = st.none() | st.just(UTC) | _offsets.map(timezone) | st.just(timezone(timedelta(0), "zero"))
JSON_LIKE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(st.datetimes(timezones=_zones), st.times(), _zones, st.dates())
def test_moments(moment: datetime, clock: time, zone: Any, day: date) -> None:
    assert check(moment=moment, clock=clock.replace(tzinfo=zone), day=day) == {True}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Africa/Monrovia", "America/St_Johns"])
@pytest.mark.parametrize("year", [1900, 1960, 2026])
def test_named_zones(zone: str, year: int) -> None:
    for month in (1, 7):
        assert check(moment=datetime(year, month, 1, 2, 30, tzinfo=ZoneInfo(zone))) == {True}
    # The time of day has no offset where the day decides it; the pure path refuses it.
    assert check(clock=time(2, 30, tzinfo=ZoneInfo(zone))) == {zone == "UTC"}


@given(st.timedeltas())
def test_durations(lasts: timedelta) -> None:
    assert check(lasts=lasts) == {True}
    assert check(lasts=timedelta(0, lasts.seconds, lasts.microseconds // 1000 * 1000)) == {True}


@pytest.mark.parametrize("days", [0, 1, 364, 365, 366, 730, 999_999_999])
@pytest.mark.parametrize("rest", [timedelta(0), timedelta(0, 3600), timedelta(0, 59, 500_000), timedelta(0, 61, 1)])
def test_durations_of_round_numbers(days: int, rest: timedelta) -> None:
    assert check(lasts=timedelta(days) + rest) == {True}
    assert check(lasts=-timedelta(days)) == {True}
    assert check(lasts=-timedelta(days - 1) - rest) == {True}


@given(st.uuids(), st.integers(0, 2**128 - 1))
def test_identifiers(drawn: UUID, number: int) -> None:
    assert check(id=drawn) == {True}
    assert check(id=UUID(int=number)) == {True}


@pytest.mark.parametrize("inside", [-1, 2**128, "1", None, True])
def test_an_identifier_that_was_tampered_with(inside: Any) -> None:
    found = UUID(int=1)
    object.__setattr__(found, "int", inside)
    for pair in PAIRS.values():
        assert pair.at_once(made(id=found)) is None


@given(st.decimals() | st.decimals(allow_nan=False).map(lambda value: value.scaleb(900)))
def test_decimals(price: Decimal) -> None:
    check(price=price)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0", True),
        ("-0", True),
        ("1.10", True),
        ("1E+5", True),
        ("-1.5E-20", True),
        ("NaN", True),
        ("-Infinity", True),
        ("sNaN", False),
        ("NaN123", False),
        ("1E+999999999", True),
        ("1E+1000000000", False),
    ],
)
def test_decimals_of_every_form(text: str, written: bool) -> None:
    assert check(price=Decimal(text)) == {written}


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_decimals_of_too_many_digits(digits: int) -> None:
    pair = Pair(Rich, "json", limits=Limits(max_digits=4))
    for text in ("1" * digits, "-" + "1" * digits, "." + "1" * digits, "1" * (digits - 1) + "E+10"):
        value = Decimal(text)
        count = sum(map(str.isdigit, str(value).partition("E")[0]))
        assert pair.check(made(price=value)) is (count <= 4)


@given(st.binary(max_size=100))
def test_bytes(data: bytes) -> None:
    assert check(data=data) == {True}


@given(st.sets(st.integers(-(2**40), 2**40)), st.frozensets(st.text(st.characters(exclude_categories=["Cs"]))))
def test_sets(numbers: set[int], words: frozenset[str]) -> None:
    assert check(numbers=numbers, words=words) == {True}


def test_sets_of_members() -> None:
    for colors in (set(), {Color.RED}, {Color.RED, Color.BLUE}, {"red", Color.BLUE}):
        assert check(colors=colors) == {True}
    assert check(kinds={Number.TWO, Number.ONE}) == {True}
    assert check(kinds={Number.TWO, True}) == {False}
    assert check(colors={"green"}) == {False}


@pytest.mark.parametrize("numbers", [[1, 2], (1,), {1: 1}, {"1"}, {1.0}, {2**70}, {True}, None])
def test_what_is_no_set_of_ints(numbers: Any) -> None:
    assert check(numbers=numbers) == {False}


@given(JSON_LIKE)
def test_any_value(value: Any) -> None:
    check(any=value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, True),
        ([], True),
        ({}, True),
        ({"$kept": [1]}, True),
        ([[], {"a": [None, 1.5, "x", True]}], True),
        ((1,), False),
        ({1: 2}, False),
        ({"a": {1}}, False),
        (b"", False),
        (2**64, False),
        ("\ud800", False),
        ({"\ud800": 1}, False),
        (Color.RED, False),
        (Decimal(1), False),
        ([datetime(2026, 1, 1, tzinfo=UTC)], False),
    ],
    ids=repr,
)
def test_values_that_are_and_are_not_like_json(value: Any, written: bool) -> None:
    assert check(any=value) == {written}
    assert check(any=[value]) == {written}
    assert check(any={"a": value}) == {written}


def test_numbers_that_json_lacks_where_any_value_may_stand() -> None:
    for value in (float("nan"), float("inf")):
        assert PAIRS["json"].check(made(any=value)) is False
        assert PAIRS["msgpack"].check(made(any=value)) is True


@both_codecs
@pytest.mark.parametrize("deepest", [1, 2, 5, 64])
def test_how_deep_any_value_may_be(codec: str, deepest: int) -> None:
    class Anything(pydantic.BaseModel):
        x: Any

    pair = Pair(Anything, codec, limits=Limits(max_depth=deepest))
    value: Any = 1
    for depth in range(1, 70):
        assert pair.check(Anything.model_construct(x=value)) is (depth <= deepest)
        value = [value] if depth % 2 else {"a": value}


@both_codecs
def test_any_value_that_contains_itself(codec: str) -> None:
    value: list[Any] = []
    value.append(value)
    assert PAIRS[codec].at_once(made(any=value)) is None


class Open(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    x: int = 0


class Within(pydantic.BaseModel):
    items: list[Open] = []


@both_codecs
def test_models_that_carry_unknown_attributes(codec: str) -> None:
    pair = Pair(Within, codec)
    for inner in (Open(), Open(x=1)):
        assert pair.check(Within(items=[inner])) is True
    carrying = Open(x=1, y=2)  # type: ignore[call-arg]
    assert pair.check(Within(items=[carrying])) is False
    del carrying.y  # type: ignore[attr-defined]
    assert pair.check(Within(items=[carrying])) is True
    object.__setattr__(carrying, "__pydantic_extra__", None)
    assert pair.check(Within(items=[carrying])) is True


class Moments(msgspec.Struct):
    moment: datetime
    clock: time


class Sub(datetime):
    pass


@both_codecs
@pytest.mark.parametrize("value", [date(2026, 1, 1), Sub(2026, 1, 1, tzinfo=UTC), "2026-01-01", 0, None])
def test_what_is_no_moment(codec: str, value: Any) -> None:
    assert Pair(Moments, codec).check(Moments(value, time(1))) is False
    assert Pair(Moments, codec).check(Moments(datetime(2026, 1, 1, tzinfo=UTC), value)) is False
