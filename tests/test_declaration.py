"""A declaration that cannot be right is refused at once, with a text that says how to mend it.

The texts are frozen in `declaration_errors.txt`, one line a case, so that they are read as a whole when one changes.
"""

from __future__ import annotations

import decimal
import enum
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from versioned_serde import (
    Census,
    CloudEvents,
    Confluent,
    DeclarationError,
    KeylessListWarning,
    Parameter,
    Registry,
    Schema,
    SingleObject,
    Version,
    add,
    merge,
    move,
    redefault,
    rekey,
    remove,
    rename,
    replace,
    retype,
    retype_each,
    split,
    widen_enum,
    within,
)
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.evolution.steps.step import Step

FROZEN = Path(__file__).with_name("declaration_errors.txt")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Line:
    sku: str
    parts: list[str] = field(default_factory=list)


@dataclass
class Order:
    buyer: str
    total: Decimal
    note: str | None = None
    color: Color = Color.RED
    line: Line | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Foreign:
    context: decimal.Context


@dataclass
class Endless:
    next: Endless


@dataclass
class Dollar:
    amount: int = field(metadata={"name": "$amount"})


@dataclass
class Opened:
    color: Color | str


@dataclass
class Old:
    who: str


@dataclass
class Mixed:
    value: int | str


V1 = Version(1, codec="json", framing="envelope")


def order(*versions: Version, name: str = "shop.order", **options: Any) -> Schema[Order]:
    return Schema(name, Order, *versions, **{"keys": {"lines": "sku"}, **options})


