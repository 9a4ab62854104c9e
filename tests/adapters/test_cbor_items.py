"""Items of CBOR: what is refused before any value is made, and the bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codecs import conformance
from versioned_serde.adapters.cbor_items import outline
from versioned_serde.codecs.cbor import plugin
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import AnyType, Attribute, Scalar, Shape, Type
from versioned_serde.tree import Raw

CODEC = plugin()


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


MALFORMED = "The payload is not CBOR."
CUT_OFF = "The CBOR payload is cut off."
TRAILING = "There are bytes after the CBOR payload."


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (b"", "The payload is empty."),
        (b"\xa0\xa0", TRAILING),
        (b"\xa1\x61z", CUT_OFF),
        (b"\xa1\x61z\x18", CUT_OFF),
        (b"\xa1\x61z\x62a", CUT_OFF),
        (b"\xa1\x61z\x7f\x62a", CUT_OFF),
        (b"\xa1\x61z\x7f\x61a", CUT_OFF),
        (b"\xa1\x61z\xc1", CUT_OFF),
        (b"\xbf\x61z\x01", CUT_OFF),
        (b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", CUT_OFF),
        (b"\xa1\x61z\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", CUT_OFF),
        (b"\xa1\x61z\x82\x01", CUT_OFF),
        (b"\xa1\x61z\xa1\x01", CUT_OFF),
        (b"\xff", MALFORMED),
        (b"\xa1\x61z\xff", MALFORMED),
        (b"\xa1\x61z\x9f\xc1\xff", MALFORMED),
        (b"\xbf\x61z\xff", MALFORMED),
        (b"\xa1\x61z\x9f\x01\x82\x01\xff", MALFORMED),
        (b"\xa1\x61z\x1c", MALFORMED),
        (b"\xa1\x61z\x1f", MALFORMED),
        (b"\xa1\x61z\x3f", MALFORMED),
        (b"\xa1\x61z\xdf\x01", MALFORMED),
        (b"\xa1\x61z\xfc", MALFORMED),
        (b"\xa1\x61z\xf8\x1f", MALFORMED),
        (b"\xa1\x61z\x7f\x41a\xff", MALFORMED),
        (b"\xa1\x61z\x7f\x7f\xff\xff", MALFORMED),
        (b"\xa1\x61z\x5f\x01\xff", MALFORMED),
    ],
)
def test_what_is_not_one_well_formed_item(payload: bytes, problem: str) -> None:
    with pytest.raises(PayloadError) as caught:
        compiled().decode(payload)
    assert (caught.value.path, caught.value.problem) == ("", problem)
    if payload:
        with pytest.raises(UnwritableValueError) as kept:
            compiled().encode({"gift": Raw("cbor", payload)})
        assert (kept.value.path, kept.value.problem) == ("gift", f"A kept value is damaged. {problem}")


OPENINGS = (b"\x81", b"\xa1\x61b", b"\x98\x01", b"\xba\x00\x00\x00\x01\x61b")
PLACED = [(b"a", each) for each in OPENINGS] + [(b"z", each) for each in (*OPENINGS, b"\xb9\x00\x01\xf6", b"\xc6")]


@pytest.mark.parametrize(("place", "opening"), PLACED)
def test_depth_is_bounded(place: bytes, opening: bytes) -> None:
    codec = compiled(("a", AnyType()), limits=Limits(max_depth=5))
    assert codec.decode(b"\xa1\x61" + place + opening * 4 + b"\x01")
    for depth in (5, 6, 7, 8, 900, 200_000):
        with pytest.raises(LimitError) as caught:
            codec.decode(b"\xa1\x61" + place + opening * depth + b"\x01")
        assert caught.value.limit == "max_depth"


@pytest.mark.parametrize("opening", [b"\x9f", b"\xbf\x61b"])
def test_depth_without_lengths_is_bounded(opening: bytes) -> None:
    codec = compiled(("a", AnyType()), limits=Limits(max_depth=5))
    for place in (b"a", b"z"):
        assert codec.decode(b"\xa1\x61" + place + opening * 4 + b"\x01" + b"\xff" * 4)
        for depth in (5, 8, 900):
            with pytest.raises(LimitError):
                codec.decode(b"\xa1\x61" + place + opening * depth + b"\x01" + b"\xff" * depth)


@pytest.mark.parametrize("opening", [b"\x81", b"\x9f", b"\xa1\x01", b"\xc6", b"\xc4\x82\x01"])
def test_no_more_is_open_than_the_limit_asks_for(opening: bytes) -> None:
    assert outline(b"\x81" * 10 + b"\x01", Limits(max_depth=5)).height == 10
    with pytest.raises(LimitError) as caught:
        outline(opening * 13, Limits(max_depth=5))  # cut off, but nobody comes so far
    assert caught.value.limit == "max_depth"


def test_empty_containers_count_as_depth() -> None:
    codec = compiled(("a", AnyType()), limits=Limits(max_depth=2))
    for place in (b"a", b"z"):
        assert codec.decode(b"\xa1\x61" + place + b"\x80")
        for value in (b"\x81\x80", b"\x81\xa0", b"\x81\x9f\xff", b"\xa1\x80\x01"):
            with pytest.raises(LimitError) if place == b"z" or value[0] == 0x81 else pytest.raises(PayloadError):
                codec.decode(b"\xa1\x61" + place + value)
    for value in (b"\x80", b"\xa0", b"\xc6\x01", b"\x9f\xff"):
        with pytest.raises(LimitError):
            compiled(limits=Limits(max_depth=1)).decode(b"\xa1\x61z" + value)


def test_a_declared_decimal_takes_no_depth() -> None:
    codec = compiled(("a", Scalar("decimal")), limits=Limits(max_depth=1))
    tree = {"a": Decimal(10**30).scaleb(-3)}
    assert codec.decode(codec.encode(tree)) == tree


def test_nesting_beyond_the_stack() -> None:
    conformance.check_deep(CODEC, lambda depth: b"\xa1\x61a" + b"\x81" * depth + b"\x01")


ITEMS = [
    b"\x85" + b"\x01" * 5,
    b"\x9f" + b"\x01" * 5 + b"\xff",
    b"\xa5" + b"".join(b"\x61%c\x01" % letter for letter in b"abcde"),
    b"\xbf" + b"".join(b"\x61%c\x01" % letter for letter in b"abcde") + b"\xff",
    b"\x82\x81\x01\x81\x80",
    b"\x83\xc4\x82\x01\x02\x81\xc4\x82\x01\x02\xc4\x82\x01\x02",  # a decimal is one element
]


@pytest.mark.parametrize("value", ITEMS)
def test_items_are_bounded(value: bytes) -> None:
    items = 5 if value[0] != 0x82 and value[0] != 0x83 else 4
    payload = b"\xa1\x61z" + value
    assert compiled(limits=Limits(max_items=items + 1)).decode(payload)
    with pytest.raises(LimitError) as caught:
        compiled(limits=Limits(max_items=items)).decode(payload)
    assert caught.value.limit == "max_items"


def test_more_items_than_readers_take_are_not_written() -> None:
    limits = Limits(max_items=5)
    tree = {"a": [1, 2, 3, 4]}
    assert compiled(("a", AnyType()), limits=limits).encode(tree)
    tree["a"].append(5)
    with pytest.raises(UnwritableValueError) as caught:
        compiled(("a", AnyType()), limits=limits).encode(tree)
    assert caught.value.problem == (
        "The payload has more than 5 list elements and members of objects. Every reader would refuse it."
    )


def test_parts_of_strings_tags_and_nested_decimals_are_bounded() -> None:
    nested = b"\x01"
    for _ in range(8):
        nested = b"\xc4\x82" + nested * 2
    for value in (
        b"\x7f" + b"\x60" * 50 + b"\xff",
        b"\x5f" + b"\x40" * 50 + b"\xff",
        nested,
        b"\x83" + (b"\xc6" * 20 + b"\x01") * 3,
    ):
        assert compiled().decode(b"\xa1\x61z" + value)
        with pytest.raises(LimitError) as caught:
            compiled(limits=Limits(max_items=50)).decode(b"\xa1\x61z" + value)
        assert caught.value.limit == "max_items"


# What cbor2 makes of these says nothing about whether they are well-formed: it looks into dates, patterns and the like.
_PLAIN = st.recursive(
    st.integers() | st.floats() | st.text() | st.binary() | st.booleans() | st.none(),
    lambda item: st.lists(item) | st.dictionaries(st.text(), item) | item.map(lambda value: cbor2.CBORTag(99, value)),
)


@given(_PLAIN, st.booleans(), st.binary(max_size=3))
def test_items_end_where_cbor2_finds_the_end(value: Any, indefinite: bool, after: bytes) -> None:
    data = cbor2.dumps(value, indefinite_containers=indefinite)
    item = outline(data, DEFAULT_LIMITS)
    assert item.whole == data
    for cut in {0, len(data) // 2, len(data) - 1}:
        with pytest.raises(PayloadError):
            outline(data[:cut], DEFAULT_LIMITS)
    if after:
        with pytest.raises(PayloadError, match="bytes after"):
            outline(data + after, DEFAULT_LIMITS)
