from __future__ import annotations

import contextlib
import datetime as dt
import enum
import pickle
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from versioned_serde import (
    DeclarationError,
    LimitError,
    Limits,
    PayloadError,
    ReadError,
    Schema,
    UnwritableValueError,
    Version,
    rename,
)
from versioned_serde.codecs.pickle import Pickle

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class PydanticLine(BaseModel):
    sku: str
    amount: int = 1


class PydanticOrder(BaseModel):
    buyer: str
    total: Decimal
    placed: dt.datetime
    id: UUID
    color: Color = Color.RED
    lines: list[PydanticLine] = []
    tags: set[str] = set()
    seal: bytes = b""
    prices: dict[str, float] = {}


@dataclass
class DataclassLine:
    sku: str
    amount: int = 1


@dataclass
class DataclassOrder:
    buyer: str
    day: dt.date
    took: dt.timedelta
    colors: set[Color] = field(default_factory=set)
    lines: list[DataclassLine] = field(default_factory=list)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SlotsOrder:
    buyer: str
    ids: frozenset[UUID]


@dataclass(slots=True)
class LooseSlots:
    buyer: str


class StructOrder(msgspec.Struct):
    buyer: str
    at: dt.time


@dataclass
class Card:
    kind: Literal["card"]
    number: str


@dataclass
class Cash:
    kind: Literal["cash"]


@dataclass
class Payment:
    way: Card | Cash


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ID = UUID(int=7)
VALUES = [
    PydanticOrder(buyer="ada", total=Decimal("9.90"), placed=NOON, id=ID),
    PydanticOrder(
        buyer="ada",
        total=Decimal(1),
        placed=NOON,
        id=ID,
        color=Color.BLUE,
        lines=[PydanticLine(sku="a"), PydanticLine(sku="b", amount=1)],
        tags={"x", "y"},
        seal=b"\0\xff",
        prices={"a": 1.5},
    ),
    DataclassOrder(
        "ada", dt.date(2026, 11, 20), dt.timedelta(seconds=1), {Color.RED, Color.BLUE}, [DataclassLine("a")]
    ),
    SlotsOrder("ada", frozenset({ID, UUID(int=8)})),
    LooseSlots("ada"),
    StructOrder("ada", dt.time(12, 30)),
    Payment(Card("card", "4")),
    Payment(Cash("cash")),
]
MODELS = (PydanticLine, PydanticOrder, DataclassLine, DataclassOrder, SlotsOrder, LooseSlots, StructOrder)
CLASSES = (Color, *MODELS, Card, Cash, Payment)


def leaving(model: Any, *classes: type | str, writes: int = 1, **options: Any) -> Schema[Any]:
    keys = {"lines": "sku"} if "lines" in getattr(model, "__annotations__", ()) else {}
    limits = options.pop("limits", Limits())
    return Schema(
        "shop.order",
        model,
        Version(1, codec=Pickle(*(classes or CLASSES), **options), framing="bare"),
        Version(2, codec="json", framing="envelope"),
        writes=writes,
        keys=keys,
        limits=limits,
    )


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", VALUES, ids=[f"{index}-{type(value).__name__}" for index, value in enumerate(VALUES)])
def test_what_a_service_pickled_is_read(value: Any, protocol: int) -> None:
    schema = leaving(type(value))
    back = schema.loads(pickle.dumps(value, protocol))
    assert back == value
    if isinstance(value, BaseModel):
        assert back.model_fields_set == value.model_fields_set


def test_an_edit_writes_the_next_version() -> None:
    schema = leaving(DataclassOrder, writes=2)
    document = schema.read(pickle.dumps(VALUES[2]))
    with document.edit() as order:
        order.buyer = "grace"
    record = schema.write(document)
    assert schema.loads(record).buyer == "grace"
    assert schema.identify(record).version == 2


def test_nothing_is_written_as_a_pickle() -> None:
    schema = leaving(LooseSlots)
    with pytest.raises(UnwritableValueError, match="go on pickling as before"):
        schema.dumps(LooseSlots("ada"))


def test_a_class_that_is_gone_is_named() -> None:
    pickled = pickle.dumps(LooseSlots("ada")).replace(b"LooseSlots", b"FormerName")
    with pytest.raises(PayloadError, match="FormerName`, which is not listed"):
        leaving(LooseSlots).loads(pickled)
    assert leaving(LooseSlots, f"{__name__}.FormerName").loads(pickled) == LooseSlots("ada")


def test_names_may_differ_and_caches_are_no_data() -> None:
    pickled = pickle.dumps({"Buyer": "ada", "_cache": object})
    schema = leaving(LooseSlots, LooseSlots, names={"buyer": "Buyer"}, ignore=("_cache",))
    with pytest.raises(PayloadError, match=r"`builtins\.object`, which is not listed"):
        schema.loads(pickled)
    pickled = pickle.dumps({"Buyer": "ada", "_cache": 1})
    assert schema.loads(pickled) == LooseSlots("ada")
    with pytest.raises(PayloadError, match="holds an attribute `_cache`"):
        leaving(LooseSlots, LooseSlots, names={"buyer": "Buyer"}).loads(pickled)


