from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.adapters import s3_names
from versioned_serde.errors import StoreError
from versioned_serde.testing.conformance.stores import ODD_KEYS

texts = st.sampled_from(("serde-tag", "A", "a b", "a  b", " a", "é", "content-type")) | st.text(max_size=9)


@pytest.mark.parametrize("key", [*ODD_KEYS, ".versioned-serde", "a/.versioned-serde/b", "a//b", "a/../b"])
def test_a_key_is_the_name(key: str) -> None:
    assert s3_names.name_of(key, "orders/") == f"orders/{key}"


@pytest.mark.parametrize("key", [s3_names.RESERVED, f"{s3_names.BESIDE}a"])
def test_no_key_begins_with_what_is_ours(key: str) -> None:
    with pytest.raises(StoreError, match="do not begin with"):
        s3_names.name_of(key, "orders/")


def test_a_name_has_up_to_1024_bytes() -> None:
    assert s3_names.name_of("é" * 500, "a" * 24)
    with pytest.raises(StoreError, match="needs 1025"):
        s3_names.name_of("é" * 500, "a" * 25)


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
    assert s3_names.from_metadata(metadata) == headers
    assert s3_names.from_metadata({name.title(): value for name, value in metadata.items()}) == headers


def test_a_record_that_looks_like_a_folder_says_that_it_is_none() -> None:
    metadata = s3_names.to_metadata({"serde-tag": "x"}, "a/", empty_folder=True)
    assert s3_names.is_ours(metadata)
    assert s3_names.from_metadata(metadata) == {"serde-tag": "x"}


@pytest.mark.parametrize("text", ["", "e30", "é", "W10=", b64encode(b'{"a": 1}').decode(), b64encode(b"\xff").decode()])
def test_metadata_of_others_under_our_name_stays_metadata(text: str) -> None:
    attributes = {"versioned-serde-headers": text, "a": "b"}
    assert s3_names.from_metadata(attributes) == attributes
