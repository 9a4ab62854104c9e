"""Messages written by upb itself: the same records as by way of a tree, or none."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from hypothesis import given
from hypothesis import strategies as st

from tests.native.pairs import Pair, needs_native
from tests.protos.build import classes
from tests.protos.orders import ORDER
from versioned_serde import Limits
from versioned_serde.adapters.protobuf_messages import notes_field
from versioned_serde.adapters.protobuf_straight import declared_fields
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.native import declared_alone

pytestmark = needs_native
KNOWN = """
enum Size SMALL=0 LARGE=1
message Part
string sku = 1
optional int64 count = 2
repeated float weights = 3
message Thing
string name = 1
sint64 signed = 2
fixed32 four = 3
sfixed64 eight = 4
bool yes = 5
bytes raw = 6
float single = 7
double real = 8
Size size = 9
repeated uint32 numbers = 10
repeated string tags = 11
repeated Part parts = 12
optional Part part = 13
map Part by_sku = 14
map float prices = 15
string card = 16 in means
Part voucher = 17 in means
optional string note = 300
repeated Size sizes = 18
"""
MORE = KNOWN.replace("message Thing\n", "string later = 40\nmessage Thing\nPart coming = 30\nstring other = 301\n")
THING, LATER = classes(KNOWN)["Thing"], classes(MORE)["Thing"]
_texts = st.text(max_size=20)
_singles = st.floats(width=32)


def parts(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "sku": _texts,
            "count": st.integers(-(2**63), 2**63 - 1),
            "weights": st.lists(_singles, max_size=3),
            **more,
        },
    )


def things(later: bool) -> st.SearchStrategy[dict[str, Any]]:
    part = parts(later=_texts) if later else parts()
    optional: dict[str, st.SearchStrategy[Any]] = {
        "name": _texts,
        "signed": st.integers(-(2**63), 2**63 - 1),
        "four": st.integers(0, 2**32 - 1),
        "eight": st.integers(-(2**63), 2**63 - 1),
        "yes": st.booleans(),
        "raw": st.binary(max_size=300),
        "single": _singles,
        "real": st.floats(),
        "size": st.integers(-3, 3),
        "numbers": st.lists(st.integers(0, 2**32 - 1), max_size=4),
        "tags": st.lists(_texts, max_size=3),
        "parts": st.lists(part, max_size=3),
        "part": part,
        "by_sku": st.dictionaries(_texts, part, max_size=3),
        "prices": st.dictionaries(_texts, _singles, max_size=3),
        "card": _texts,
        "note": _texts,
        "sizes": st.lists(st.integers(0, 2), max_size=3),
    }
    if later:
        optional |= {"coming": part, "other": _texts}
    return st.fixed_dictionaries({}, optional=optional) | st.fixed_dictionaries({"voucher": part})


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair(THING, "protobuf")


@given(values=things(later=False))
def test_messages_of_their_class(pair: Pair, values: dict[str, Any]) -> None:
    pair.check(THING(**values))


@given(values=things(later=True))
def test_messages_that_were_read_from_newer_ones(pair: Pair, values: dict[str, Any]) -> None:
    pair.check(THING.FromString(LATER(**values).SerializeToString()))


def test_which_messages_are_written_by_upb_itself(pair: Pair) -> None:
    part = {"sku": "a", "count": 3, "weights": [1.5, 0.0]}
    full = THING(
        name="n" * 200, signed=-1, single=2.5, real=0.5, parts=[part, {}], by_sku={"b": part, "a": {}}, note="x"
    )
    assert pair.check(full)
    assert pair.check(THING())
    within: tuple[dict[str, Any], ...] = ({"later": "x"}, {"weights": [1.0, float("inf")]})
    for unusual in within:
        for place in ({"part": unusual}, {"parts": [{}, unusual]}, {"by_sku": {"a": unusual}}, {"voucher": unusual}):
            message = THING.FromString(LATER(**place).SerializeToString())
            assert not pair.check(message), place
    outside: tuple[dict[str, Any], ...] = ({"coming": {}}, {"single": float("nan")}, {"prices": {"a": float("nan")}})
    for unusual in outside:
        assert not pair.check(THING.FromString(LATER(name="a", **unusual).SerializeToString())), unusual


@pytest.mark.parametrize(
    "unknown",
    [
        notes_field(b'{"null":["name"]}'),
        bytes.fromhex("0d01000000"),  # the number of `name`, in another wire type
        bytes.fromhex("f2ffffff0f00"),  # a number beyond the table
        bytes.fromhex("9b0608019c06"),  # a group
        bytes.fromhex("388080808008"),  # `single` as a number
    ],
)
def test_fields_from_elsewhere(pair: Pair, unknown: bytes) -> None:
    message = THING.FromString(unknown)
    assert message.ListFields() == []
    assert not pair.check(message)


def test_a_float_of_which_python_would_change_the_bits(pair: Pair) -> None:
    signalling = bytes.fromhex("3d0100807f")
    message = THING.FromString(signalling)
    assert message.SerializeToString() == signalling
    assert not pair.check(message)


def test_what_is_not_a_message_of_the_class(pair: Pair) -> None:
    for value in (LATER(name="a"), ORDER["Order"](), {"name": "a"}, None, THING):
        assert not pair.check(value)


def test_a_record_beyond_the_limit_gets_its_error() -> None:
    pair = Pair(THING, "protobuf", limits=Limits(max_bytes=1_000))
    assert pair.check(THING(raw=bytes(480)))
    assert not pair.check(THING(raw=bytes(500)))


CLOSED = "enum Size SMALL=0 LARGE=1\nmessage Thing\noptional Size size = 1"
TEXT = "message Thing\noptional string name = 1"


@pytest.mark.parametrize(
    ("model", "codec"),
    [
        (THING, Protobuf(LATER)),
        (classes(CLOSED, syntax="proto2")["Thing"], "protobuf"),
        (classes(TEXT, syntax="proto2")["Thing"], "protobuf"),
        (
            classes("message In\noptional string name = 1\nmessage Thing\nrepeated In ins = 1", syntax="proto2")[
                "Thing"
            ],
            "protobuf",
        ),
        (classes("message Thing\nmap:string string by = 1", syntax="proto2")["Thing"], "protobuf"),
        (classes("message Thing\nint32 far = 4001")["Thing"], "protobuf"),
    ],
    ids=["another class", "closed enum", "text of any bytes", "nested text", "map of texts", "far number"],
)
def test_classes_that_go_by_way_of_trees(model: Any, codec: Any) -> None:
    for trusted in (False, True):
        assert Pair(model, codec, trusted=trusted).encoder is None


def test_a_message_with_extensions_goes_by_way_of_trees() -> None:
    file = FileDescriptorProto(name="extended.proto", package="test", syntax="proto2")
    message = file.message_type.add(name="Thing")
    message.field.add(name="a", number=1, type=FieldDescriptorProto.TYPE_INT32, label=1)
    pools = DescriptorPool(), DescriptorPool()
    pools[0].AddSerializedFile(file.SerializeToString())
    message.extension_range.add(start=100, end=200)
    pools[1].AddSerializedFile(file.SerializeToString())
    plain, extendable = (pool.FindMessageTypeByName("test.Thing") for pool in pools)
    assert declared_fields(plain) == {1: ("varint", None)}
    assert declared_fields(extendable) is None


def test_proto2_without_texts_is_written_by_upb_even_where_something_is_missing() -> None:
    model = classes("message Thing\nrequired int32 a = 1\noptional bytes b = 2", syntax="proto2")["Thing"]
    pair = Pair(model, "protobuf")
    assert pair.check(model(b=b"x"))
    assert pair.check(model(a=1))


def test_trusted_messages_are_not_searched() -> None:
    pair = Pair(THING, "protobuf", trusted=True)
    assert pair.check(THING(name="a", single=float("nan"), by_sku={"b": {}, "a": {}}))
    message = THING.FromString(LATER(other="x").SerializeToString())
    assert pair.schema.dumps(message).endswith(message.SerializeToString())
    assert not pair.check(LATER())


@given(st.binary(max_size=60))
def test_any_bytes_at_all_are_only_stepped_over(data: bytes) -> None:
    """They never come to it, but nothing depends on that."""
    declared = declared_fields(THING.DESCRIPTOR)
    assert declared is not None
    alone = declared_alone(declared)
    assert alone is not None
    alone(data)
    whole = THING(
        name="a" * 130, numbers=[1, 300], parts=[{"sku": "x", "weights": [1.0]}], four=7, eight=9
    ).SerializeToString()
    assert alone(whole)
    for size in range(len(whole)):
        alone(whole[:size])
    for number in range(len(data)):
        alone(whole[:number] + data[number:] + whole[number:])
