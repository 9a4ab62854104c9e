"""What the core leaves to the pure path: values and shapes that are unusual, and every error."""

from __future__ import annotations

import dataclasses
import enum
import gc
import tracemalloc
import weakref
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest

from tests.native.pairs import Pair, needs_native
from versioned_serde import Limits, UnwritableValueError, native

pytestmark = needs_native
CODECS = ("json", "msgpack")
both_codecs = pytest.mark.parametrize("codec", CODECS)


class Color(enum.Enum):
    RED = "red"


class Inner(pydantic.BaseModel):
    x: int = 0


class Card(pydantic.BaseModel):
    kind: Literal["card"]
    number: str


class Cash(pydantic.BaseModel):
    kind: Literal["cash"]


class Model(pydantic.BaseModel):
    text: str = ""
    number: int = 0
    real: float = 0.0
    flag: bool = False
    color: Color = Color.RED
    inner: Inner | None = None
    items: list[int] = []
    names: dict[str, int] = {}
    price: Decimal = Decimal(0)
    pay: Annotated[Card | Cash, pydantic.Field(discriminator="kind")] | None = None


def made(**values: Any) -> Model:
    return Model.model_construct(_fields_set=set(values), **values)


class Text(str):
    __slots__ = ()


class Number(int):
    pass


class Items(list[int]):
    pass


class Special(Inner):
    y: int = 1


USUAL = [
    {},
    {"text": "é\N{GRINNING FACE}"},
    {"number": -(2**63), "real": 7},
    {"inner": Inner(x=1)},
    {"inner": Inner()},
    {"inner": Inner.model_construct(_fields_set={"x", "y"}, x=3, y=1)},
    {"items": [1, 2], "names": {"": 1}},
    {"items": (1, 2)},
    {"color": "red"},
    {"price": Decimal("1.10")},
    {"pay": Card(kind="card", number="1")},
    {"pay": Cash(kind="cash")},
]
UNUSUAL = [
    {"text": 1},
    {"text": b""},
    {"text": None},
    {"text": Text("a")},
    {"text": "\ud800"},
    {"text": "\ud83d\ude00"},
    {"number": True},
    {"number": "1"},
    {"number": 1.0},
    {"number": 2**63},
    {"number": -(2**63) - 1},
    {"number": 10**1000},
    {"number": Number(1)},
    {"real": 2**53 + 1},
    {"real": True},
    {"flag": 1},
    {"flag": None},
    {"color": "blue"},
    {"color": 1},
    {"color": None},
    {"inner": Special()},
    {"inner": {"x": 1}},
    {"inner": Inner.model_construct(x="1", _fields_set={"x"})},
    {"items": {1}},
    {"items": Items()},
    {"items": [1, None]},
    {"items": {}},
    {"names": {1: 1}},
    {"names": {Text("a"): 1}},
    {"names": {"\ud800": 1}},
    {"names": []},
    {"price": 1},
    {"price": Decimal("1e1000000000")},
    {"pay": {"kind": "card", "number": "1"}},
    {"pay": Card.model_construct(number="1")},
    {"pay": Card.model_construct(kind="cash", number="1", _fields_set={"kind", "number"})},
    {"pay": Card.model_construct(kind=None, number="1", _fields_set={"kind", "number"})},
    {"pay": Inner()},
]


@both_codecs
@pytest.mark.parametrize("values", USUAL, ids=repr)
def test_the_core_writes_what_is_usual(codec: str, values: dict[str, Any]) -> None:
    assert Pair(Model, codec).check(made(**values)) is True


@both_codecs
@pytest.mark.parametrize("values", UNUSUAL, ids=repr)
def test_the_pure_path_writes_or_refuses_what_is_not(codec: str, values: dict[str, Any]) -> None:
    assert Pair(Model, codec).check(made(**values)) is False


@both_codecs
@pytest.mark.parametrize("value", [None, 1, Inner(), Model, type("Model", (Model,), {})(), {"text": ""}])
def test_instances_of_other_classes(codec: str, value: Any) -> None:
    assert Pair(Model, codec).check(value) is False


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_floats_that_are_no_numbers(value: float) -> None:
    assert Pair(Model, "json").check(made(real=value)) is False
    assert Pair(Model, "msgpack").check(made(real=value)) is True


