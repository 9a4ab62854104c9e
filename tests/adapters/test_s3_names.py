from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.adapters import s3_names
from versioned_serde.testing.conformance.stores import ODD_KEYS, keys

pieces = st.sampled_from(("", ".", "..", "a", "é", "keys", "beside", ".versioned-serde", "612f", "-", "\0", "\ufffe"))
texts = st.sampled_from(("serde-tag", "A", "a b", "a  b", " a", "é", "storage-class")) | st.text(max_size=9)
paths = st.lists(pieces, max_size=5).map("/".join) | keys


@given(paths)
def test_a_key_has_one_name_that_has_no_other_key(key: str) -> None:
    name = s3_names.name_of(key, "")
    assert s3_names.is_name(name)
    assert s3_names.key_of(name) == key
    assert not name.startswith(s3_names.BESIDE)


@given(paths)
def test_a_name_is_of_the_key_that_has_it_or_of_none(name: str) -> None:
    key = s3_names.key_of(name)
    assert key is None or s3_names.name_of(key, "") == name


@given(st.lists(keys))
def test_the_names_of_odd_keys_are_in_the_order_of_the_keys(found: list[str]) -> None:
    odd = [key for key in found if s3_names.name_of(key, "") != key]
    assert sorted(odd, key=lambda key: s3_names.name_of(key, "")) == sorted(odd)


@pytest.mark.parametrize(
    "key", ["a", "orders/2024/17.json", "100%", "a%2Fb", " ", "é", "\U0010ffff", "CON", ".lock", "-"]
)
def test_most_keys_are_their_names(key: str) -> None:
    assert s3_names.name_of(key, "") == key


def test_which_are_not() -> None:
    odd = {key for key in ODD_KEYS if s3_names.name_of(key, "") != key}
    assert odd == {"", ".", "..", "/", "/a", "a/", "../up", "\0", "a\0b", "\n", "\uffff"}


@pytest.mark.parametrize("name", ["-61", "61 62", "6", "FF", "ff", "61", "-", "2F", "x", "", "2f/"])
def test_what_others_put_into_the_folder_of_odd_keys_is_no_record(name: str) -> None:
    assert (s3_names.key_of(s3_names.ODD + name) is not None) == (name == "-")


@given(st.dictionaries(texts, texts, max_size=3))
def test_headers_come_back_from_plain_ascii(headers: dict[str, str]) -> None:
    metadata = s3_names.to_metadata(headers, "a")
    for name, value in metadata.items():
        assert name.isascii()
        assert name == name.lower()
        assert not set(name) & set(" \t\r\n:")
        assert value.isascii()
        assert value.isprintable()
        assert value == " ".join(value.split())
    assert s3_names.from_metadata(metadata | {"Content-Type": "a/b", "Cache-Control": "c"}) == headers


@pytest.mark.parametrize("text", ["", "e30", "é", "W10=", b64encode(b'{"a": 1}').decode(), b64encode(b"\xff").decode()])
def test_metadata_of_others_under_our_name_stays_metadata(text: str) -> None:
    attributes = {"versioned-serde-headers": text, "a": "b"}
    assert s3_names.from_metadata(attributes) == attributes
