"""Streams of records: what goes in comes out, and nothing else comes out of anything else."""

from __future__ import annotations

import io
import socket
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from google.protobuf import proto
from google.protobuf.wrappers_pb2 import BytesValue
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde import LimitError, Limits, StreamError, UnwritableValueError, read_delimited, write_delimited

MOST = 1_000


class Slow:
    """Gives few bytes at a time, as a raw file or a connection may."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)
        self.asked = 0

    def read(self, size: int, /) -> bytes:
        self.asked = max(self.asked, size)
        return self._stream.read(min(size, 3))


def written(records: list[bytes]) -> bytes:
    stream = io.BytesIO()
    assert write_delimited(stream, iter(records)) == len(records)
    return stream.getvalue()


def read(data: bytes) -> list[bytes]:
    return list(read_delimited(io.BytesIO(data), Limits(max_bytes=MOST)))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_there_and_back(records: list[bytes]) -> None:
    data = written(records)
    assert read(data) == records
    assert list(read_delimited(Slow(data))) == records


@pytest.mark.parametrize(
    ("record", "begin"),
    [(b"", "00"), (b"a", "0161"), (b"a" * 127, "7f61"), (b"a" * 128, "800161"), (b"a" * 300, "ac02")],
)
def test_the_bytes(record: bytes, begin: str) -> None:
    """The examples of the specification."""
    data = written([record])
    assert data == bytes.fromhex(begin)[: len(data) - len(record)] + record


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.data())
def test_every_cut_is_noticed(records: list[bytes], data: st.DataObject) -> None:
    whole = written(records)
    ends = {len(written(records[:count])): count for count in range(len(records) + 1)}
    size = data.draw(st.integers(0, len(whole)))
    stream = read_delimited(io.BytesIO(whole[:size]))
    if size in ends:
        assert list(stream) == records[: ends[size]]
        return
    complete = max(count for end, count in ends.items() if end < size)
    assert [next(stream) for _ in range(complete)] == records[:complete]
    with pytest.raises(StreamError, match="cut off") as error:
        next(stream)
    assert error.value.path == f"[{complete}]"


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    """One spelling each: what is read, is written as it was."""
    try:
        records = read(data)
    except (StreamError, LimitError):
        return
    assert written(records) == data


@pytest.mark.parametrize("data", ["8000", "818000", "ffffffff0f", "8080808080808001", "ffffffff08"])
def test_a_malformed_length(data: str) -> None:
    with pytest.raises(StreamError, match="shortest form"):
        read(bytes.fromhex(data))


def test_a_length_above_the_limit_is_refused_before_anything_is_read() -> None:
    stream = io.BytesIO(written([b"a" * MOST, b"a" * (MOST + 1)]))
    found = read_delimited(stream, Limits(max_bytes=MOST))
    assert next(found) == b"a" * MOST
    with pytest.raises(LimitError) as error:
        next(found)
    assert error.value.limit == "max_bytes"
    assert error.value.path == "[1]"
    assert stream.tell() == 2 + MOST + 2


def test_a_length_alone_takes_no_memory() -> None:
    stream = Slow(bytes.fromhex("ffffff1f") + b"a" * 10)  # 64 MiB less a byte, of which ten come
    tracemalloc.start()
    try:
        with pytest.raises(StreamError):
            list(read_delimited(stream))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert stream.asked <= 1 << 20


def test_a_large_record() -> None:
    record = bytes(3 << 20)
    assert read_delimited(io.BytesIO(written([record, b"x"]))).__next__() == record
    assert list(read_delimited(io.BytesIO(written([record, b"x"])))) == [record, b"x"]


def test_records_are_read_when_they_are_asked_for() -> None:
    """Nothing behind a record is waited for: over a connection it may take long to come."""
    here, there = socket.socketpair()
    with here, there, here.makefile("wb") as out, there.makefile("rb") as into:
        found = read_delimited(into)
        for record in (b"a", b"bb"):
            write_delimited(out, [record])
            out.flush()
            assert next(found) == record


def test_through_a_socket_and_a_file(tmp_path: Path) -> None:
    records = [bytes([number % 256]) * number for number in range(300)]
    here, there = socket.socketpair()

    def send() -> None:
        with here, here.makefile("wb") as out:
            write_delimited(out, records)

    thread = Thread(target=send)
    thread.start()
    with there, there.makefile("rb") as into:
        assert list(read_delimited(into)) == records
    thread.join()
    with (tmp_path / "records").open("wb") as file:
        write_delimited(file, records)
    with (tmp_path / "records").open("rb", buffering=0) as raw:
        assert list(read_delimited(raw)) == records


def test_protobufs_own_functions_read_and_write_the_same() -> None:
    message = BytesValue(value=b"a" * 200)
    stream = io.BytesIO()
    proto.serialize_length_prefixed(message, stream)
    assert stream.getvalue() == written([message.SerializeToString()])
    assert proto.parse_length_prefixed(BytesValue, io.BytesIO(stream.getvalue())) == message


def test_a_record_that_is_too_long_to_say() -> None:
    class Long(bytes):
        def __len__(self) -> int:
            return 2**31

    stream = io.BytesIO()
    with pytest.raises(UnwritableValueError) as error:
        write_delimited(stream, [b"a", Long()])
    assert error.value.path == "[1]"
    assert stream.getvalue() == b"\x01a"


def test_errors_of_the_records_go_through() -> None:
    def records() -> Iterator[bytes]:
        yield b"a"
        raise KeyError

    stream = io.BytesIO()
    with pytest.raises(KeyError):
        write_delimited(stream, records())
    assert stream.getvalue() == b"\x01a"
