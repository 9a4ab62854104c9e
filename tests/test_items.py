"""How many items a payload holds, told before it is parsed."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from versioned_serde.items import json_exceeds, json_items, msgpack_exceeds

_names = st.text('ab"\\,[]{} \n\té', max_size=4)
_leaves = st.none() | st.booleans() | st.integers(-(2**31), 2**32) | st.floats(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Any] = st.recursive(
    _leaves | _names | st.just("x" * 300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(_names, inner, max_size=20),
    max_leaves=40,
)


def items(value: Any) -> int:
    """A model: list elements and members, at all levels."""
    if isinstance(value, dict):
        return len(value) + sum(map(items, value.values()))
    return len(value) + sum(map(items, value)) if isinstance(value, list) else 0


@given(values, st.sampled_from([None, 1]), st.booleans())
@example([], None, False)
@example(['"', "\\", '\\"'], None, True)
@example([[], {}, ""], 1, True)
def test_json(value: Any, indent: int | None, escaped: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=escaped).encode(errors="surrogatepass")
    expected = items(value)
    assert json_items(data, 10_000) == expected
    assert not json_exceeds(data, expected)
    assert expected == 0 or json_exceeds(data, expected - 1)


@given(st.text('"\\,[]{}:1 ', max_size=40), st.integers(0, 5))
def test_of_what_is_no_json_something_is_said(text: str, most: int) -> None:
    assert json_exceeds(text.encode(), most) in (True, False)


@pytest.mark.parametrize("data", [b'"' * 1_000, b'"\\"' * 1_000, b'["' + b"\\" * 999, b'"a",' * 1_000, b"[" * 1_000])
def test_hostile_text_is_counted_in_one_pass(data: bytes) -> None:
    assert json_items(data, 10) >= 0


@given(values | st.binary(max_size=300))
@example([msgspec.msgpack.Ext(1, b"\x93" * size) for size in (0, 1, 2, 4, 8, 16, 300)])
@example([b"\x93" * 70_000, "\u0001" * 70_000, [None] * 70_000, dict.fromkeys(map(str, range(70_000)))])
def test_msgpack(value: Any) -> None:
    data, expected = msgspec.msgpack.encode(value), items(value)
    assert not msgpack_exceeds(data, expected)
    assert expected == 0 or msgpack_exceeds(data, expected - 1)
    # What follows the value, or is missing of it, is for the parser to refuse.
    assert not msgpack_exceeds(data + b"\x9f" * 50, expected)
    assert not msgpack_exceeds(data[:-1], expected)


@pytest.mark.parametrize("head", range(256))
def test_every_kind_of_msgpack_value_ends_where_the_parser_says(head: int) -> None:
    for tail in (b"\x00" * 20, b"\x01" + b"\xc0" * 20, b"\x00\x02" + b"\xc0" * 40):
        data = b"\x92" + bytes([head]) + tail
        for end in range(2, len(data) + 1):
            try:
                first = msgspec.msgpack.decode(
                    data[:end] + b"\xdd\x00\x00\x01\x00" + b"\xc0" * 256, type=list[msgspec.Raw]
                )
            except msgspec.DecodeError:
                continue
            # The second of two values is the long list: it is found only where the first one ends.
            assert msgpack_exceeds(data[:end] + b"\xdd\x00\x00\x01\x00" + b"\xc0" * 256, 255), (head, first)