def test_an_older_shape_is_read_by_its_own_names() -> None:
    @dataclass
    class Renamed:
        customer: str

    schema = Schema(
        "shop.order",
        Renamed,
        Version(1, codec=Pickle(LooseSlots), framing="bare"),
        Version(2, rename("buyer", "customer"), codec="json", framing="envelope"),
        writes=2,
    )
    assert schema.loads(pickle.dumps(LooseSlots("ada"))) == Renamed("ada")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (DataclassOrder(1, dt.date(2026, 1, 1), dt.timedelta(0)), "buyer"),  # type: ignore[arg-type]
        (DataclassOrder("a", NOON, dt.timedelta(0)), "day"),
        (DataclassOrder("a", dt.date(2026, 1, 1), dt.timedelta(0), {"green"}), "colors[0]"),  # type: ignore[arg-type]
        (
            DataclassOrder("a", dt.date(2026, 1, 1), dt.timedelta(0), set(), [DataclassLine("a", True)]),
            "lines[0].amount",
        ),
        ({"buyer": "a"}, "day"),
    ],
)
def test_values_of_other_types_are_refused_with_their_place(value: Any, path: str) -> None:
    with pytest.raises(PayloadError) as caught:
        leaving(DataclassOrder).loads(pickle.dumps(value))
    assert caught.value.path == path


class Attack:
    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize(
    "attack",
    [
        Attack(subprocess.run, ["true"]),
        Attack(eval, "1"),
        Attack(getattr, "x", "upper"),
        Attack(Decimal, "1" * 5_000),
        Attack(DataclassOrder),
        {"buyer": Attack(exec, "raise SystemExit")},
    ],
)
def test_nothing_is_run(attack: Any) -> None:
    with pytest.raises(ReadError):
        leaving(DataclassOrder).loads(pickle.dumps(attack))


def test_a_listed_class_is_not_run_either() -> None:
    ran = []

    class Loud:
        def __init__(self, buyer: str) -> None:
            ran.append(buyer)

        def __setstate__(self, state: Any) -> None:
            ran.append(state)

    Loud.__qualname__ = "LooseSlots"  # what a pickle may name is the listed class
    schema = leaving(LooseSlots, LooseSlots)
    pickled = (
        b"\x80\x04\x8c"
        + bytes([len(__name__)])
        + __name__.encode()
        + b"\x8c\x0aLooseSlots\x93)R}\x8c\x05buyer\x8c\x03adasb."
    )
    assert schema.loads(pickled) == LooseSlots("ada")
    assert ran == []


@pytest.mark.parametrize(
    ("name", "pickled"),
    [
        ("bytearray before its bytes", b"\x80\x05\x96" + (2**40).to_bytes(8, "little") + b"."),
        ("memo far away", b"\x80\x02}r\xff\xff\xff\x7f."),
        ("persistent", b"\x80\x02X\x01\0\0\0aQ."),
        ("extension", b"\x80\x02\x82\x01."),
        ("state of a function", b"\x80\x02cdecimal\nDecimal\n}X\x01\0\0\0aK\x01sb."),
        ("deep tuple as key", b"\x80\x02})" + b"\x85" * 200_000 + b"K\x01s."),
        ("deep tuple in a set", b"\x80\x04\x8f()" + b"\x85" * 200_000 + b"\x90."),
        ("deep tuple in a frozenset", b"\x80\x04()" + b"\x85" * 200_000 + b"\x91."),
        ("deep tuple in a dict", b"\x80\x02()" + b"\x85" * 200_000 + b"K\x01d."),
        ("deep tuple in two", b"\x80\x02}()" + b"\x85" * 200_000 + b"K\x01u."),
        ("deep tuple in a called set", b"\x80\x02c__builtin__\nset\n])" + b"\x85" * 200_000 + b"a\x85R."),
        ("trailing", pickle.dumps({"buyer": "ada"}) + b"."),
        ("empty", b"\x80\x02."),
        ("cut", pickle.dumps({"buyer": "ada"})[:-1]),
    ],
)
def test_hostile_pickles_are_refused(name: str, pickled: bytes) -> None:
    with pytest.raises(ReadError):
        leaving(LooseSlots).loads(pickled)


def test_what_is_said_once_and_used_often_is_counted_each_time() -> None:
    shared: list[Any] = [1] * 1_000
    for _ in range(4):
        shared = [shared] * 1_000

    @dataclass
    class Loose:
        buyer: Any

    with pytest.raises(LimitError) as caught:
        leaving(Loose).loads(pickle.dumps({"buyer": shared}))
    assert caught.value.limit == "max_items"
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    with pytest.raises(LimitError) as caught:
        leaving(Loose).loads(pickle.dumps({"buyer": cyclic}))
    assert caught.value.limit == "max_depth"
    sets = b"\x80\x02c__builtin__\nset\nq\x01](" + b"K\x01" * 1_000 + b"e\x85q\x020" + b"h\x01h\x02R0" * 2_000 + b"}."
    with pytest.raises(LimitError):
        leaving(Loose, limits=Limits(max_items=1_000_000)).loads(sets)


@given(st.binary(max_size=60), st.randoms(use_true_random=False))
def test_no_bytes_give_anything_but_our_errors(noise: bytes, rng: random.Random) -> None:
    schema = leaving(PydanticOrder)
    pickled = bytearray(pickle.dumps(VALUES[1]))
    for _ in range(rng.randrange(1, 6)):
        pickled[rng.randrange(len(pickled))] = rng.randrange(256)
    at = rng.randrange(len(pickled))
    for data in (bytes(pickled), noise, b"\x80\x04" + noise, bytes(pickled[:at]) + noise + bytes(pickled[at:])):
        with contextlib.suppress(ReadError):
            schema.loads(data)


def test_it_is_refused_by_its_name_and_where_a_tag_would_name_it() -> None:
    for codec in ("pickle", Pickle(LooseSlots)):
        with pytest.raises(DeclarationError, match=r"list of the classes|no tag names it"):
            Schema("shop.order", LooseSlots, Version(1, codec=codec, framing="envelope"))
