"""Messages that are not what they should be, and trees that no message can hold."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codecs.conformance import check_hostile
from tests.protos.orders import CODEC, ORDER, SHAPE, decode, encode, noted
from versioned_serde.adapters.protobuf_messages import notes_field
from versioned_serde.adapters.protobuf_notes import to_value
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import Scalar
from versioned_serde.tree import COMPLEMENT, Raw, Tree, Typed

FOREIGN = {"$raw": ["json", "MQ=="]}
FITS_NOT = "The bytes are not a protobuf message that fits `test.Order`."
MISPLACED = "The field holds what its type cannot: another wire type, or in a list a member that the enum lacks."
REFUSED: list[tuple[bytes, str, str]] = [
    (b"\xff", "", FITS_NOT),
    (b"\x0a\x05a", "", FITS_NOT),
    (b"\x0a\x01\xff", "", FITS_NOT),
    (b"\x42\x02" * 200, "", FITS_NOT),
    (b"\x08\x01", "buyer", MISPLACED),
    (b"\x42\x02\x10\x01\x42\x02\x08\x01", "lines[1].sku", MISPLACED),
    (b"\x22\x05never", "due", "Expected date, found text that is not a date."),
    (b"\x30\x07", "size", "Expected one of the enum's members, found another int."),
    (noted() * 2, "", "The field 536870911, which is reserved for notes, occurs more than once in one message."),
    (notes_field(b""), "#", "The payload is not JSON at character 0."),
    (notes_field(b"[]"), "#", "Expected object, found list."),
    (noted(null="total"), "#.null", "Expected list, found str."),
    (noted(null=[1]), "#.null[0]", "Expected str, found number."),
    (noted(more=1), "#", "The notes of a message hold more than this release knows."),
    (noted(null=["due"]), "due", "Expected a value, found null."),
    (noted(extra={"due": "x"}), "due", "Expected date, found text that is not a date."),
    (noted(extra={"due": FOREIGN}), "due", "Expected a value in protobuf, found one in another codec."),
    (
        noted(extra={"x": {"$raw": ["protobuf", base64.b64encode(notes_field(b"1")).decode()]}}),
        "#.extra.x",
        "A value of protobuf is kept like one of another codec.",
    ),
    (
        b"\xc0\x3e\x01" + noted(extra={"#": FOREIGN}),
        "#",
        "The notes of a message keep unknown fields a second time.",
    ),
    (
        noted(extra={"$kept": [{}]}),
        "#.extra.$kept[0]",
        "An entry of a complement does not hold exactly step, direction, witness, kept, and perhaps absent.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "path", "text"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(payload: bytes, path: str, text: str) -> None:
    with pytest.raises(PayloadError) as caught:
        decode(payload)
    assert caught.value.path == path
    assert caught.value.problem == text


def test_depth() -> None:
    with pytest.raises(LimitError) as caught:
        decode(notes_field(b'{"extra":{"x":' + b"[" * 5000 + b"]" * 5000 + b"}}"))
    assert caught.value.path in {"#", "#.extra.x"}
    with pytest.raises(LimitError):
        decode(notes_field(b'{"extra":{"x":' + b"[" * 64 + b"]" * 64 + b"}}"))
    with pytest.raises(DeclarationError, match=r"^at `first`: Objects and lists are nested deeper"):
        CODEC.payload(SHAPE, Limits(max_depth=1))


UNFIT = "The value does not fit a protobuf field of type"


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ({"buyer": "\ud800"}, f"at `buyer`: {UNFIT} `string`."),
        ({"total": 2**63}, f"at `total`: {UNFIT} `sint64`."),
        ({"total": True}, "at `total`: Expected int, found bool."),
        ({"lines": [{}, {"count": 2**31}]}, f"at `lines[1].count`: {UNFIT} `int32`."),
        ({"tags": ["", "\ud800"]}, f"at `tags[1]`: {UNFIT} `repeated string`."),
        ({"by_sku": {"\ud800": {}}}, f"at `by_sku[*]`: {UNFIT} `map<string, Line>`."),
        ({"prices": {1: 1.0}}, "at `prices[*]`: Expected str as a name, found int."),
        ({"prices": {"a": 1}}, "at `prices[*]`: Expected float, found int."),
        ({"size": 7}, "at `size`: Expected one of the enum's members, found another int."),
        ({"x": 1}, "at `x`: Expected a kept value for an undeclared attribute, found int."),
        ({"x": Typed(Scalar("int"), "1")}, "at `x`: Expected int, found str."),
        ({"x": to_value(b"{")}, "at `x`: A kept value is damaged. The payload is not JSON at character 1."),
        (
            {"x": Raw("protobuf", notes_field(b"1") + b"\x08\x01")},
            "at `x`: A kept value is damaged. Expected a value in protobuf, found fields of a message.",
        ),
        ({"#": Raw("protobuf", b"\x42\x01\xff")}, "at `#`: A kept value is damaged. " + FITS_NOT),
        ({COMPLEMENT: [1]}, "at `$kept[0]`: Expected an entry of a complement, found int."),
    ],
)  # fmt: skip
def test_what_is_not_written(tree: Tree, text: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        encode(tree)
    assert str(caught.value) == text


_FIELDS = st.sampled_from(
    [
        ORDER["Order"](buyer="a").SerializeToString(),
        *(ORDER["Order"](total=0).SerializeToString(), ORDER["Order"](tags=[""]).SerializeToString()),
        *(ORDER["Order"](voucher={"sku": "v"}).SerializeToString(), ORDER["Order"](card="").SerializeToString()),
        *(b"\xc0\x3e\x01", b"\x7a\x00", b"\x78\x80\x01", b"\x3a\x02\x40\x01", b"\x38\x01"),
    ]
)
_NOTE = st.fixed_dictionaries(
    {},
    optional={
        "null": st.lists(st.sampled_from(["total", "tags", "note", "x", "#", "voucher"])),
        "empty": st.lists(st.sampled_from(["weight", "tags", "first", "note", "tries", "x", "#", "voucher", "total"])),
        "extra": st.dictionaries(
            st.sampled_from(["total", "tags", "note", "tries", "x", "#", "card", "voucher", "$kept", "first"]),
            st.sampled_from([0, 1.5, "", None, [], ["t"], {}, {"sku": "s"}, FOREIGN])
            | st.sampled_from([{"$raw": ["protobuf", ""]}, {"$raw": ["", "MQ=="]}, {"#": 1, "$kept": []}]),
            max_size=3,
        ),
    },
)


@given(st.lists(_FIELDS, max_size=4).map(b"".join), st.none() | _NOTE.map(lambda notes: noted(**notes)))
def test_hostile_notes(fields: bytes, notes: bytes | None) -> None:
    check_hostile(CODEC, SHAPE, fields + (notes or b""))
    within = ORDER["Order"](first=ORDER["Line"].FromString(notes or b""))
    check_hostile(CODEC, SHAPE, fields + within.SerializeToString())


def test_a_value_of_another_codec_is_not_read() -> None:
    value = CODEC.value(Scalar("int"), DEFAULT_LIMITS)
    assert value.encode(5) == to_value(b"5")
    for raw in (Raw("json", b"5"), Raw("protobuf", b""), Raw("protobuf", b"\x08\x05"), Raw("protobuf", b"\xff")):
        with pytest.raises(PayloadError):
            value.decode(raw)