class Wire(pydantic.BaseModel):
    kind: Literal["wire"] = "wire"


class Coin(pydantic.BaseModel):
    kind: Literal["coin"] = "coin"


class Paid(pydantic.BaseModel):
    by: Annotated[Wire | Coin, pydantic.Field(discriminator="kind")]


@both_codecs
def test_an_arm_that_does_not_say_which_it_is(codec: str) -> None:
    pair = Pair(Paid, codec)
    assert pair.check(Paid(by=Wire(kind="wire"))) is True
    assert pair.check(Paid(by=Wire())) is False


@both_codecs
def test_an_instance_that_was_tampered_with(codec: str) -> None:
    pair = Pair(Model, codec)
    value = Model(text="a", items=[1])
    value.__dict__["text"] = 5
    assert pair.check(value) is False
    del value.__dict__["text"]
    assert pair.check(value) is False
    value.__dict__["text"] = "b"
    assert pair.check(value) is True
    object.__setattr__(value, "__pydantic_fields_set__", frozenset({"text"}))
    assert pair.check(value) is False
    object.__delattr__(value, "__pydantic_fields_set__")
    with pytest.raises(AttributeError):
        pair.schema.dumps(value)


@both_codecs
@pytest.mark.parametrize("slots", [True, False])
def test_a_dataclass_without_an_attribute(codec: str, slots: bool) -> None:
    cls = dataclasses.make_dataclass("Point", [("x", int), ("y", int)], slots=slots)
    pair, value = Pair(cls, codec), cls(1, 2)
    assert pair.check(value) is True
    del value.y
    assert pair.check(value) is False


@both_codecs
def test_a_struct_in_which_required_attributes_were_unset(codec: str) -> None:
    class Point(msgspec.Struct, rename={"x": "a", "y": "b"}):
        x: int
        y: int | msgspec.UnsetType = msgspec.UNSET

    pair = Pair(Point, codec)
    for x in (1, msgspec.UNSET):
        for y in (1, msgspec.UNSET):
            assert pair.check(Point(x, y)) is True  # type: ignore[arg-type]


