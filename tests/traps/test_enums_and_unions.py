"""Unknown members stay where they are; a union and a oneof are one slot."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

import pytest
from google.protobuf.message import Message

from tests.protos.build import classes
from versioned_serde import ReadError, Schema, Version, add, widen_enum, within

CODECS = ["json", "msgpack", "xml", "cbor"]


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Newer(enum.Enum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


@dataclass
class Paint:
    colors: list[Color | str]
    first: Color | str


@dataclass
class NewerPaint:
    colors: list[Newer | str]
    first: Newer | str


def paints(codec: str) -> tuple[Schema[Paint], Schema[NewerPaint]]:
    first = Version(1, codec=codec, framing="envelope")
    steps = (widen_enum("colors", Newer.GREEN), widen_enum("first", Newer.GREEN))
    return Schema("paint", Paint, first), Schema("paint", NewerPaint, first, Version(2, *steps), writes=2)


@pytest.mark.parametrize("codec", CODECS)
def test_unknown_enum_members_stay_in_place_and_in_order(codec: str) -> None:
    old, new = paints(codec)
    order = [Newer.GREEN, Newer.RED, Newer.GREEN, Newer.BLUE, Newer.GREEN]
    document = old.read(new.dumps(NewerPaint(list(order), Newer.GREEN)))
    assert document.value.colors == ["green", Color.RED, "green", Color.BLUE, "green"]
    with document.edit() as paint:
        paint.colors[1] = Color.BLUE
    back = new.loads(old.write(document))
    assert back == NewerPaint([Newer.GREEN, Newer.BLUE, Newer.GREEN, Newer.BLUE, Newer.GREEN], Newer.GREEN)


ENUM = """
message Paint
repeated Color colors = 1
enum Color RED=0 BLUE=1
"""


def test_unknown_members_of_an_open_protobuf_enum_stay_in_place_and_in_order() -> None:
    paint = classes(ENUM)["Paint"]
    schema: Schema[Message] = Schema("paint", paint, Version(1, codec="protobuf", framing="bare"))
    document = schema.read(bytes((0x0A, 5, 2, 0, 2, 1, 2)))
    with document.edit() as message:
        message.colors[1] = 1  # type: ignore[attr-defined]
    assert schema.write(document) == bytes((0x0A, 5, 2, 1, 2, 1, 2))


def test_a_closed_protobuf_enum_in_a_list_would_reorder_and_is_refused_rather_than_written() -> None:
    # Proto2 puts unknown members behind the message, as unknown fields: their places are lost. So a record in which
    # that happened is not read; an enum that may grow is declared in proto3.
    paint = classes(ENUM, syntax="proto2")["Paint"]
    schema: Schema[Message] = Schema("paint", paint, Version(1, codec="protobuf", framing="bare"))
    known = bytes((8, 0, 8, 1))
    assert list(schema.loads(known).colors) == [0, 1]  # type: ignore[attr-defined]
    with pytest.raises(ReadError):
        schema.loads(bytes((8, 2, 8, 0, 8, 2, 8, 1)))


@dataclass
class Card:
    kind: Literal["card"]
    number: int


@dataclass
class Cash:
    kind: Literal["cash"]
    change: int


@dataclass
class Payment:
    way: Card | Cash


@pytest.mark.parametrize("codec", CODECS)
def test_a_union_is_one_slot(codec: str) -> None:
    schema = Schema("payment", Payment, Version(1, codec=codec, framing="bare"))
    document = schema.read(with_unknown(codec))
    assert "way.gift" in document.unknown
    with document.edit() as payment:
        payment.way = Cash("cash", 2)
    assert schema.write(document) == schema.dumps(Payment(Cash("cash", 2))), "what was unknown in the other arm is gone"


@dataclass
class NewerCard:
    kind: Literal["card"]
    number: int
    gift: str


@dataclass
class NewerPayment:
    way: NewerCard | Cash


def with_unknown(codec: str) -> bytes:
    """A record with an attribute more, `gift`, in the union."""
    newer = Schema("payment", NewerPayment, Version(1, codec=codec, framing="bare"))
    return newer.dumps(NewerPayment(NewerCard("card", 1, "x")))


ONEOF = """
message Payment
string card = 1 in way
string cash = 2 in way
"""


def test_a_oneof_is_one_slot() -> None:
    payment = classes(ONEOF)["Payment"]
    schema: Schema[Message] = Schema("payment", payment, Version(1, codec="protobuf", framing="bare"))
    document = schema.read(payment(card="4").SerializeToString())
    with document.edit() as message:
        message.cash = "7"  # type: ignore[attr-defined]
    assert schema.write(document) == payment(cash="7").SerializeToString()


@pytest.mark.parametrize(
    ("change", "raises"), [("string coupon = 3 in way", True), ("string coupon = 3", False)], ids=["oneof", "beside"]
)
def test_a_member_more_of_a_oneof_takes_two_releases(change: str, raises: bool) -> None:
    # A host that does not know the new member cannot evict it: both would be in the record, and the later one wins.
    newer = classes(ONEOF + change)["Payment"]
    schema: Schema[Message] = Schema(
        "payment", newer, Version(1, codec="protobuf", framing="envelope"), Version(2, add("coupon")), writes=1
    )
    assert schema.lines[1].min_reader == (2 if raises else 1)
    assert schema.lines[1].raised_by == (("other members of the oneof `way`",) if raises else ())


def test_the_members_of_a_nested_oneof_count_too() -> None:
    newer = classes(ONEOF + "string coupon = 3 in way\nmessage Order\nrepeated Payment paid = 1")["Order"]
    schema: Schema[Message] = Schema(
        "order",
        newer,
        Version(1, codec="protobuf", framing="envelope"),
        Version(2, within("paid", add("coupon"))),
        writes=1,
        keys={"paid": "card"},
    )
    assert schema.lines[1].min_reader == 2
