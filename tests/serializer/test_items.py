"""`Limits.max_items`, in all codecs and on all ways of reading and writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protos.build import classes
from versioned_serde import LimitError, Limits, ReadError, Schema, UnwritableValueError, Version
from versioned_serde.adapters.protobuf_items import exceeds
from versioned_serde.adapters.protobuf_messages import parsed
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.envelope.inline import split
from versioned_serde.errors import KeylessListWarning, PayloadError

pytestmark = pytest.mark.filterwarnings(f"ignore::{KeylessListWarning.__module__}.{KeylessListWarning.__name__}")
MESSAGES = classes(
    """
    message Part
    int32 size = 1
    message Bag
    repeated int32 numbers = 1
    repeated string words = 2
    map int32 sizes = 3
    repeated Part parts = 4
    repeated fixed32 fours = 5
    repeated double eights = 6
    """
)


@dataclass
class Bag:
    numbers: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


class BagModel(pydantic.BaseModel):
    numbers: list[int] = []
    words: list[str] = []
    sizes: dict[str, int] = {}


class BagStruct(msgspec.Struct):
    numbers: list[int] = []
    words: list[str] = []
    sizes: dict[str, int] = {}


MODELS: list[Any] = [Bag, BagModel, BagStruct]
CODECS: dict[str, Any] = {"json": "json", "msgpack": "msgpack", "xml": "xml", "protobuf": Protobuf(MESSAGES["Bag"])}


def schema(model: Any, codec: Any, most: int, framing: Any = "envelope") -> Schema[Any]:
    return Schema("a.bag", model, Version(1, codec=codec, framing=framing), limits=Limits(max_items=most))


def outcome(function: Callable[[Any], Any], value: Any) -> Any:
    try:
        return function(value)
    except (ReadError, UnwritableValueError) as error:
        return type(error), getattr(error, "limit", None), str(error)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("model", MODELS)
def test_one_item_more_is_neither_read_nor_written(model: Any, codec: str) -> None:
    # 3 members, 5 elements, 2 elements, 2 members. A packed field is one item and its elements; another one is not.
    value = model(numbers=[1, 2, 3, 4, 5], words=["a,b", '"[{'], sizes={"a": 1, "<": 2})
    items = 10 if codec == "protobuf" else 12
    large, exact, small = (schema(model, CODECS[codec], most) for most in (1_000, items, items - 1))
    record = large.dumps(value)
    assert exact.dumps(value) == record
    assert exact.loads(record) == value
    assert exact.read(record).value == value
    for read in (small.loads, small.read):
        with pytest.raises(LimitError, match=f"more than {items - 1} list elements") as caught:
            read(record)
        assert caught.value.limit == "max_items"
    for write in (small.dumps, small.pack):
        with pytest.raises(UnwritableValueError, match=r"every reader refuses it\. Split the value, or raise"):
            write(value)


@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 500])
def test_all_ways_agree(model: Any, codec: str, count: int) -> None:
    bounded, unbounded = schema(model, codec, 9), schema(model, codec, 10**9)
    value = model(words=["x" * 50, ",[{"], numbers=list(range(count)))
    record = unbounded.dumps(value)
    pure = outcome(lambda data: bounded._compiled.reader.read(data, None)[0].version, record)
    read = outcome(bounded.loads, record)
    assert read == (value if pure == 1 else pure)
    assert outcome(bounded.dumps, value) == outcome(lambda value: bounded._packed_by_tree(value).payload, value)


def test_commas_in_text_are_no_items() -> None:
    bag = schema(BagModel, "json", 10)
    value = BagModel(words=["," * 1_000, "[]{}" * 100, '\\"' * 99])
    assert bag.loads(bag.dumps(value)) == value


@pytest.mark.parametrize("codec", CODECS)
def test_unknown_parts_count(codec: str) -> None:
    known, unknown = b"", b""
    match codec:
        case "json":
            known, unknown = b'{"numbers":[1]}', b'{"gift":[[],{},{"a":1}]}'
        case "msgpack":
            known, unknown = (
                msgspec.msgpack.encode({"numbers": [1]}),
                msgspec.msgpack.encode({"gift": [[], {}, {"a": 1}]}),
            )
        case "xml":
            known = b"<record><numbers><item>1</item></numbers></record>"
            unknown = b"<record><gift><a/><!----><b><?c?></b></gift></record>"
        case "protobuf":
            known, unknown = (
                b"\x0a\x01\x01",
                b"\x78\x01\x7b\x08\x01\x08\x01\x7c\x7a\x01\x01",
            )  # a number, a group, bytes
    assert schema(Bag, CODECS[codec], 5, "bare").loads(known).numbers == [1]
    assert schema(Bag, CODECS[codec], 5, "bare").read(unknown).unknown
    with pytest.raises(LimitError):
        schema(Bag, CODECS[codec], 4, "bare").read(unknown)


def test_the_tag_of_an_inline_record_does_not_count() -> None:
    bag = schema(BagModel, "json", 4, "inline")
    record = bag.dumps(BagModel(numbers=[1, 2, 3]))
    assert bag.loads(record).numbers == bag.loads(b" " + record).numbers == [1, 2, 3]
    with pytest.raises(LimitError):
        bag.loads(record[:-2] + b",4]}")
    # Many members around a tag are not even looked through.
    many = record[:-1] + b"".join(b',"%d":1' % number for number in range(40)) + b"}"
    with pytest.raises(LimitError, match="more than 4"):
        split(many, Limits(max_items=4))
    assert split(many, Limits(max_items=50)) is not None


@pytest.mark.parametrize(("codec", "model"), [("msgpack", BagStruct), ("protobuf", MESSAGES["Bag"])])
def test_a_library_s_own_encoder_writes_no_more_either(codec: str, model: Any) -> None:
    def trusting(most: int) -> Schema[Any]:
        version = Version(1, codec=codec, framing="envelope")
        return Schema("a.bag", model, version, limits=Limits(max_items=most), trusted=True)

    value, items = model(words=["a", "b", "c"]), 6 if codec == "msgpack" else 3
    assert trusting(items).loads(trusting(items).dumps(value)) == value
    for write in (trusting(items - 1).dumps, trusting(items - 1).pack):
        with pytest.raises(UnwritableValueError, match=f"more than {items - 1} "):
            write(value)


class Anything(pydantic.BaseModel):
    one: Any = None
    other: Any = None


def test_json_texts_in_xml_are_counted_together() -> None:
    ten = list(range(10))
    value = Anything(one=ten, other=ten)
    record = schema(Anything, "xml", 100).dumps(value)
    assert schema(Anything, "xml", 20).loads(record) == value
    for most in (19, 10):
        with pytest.raises(LimitError):
            schema(Anything, "xml", most).loads(record)
        with pytest.raises(UnwritableValueError):
            schema(Anything, "xml", most).dumps(value)


@pytest.mark.parametrize(
    ("payload", "items"),
    [
        (b"<record>" + b'<x a="1" b="2"/>' * 5 + b"</record>", 5),
        (b'<record><x a="1" b="2" c="3" d="4"/></record>', 3),
        (b"<record><![CDATA[<<<<<<<<]]><x/></record>", 1),
        (b"<record><x>======,,,,,,</x></record>", 1),
    ],
)
def test_what_an_item_is_in_xml(payload: bytes, items: int) -> None:
    def refused(most: int) -> bool:
        read = outcome(schema(Bag, "xml", most, "bare").loads, payload)
        return isinstance(read, tuple) and read[1] == "max_items"

    assert [refused(items - 1), refused(items)] == [True, False]


@pytest.mark.parametrize(
    ("payload", "items"),
    [
        (b"\x0a\x04\x01\x02\x80\x01", 4),  # packed varints
        (b"\x08\x01\x08\x02", 2),  # not packed
        (b"\x2a\x08" + b"\x01\0\0\0" * 2, 3),
        (b"\x32\x10" + b"\0" * 16, 3),
        (b"\x22\x00\x22\x02\x08\x01", 3),
        (b"\x1a\x05\x0a\x01a\x10\x01", 1),  # a map's entry
        (b"\x1a\x07\x0a\x01a\x10\x01\x10\x02", 2),  # with its value twice
        (b"\x1a\x00\x1a\x00", 2),
        (b"\x53\x54\x53\x08\x01\x54", 3),  # unknown groups
        (b"\xfa\xff\xff\xff\x0f\x0b" + b'{"extra":1}', 2),  # notes
    ],
)
def test_what_an_item_is_in_protobuf(payload: bytes, items: int) -> None:
    def refused(most: int) -> bool:
        read = outcome(schema(MESSAGES["Bag"], "protobuf", most, "bare").read, payload)
        return isinstance(read, tuple) and read[1] == "max_items"

    assert [refused(items - 1), refused(items)] == [True, False]


@pytest.mark.parametrize(
    "payload",
    [
        b"\x0f\x00",
        b"\x0a\x7f\x00",
        b"\x54",
        b"\x53\x5c",
        b"\x53\x08\x01",
        b"\x80" * 11,
        b"\x22\x02\x0a\x05",
        b"\x09\x00",
    ],
)
def test_a_malformed_message_is_refused_in_the_same_way(payload: bytes) -> None:
    strict, lax = (schema(MESSAGES["Bag"], "protobuf", most, "bare") for most in (0, 1_000))
    refused = outcome(strict.loads, payload)
    assert refused[1] == "max_items" or refused == outcome(lax.loads, payload)


_fields = st.sampled_from(
    [b"\x0a\x02", b"\x12\x01", b"\x1a\x05\x0a\x01", b"\x22\x02", b"\x53", b"\x54", b"\x7a\x03", b"\x08"]
)


@given(st.lists(_fields | st.binary(max_size=4), max_size=12).map(b"".join))
def test_what_upb_takes_is_counted(payload: bytes) -> None:
    try:
        parsed(MESSAGES["Bag"], payload)
    except PayloadError:
        return
    counts = [exceeds(payload, MESSAGES["Bag"].DESCRIPTOR, most) for most in range(len(payload) + 1)]
    assert counts == sorted(counts, reverse=True)  # never an error, and no more than one boundary


def test_the_direct_way_takes_a_large_record_that_is_within_the_bound() -> None:
    bag = schema(BagModel, "json", 1_000)
    record = bag.dumps(BagModel(numbers=list(range(900)), words=["x" * 5_000]))
    decoder = bag._compiled.decoders.get(1)
    if decoder is not None:  # on the pure path there is none
        assert decoder.decode(bag._compiled.reader.identify(record, None)[1]) is not None
    assert json.loads(bag._compiled.reader.identify(record, None)[1])["numbers"] == list(range(900))