def message_without_presence() -> Any:
    """`message Old { string note = 1; }`, which does not have the attribute `who`."""
    file = descriptor_pb2.FileDescriptorProto(name="old.proto", syntax="proto3")
    file.message_type.add(name="Old").field.add(name="note", number=1, type=9, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Old"))


def apart(text: str) -> tuple[str, ...]:
    return tuple(text.split())


RESHAPING: dict[str, Step] = {
    "split unknown part": split("full", into=("buyer", "last"), was=str, up=apart, down=str),
    "split still there": split("note", into=("buyer", "total"), was=str, up=apart, down=str),
    "split one part": split("full", into=("buyer",), was=str, up=apart, down=str),
    "split computed part": split("full", into=("buyer", "lines"), was=str, up=apart, down=str),
    "split default type": split("full", into=("buyer", "note"), was=str, up=apart, down=str, default=5),
    "split default fails": split("full", into=("note", "line"), was=str, up=apart, down=lambda note, line: note[9]),
    "merge twice the same": merge(("a", "a"), into="buyer", was=(str, str), up=str, down=apart),
    "merge unknown": merge(("a", "b"), into="whole", was=(str, str), up=str, down=apart),
    "merge still there": merge(("a", "note"), into="buyer", was=(str, str), up=str, down=apart),
    "merge few types": merge(("a", "b"), into="buyer", was=(str,), up=str, down=apart),
    "merge few defaults": merge(("a", "b"), into="buyer", was=(str, str), up=str, down=apart, default=("",)),
    "merge computed": merge(("a", "b"), into="lines", was=(str, str), up=str, down=apart),
    "merge default fails": merge(("a", "b"), into="note", was=(str, str), up=str, down=lambda note: note[9]),
    "move is a rename": move("customer", "buyer"),
    "move within one object": move("line.code", "line.sku"),
    "move into a list": move("sku", "lines.sku"),
    "move unknown": move("code", "line.skuu"),
    "move unknown object": move("ship.to.name", "buyer"),
    "move still there": move("buyer", "line.parts"),
    "move required into null": move("sku", "line.sku"),
    "move needs an object": move("line.remark", "note"),
    "retype_each no list": retype_each("buyer", was=int, up=str, down=int),
    "retype_each same": retype_each("lines", was=Line, up=str, down=int),
    "rekey no map": rekey("buyer", up=str, down=str),
}

CASES: dict[str, Callable[[], object]] = {
    "no versions": order,
    "name": lambda: order(V1, name="shop order"),
    "gap": lambda: order(V1, Version(3, add("note")), writes=1),
    "dup": lambda: order(V1, Version(1, add("note")), writes=1),
    "zero": lambda: order(Version(0, codec="json", framing="envelope")),
    "first no codec": lambda: order(Version(1, framing="envelope")),
    "first steps": lambda: order(Version(2, add("note"), codec="json", framing="envelope")),
    "later min_reader": lambda: order(V1, Version(2, add("note"), min_reader=1), writes=1),
    "min_reader high": lambda: order(Version(2, codec="json", framing="envelope", min_reader=3)),
    "open step": lambda: order(V1, Version(2, ...), writes=1),  # type: ignore[arg-type]
    "open fill": lambda: order(V1, Version(2, add("note"), add("color", fill=...)), writes=1),
    "open way": lambda: order(V1, Version(2, retype("buyer", was=int, up=..., down=int)), writes=1),  # type: ignore[arg-type]
    "open within": lambda: order(V1, Version(2, within("lines", add("sku"), ...)), writes=1),  # type: ignore[arg-type]
    "view writes": lambda: order(V1, view=True, writes=1),
    "view min_reader": lambda: order(V1, Version(2, min_reader=3), view=True),
    "nothing": lambda: order(V1, Version(2), writes=1),
    "same codec again": lambda: order(V1, Version(2, codec="json"), writes=1),
    "two bare": lambda: order(Version(1, codec="json", framing="bare"), Version(2, add("note")), writes=1),
    "bare and headers": lambda: order(
        Version(1, codec="json", framing="bare"), Version(2, framing="headers"), writes=1
    ),
    "bare and inline": lambda: order(Version(1, codec="json", framing="bare"), Version(2, framing="inline"), writes=1),
    "bare and inline, found some": lambda: order(
        Version(1, codec="json", framing="bare"),
        Version(2, framing="inline", census=Census(50, 2, "2026-11-20T08:00:00+00:00")),
        writes=1,
    ),
    "census without need": lambda: order(V1, Version(2, framing="inline", census=Census(0, 0, "2026-11-20T08:00Z"))),
    "census of a negative number": lambda: Census(-1, 0, "2026-11-20T08:00Z"),
    "census without a zone": lambda: Census(1, 0, "2026-11-20T08:00"),
    "bare and foreign": lambda: order(
        Version(1, codec="json", framing="bare"), Version(2, framing=Confluent(57)), writes=1
    ),
    "foreign twice": lambda: order(Version(1, codec="json", framing=Confluent(57)), Version(2, add("note")), writes=1),
    "foreign within foreign": lambda: order(
        Version(1, codec="json", framing=Confluent(57)), Version(2, framing=Confluent(57, (0,))), writes=1
    ),
    "foreign with checksum": lambda: order(Version(1, codec="json", framing=Confluent(57), checksum=True)),
    "confluent id": lambda: Confluent(-1),
    "confluent message": lambda: Confluent(1, (-1,)),
    "single-object fingerprint": lambda: SingleObject(b"short"),
    "cloudevents without a schema": lambda: CloudEvents(""),
    "cloudevents binding": lambda: CloudEvents("urn:order:1", binding="amqp"),  # type: ignore[arg-type]
    "presence": lambda: order(V1, presence="some"),
    "inline msgpack": lambda: order(Version(1, codec="msgpack", framing="inline")),
    "checksum bare": lambda: order(Version(1, codec="json", framing="bare", checksum=True)),
    "framing unknown": lambda: order(Version(1, codec="json", framing="enveloppe")),  # type: ignore[arg-type]
    "codec unknown": lambda: order(Version(1, codec="jsonn", framing="envelope")),
    "coding unknown": lambda: order(Version(1, codec="json", coding="brotli", framing="envelope")),
    "writes missing": lambda: order(V1, Version(2, add("note"))),
    "writes unlisted": lambda: order(V1, Version(2, add("note")), writes=3),
    "two raising": lambda: order(V1, Version(2, rename("customer", "buyer")), Version(3, codec="msgpack"), writes=1),
    "step unknown attribute": lambda: order(V1, Version(2, add("notes")), writes=1),
    "rename target unknown": lambda: order(V1, Version(2, rename("a", "b")), writes=1),
    "rename old still there": lambda: order(V1, Version(2, rename("total", "buyer")), writes=1),
    "remove still there": lambda: order(V1, Version(2, remove("note", was=str | None)), writes=1),
    "remove required": lambda: order(V1, Version(2, remove("fax", was=str)), writes=1),
    "remove default and fill": lambda: order(V1, Version(2, remove("fax", was=str, default="", fill="")), writes=1),
    "add required": lambda: order(V1, Version(2, add("buyer")), writes=1),
    "add fill differs": lambda: order(V1, Version(2, add("note", fill="x")), writes=1),
    "add fill type": lambda: order(V1, Version(2, add("buyer", fill=5)), writes=1),
    "reused": lambda: order(
        V1,
        Version(2, rename("buyer", "note2")),
        Version(3, remove("note2", was=str, fill=""), add("buyer", fill="")),
        writes=2,
    ),
    "reserved": lambda: order(V1, reserved=["note"]),
    "dollar": lambda: Schema("shop.x", Dollar, V1),
    "retype same": lambda: order(V1, Version(2, retype("total", was=Decimal, up=int, down=int)), writes=1),
    "redefault same": lambda: order(V1, Version(2, redefault("note", was=None)), writes=1),
    "redefault type": lambda: order(V1, Version(2, redefault("note", was=5)), writes=1),
    "retype twice": lambda: order(
        V1,
        Version(
            2,
            retype("amount", was=int, up=str, down=int),
            rename("amount", "sum"),
            retype("sum", was=str, up=Decimal, down=str),
            rename("sum", "total"),
        ),
        writes=1,
    ),
    "replace around within": lambda: order(
        V1,
        Version(
            2,
            replace(was=Old, up=dict, down=dict),
            within("lines", rename("code", "sku")),
        ),
        writes=1,
    ),
    "within by two places": lambda: order(
        V1,
        Version(
            2,
            within("lines", retype("sku", was=int, up=str, down=int)),
            within(Line, retype("sku", was=bytes, up=int, down=bytes)),
        ),
        writes=1,
    ),
    "widen not enum": lambda: order(V1, Version(2, widen_enum("note", "x")), writes=1),
    "widen unknown": lambda: order(V1, Version(2, widen_enum("color", "green")), writes=1),
    "widen closed": lambda: order(V1, Version(2, widen_enum("color", "blue")), writes=1),
    "widen down gaps": lambda: order(V1, Version(2, widen_enum("color", "blue", down={"blue": "green"})), writes=1),
    "widen opens with a mapping": lambda: Schema(
        "shop.x",
        Opened,
        V1,
        Version(2, widen_enum("color", "blue", down={Color.BLUE: Color.RED}, was_closed=True)),
        writes=1,
    ),
    "widen all": lambda: order(V1, Version(2, widen_enum("color", "blue", "red", down={"blue": "red"})), writes=1),
    "widen none": lambda: order(V1, Version(2, widen_enum("color")), writes=1),
    "widen default": lambda: order(V1, Version(2, widen_enum("color", "red", down={"red": "blue"})), writes=1),
    "within nothing": lambda: order(V1, Version(2, within("note", add("sku", fill=""))), writes=1),
    "within empty": lambda: order(V1, Version(2, within("lines")), writes=1),
    "within wrong": lambda: order(V1, Version(2, within(Line, add("skuu"))), writes=1),
    "replace not object": lambda: order(V1, Version(2, replace(was=int, up=dict, down=dict)), writes=1),
    "replace same": lambda: order(V1, Version(2, replace(was=Order, up=dict, down=dict)), writes=1),
    **{
        name: lambda step=step: order(V1, Version(2, step), writes=1)  # type: ignore[misc]
        for name, step in RESHAPING.items()
    },
    "foreign": lambda: Schema("shop.x", Foreign, V1),
    "not a model": lambda: Schema("shop.x", int, V1),
    "not a model 2": lambda: Schema("shop.x", decimal.Context, V1),
    "endless": lambda: Schema("shop.x", Endless, V1),
    "was foreign": lambda: order(V1, Version(2, remove("fax", was=decimal.Context)), writes=1),
    "keys no list": lambda: order(V1, keys={"note": "sku"}),
    "keys no attr": lambda: order(V1, keys={"lines": "parts"}),
    "model differs": lambda: order(
        Version(1, codec="json", framing="envelope", model=Old), Version(2, rename("who", "buyer")), writes=1
    ),
    "union of scalars": lambda: Schema("shop.x", Mixed, V1),
    "min_reader low": lambda: order(Version(2, codec="json", framing="envelope", min_reader=0)),
    "protobuf without class": lambda: Schema("shop.x", Old, Version(1, codec="protobuf", framing="envelope")),
    "protobuf without field": lambda: Schema(
        "shop.x", Old, Version(1, codec=Protobuf(message_without_presence()), framing="envelope")
    ),
    "registry twice": lambda: Registry(order(V1), order(V1)),
    "param gap": lambda: Parameter("shop.p", {1: 1, 3: 2}, kind="at_most", writes=1),
    "param kind": lambda: Parameter("shop.p", {1: 1}, kind="most", writes=1),  # type: ignore[arg-type]
    "param writes": lambda: Parameter("shop.p", {1: 1}, kind="at_most", writes=2),
    "param types": lambda: Parameter("shop.p", {1: 1, 2: "x"}, kind="one_of", writes=1),  # type: ignore[type-var]
    "param text": lambda: Parameter("shop.p", {1: "x"}, kind="at_most", writes=1),
    "param zero": lambda: Parameter("shop.p", {0: 1}, kind="at_most", writes=0),
    "param name": lambda: Parameter("shop p", {1: 1}, kind="at_most", writes=1),
}


def frozen() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in FROZEN.read_text().splitlines())


@pytest.mark.parametrize("name", CASES)
def test_the_declaration_is_refused_with_the_frozen_text(name: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        CASES[name]()
    assert str(caught.value) == frozen()[name]
    assert caught.value.hint, "every refusal says how to mend it"


def test_no_text_is_frozen_for_a_case_that_is_gone() -> None:
    assert frozen().keys() == CASES.keys()


def test_a_list_without_a_key_is_a_warning_that_names_the_line_of_the_declaration() -> None:
    with pytest.warns(KeylessListWarning) as caught:
        order(V1, keys={})
    assert len(caught) == 1
    assert str(caught[0].message) == (
        "shop.order: the list `lines` has no key, so an edit that moves and changes its elements at once can be refused"
        ' as ambiguous. Say `keys={"lines": ...}`.'
    )
    assert caught[0].filename == __file__


def test_a_declaration_that_is_right_says_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        order(V1, Version(2, add("note")), writes=1)
