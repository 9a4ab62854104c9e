from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.cli.guess import looks_like


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "b")
    return buffer.getvalue()


GUESSES = [
    (b"", "nothing: it is empty"),
    (gzip.compress(b"{}"), "gzip"),
    (bytes.fromhex("28b52ffd2002110000"), "zstd"),
    (bytes.fromhex("04224d18"), "an LZ4 frame"),
    (lzma.compress(b"{}"), "xz"),
    (bz2.compress(b"{}"), "bzip2"),
    (zipped(), "a zip archive"),
    (b"Obj\x01\x04", "an Avro file"),
    (b"\xfe\xc1\x20", "an envelope of versioned_serde, damaged or of a newer format"),
    (pickle.dumps({}, protocol=2), "a Python pickle of protocol 2, which must not be loaded to look at it"),
    (pickle.dumps({}, protocol=5), "a Python pickle of protocol 5, which must not be loaded to look at it"),
    (
        b"\xc3\x01" + bytes(range(1, 9)) + b"x",
        "an Avro object whose schema has the fingerprint 0807060504030201",
    ),
    (b"\0\0\0\1\2x", "a message whose schema has the id 258 in a Confluent schema registry"),
    (bytes(100), "nothing known"),
    (b"\0\0\0\1\2", "nothing known"),
    (b"\x81\xa1a\x01", "nothing known"),
    (b"\xd9\xd9\xf7\x80", "CBOR, which says so itself"),
    (b"\xa1\x61a\x01", "CBOR, an object"),
    (b"\xbf\x61a\x01\xff", "CBOR, an object"),
    (b"\xa1\x61a", "nothing known"),
    (b"\xa1\x01\x02", "nothing known"),
    (b"\xa0", "nothing known"),
    (b"\x82\x61a\x01", "nothing known"),
    (b'{"a":1}', "JSON"),
    (b" [1e999, 1.10]\n", "JSON"),
    (b'"a"', "JSON"),
    (b"9" * 100_000, "JSON"),
    (b"\xef\xbb\xbf<a/>", "XML or HTML"),
    ("\ufeff<a/>".encode("utf-16-le"), "XML or HTML"),
    (b'<?xml version="1.0"?><a/>', "XML or HTML"),
    (b"\n<order/>", "XML or HTML"),
    (b"<3", "text"),
    (b"hello", "text"),
    ("grüße".encode(), "text"),
    ("grüße".encode("latin-1"), "nothing known"),
    (b'{"$serde":{"version":1', "text; it names `$serde`, so it may have had an inline tag"),
    (b"[" * 100_000, "text, perhaps JSON that is nested very deep"),
    (b"[" + b"1," * 1_000_000, "long text, perhaps JSON"),
    (b"a" * 2_000_000, "long text"),
]


# Some of the bytes have the time in them, and some are long: no ids to tell tests by.
@pytest.mark.parametrize(("data", "guess"), GUESSES, ids=[f"{at} {guess}" for at, (_, guess) in enumerate(GUESSES)])
def test_guesses(data: bytes, guess: str) -> None:
    assert looks_like(data) == guess


def test_a_database_is_known(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
    assert looks_like((tmp_path / "a.db").read_bytes()) == "an SQLite database"


def test_a_text_that_is_cut_within_a_letter_is_text() -> None:
    assert looks_like("gruß".encode()[:-1]) == "text"


@given(st.binary())
def test_any_bytes_have_a_guess(data: bytes) -> None:
    assert looks_like(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_json_is_json(value: object) -> None:
    assert looks_like(json.dumps(value).encode()) == "JSON"