class Looks(tzinfo):
    """A time zone that does something else when it is asked."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def utcoffset(self, _: datetime | None) -> Any:
        return self.act()

    def dst(self, _: datetime | None) -> None:
        return None

    def tzname(self, _: datetime | None) -> None:
        return None


@both_codecs
def test_python_code_that_changes_what_is_being_written(codec: str) -> None:
    class Moments(pydantic.BaseModel):
        at: list[datetime]
        by: dict[str, datetime]
        last: str

    def clear() -> timedelta:
        value.__dict__.clear()
        value.model_fields_set.clear()
        value_at.clear()
        value_by.clear()
        gc.collect()
        return timedelta(0)

    pair = Pair(Moments, codec)
    for place in ("at", "by"):
        moment = datetime(2026, 1, 1, tzinfo=Looks(clear))
        value_at = [moment] * 3 if place == "at" else []
        value_by = {f"{index}": moment for index in range(3)} if place == "by" else {}
        value = Moments.model_construct(at=value_at, by=value_by, last="x" * 100)
        del moment
        assert pair.at_once(value) is None


@both_codecs
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_is_no_error_of_the_value_passes_through(codec: str, error: type[BaseException]) -> None:
    @dataclasses.dataclass
    class Moment:
        at: datetime

    def interrupt() -> None:
        raise error

    pair = Pair(Moment, codec)
    with pytest.raises(error):
        pair.schema.dumps(Moment(datetime(2026, 1, 1, tzinfo=Looks(interrupt))))
    with pytest.raises(UnwritableValueError):
        pair.schema.dumps(Moment(None))  # type: ignore[arg-type]


@both_codecs
def test_records_beyond_the_limits(codec: str) -> None:
    class Text(msgspec.Struct):
        x: str

    for limits in (Limits(max_inflated=1000), Limits(max_bytes=1512)):
        pair = Pair(Text, codec, limits=limits)
        assert {pair.check(Text("x" * size)) for size in range(1, 980)} == {True}
        results = [pair.check(Text("x" * size)) for size in range(980, 1010)]
        assert results == sorted(results, reverse=True)
        assert set(results) == {True, False}


def test_the_limit_of_digits() -> None:
    for digits in (1, 5, 18, 19, 20):
        pair = Pair(Model, "json", limits=Limits(max_digits=digits))
        for number in (10**digits - 1, 10**digits):
            for signed in (number, -number):
                assert pair.check(made(number=signed)) is (abs(signed) < min(10**digits, 2**63))
                Pair(Model, "msgpack", limits=Limits(max_digits=digits)).check(made(number=signed))


class Anything(pydantic.BaseModel):
    x: Any


class Open(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")


class Within(pydantic.BaseModel):
    x: list[Open]


class Watched(pydantic.BaseModel):
    x: int

    def __getattribute__(self, name: str) -> Any:
        return super().__getattribute__(name)


class Tagged(msgspec.Struct, tag=True):
    x: int


class Own(enum.Enum):
    A = "a"

    @property
    def value(self) -> str:
        return "a"


@dataclasses.dataclass
class Sets:
    x: set[int]


@dataclasses.dataclass
class Owned:
    x: Own


@both_codecs
@pytest.mark.parametrize("model", [Anything, Open, Within, Watched, Tagged, Sets, Owned])
def test_shapes_that_are_left_to_the_pure_path(codec: str, model: Any) -> None:
    assert Pair(model, codec).encoder is None


def test_a_shape_that_is_too_deep_for_the_stack_of_c() -> None:
    deep: Any = int
    for depth in range(1, 200):
        deep = list[deep]
        if depth in (90, 199):
            pair = Pair(dataclasses.make_dataclass("Deep", [("x", deep)]), "json", limits=Limits(max_depth=300))
            assert (pair.encoder is not None) is (depth == 90)


def test_a_list_that_contains_itself() -> None:
    items: list[Any] = []
    items.append(items)
    assert Pair(Model, "json").check(made(items=items)) is False


@both_codecs
@pytest.mark.parametrize(
    "more",
    [
        {"framing": "envelope", "checksum": True},
        {"framing": "headers"},
        {"framing": "bare"},
        {"framing": "inline"},
    ],
    ids=lambda more: more["framing"],
)
def test_every_framing(codec: str, more: dict[str, Any]) -> None:
    if codec == "msgpack" and more["framing"] == "inline":
        return
    more = {"checksum": False} | more if more["framing"] != "inline" else more
    pair = Pair(Model, codec, **more)
    assert pair.check(made(text="$serde", names={"$value": 1})) is True
    assert pair.check(made(text=1)) is False
    if more["framing"] == "headers":
        with pytest.raises(UnwritableValueError, match="headers"):
            pair.schema.dumps(made())
    else:
        assert pair.schema.loads(pair.schema.dumps(made(text="a"))) == Model(text="a")


@both_codecs
def test_nothing_leaks(codec: str) -> None:
    """Each call gives back what it took: for records, for values that are unusual late, and for exceptions."""
    pair = Pair(Model, codec)
    good = Model(text="a" * 5000, inner=Inner(x=1), items=[1, 2], names={"a": 1}, price=Decimal("1.5"), real=1e300)
    bad = Model(text="a" * 5000, inner=Inner(x=1), items=[1, 2], names={"a": 1}, pay=Cash(kind="cash"))
    bad.pay = Inner()  # type: ignore[assignment]
    failing = made(text="a" * 5000, price=Decimal("1e1000000000"))
    write = pair.at_once

    def calls(count: int) -> None:
        for _ in range(count):
            assert write(good) is not None
            assert write(bad) is None
            assert write(failing) is None

    calls(100)
    gc.collect()
    tracemalloc.start()
    try:
        calls(200)
        before = tracemalloc.get_traced_memory()[0]
        calls(10_000)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 2_000
    finally:
        tracemalloc.stop()


def test_a_plan_gives_back_what_it_keeps() -> None:
    cls = dataclasses.make_dataclass("Point", [("x", int), ("y", list[Color])])
    pair = Pair(cls, "json")
    assert pair.check(cls(1, [Color.RED]))
    watched = weakref.ref(cls)
    del cls, pair
    gc.collect()
    assert watched() is None


def test_it_says_that_it_is_in_use() -> None:
    assert native.in_use()
    assert native.why_not == ""
