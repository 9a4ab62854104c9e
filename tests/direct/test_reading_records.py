"""Which records a schema reads without a tree: by version, framing and coding."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import pairwise
from types import MethodType
from typing import Any

import pydantic
import pytest

from tests.native.pairs import needs_native
from tests.native.readings import check, decoder
from versioned_serde import Schema, SerdeError, Version, add
from versioned_serde.limits import Limits
from versioned_serde.tree import Raw

pytestmark = needs_native


class Part(pydantic.BaseModel):
    sku: str
    price: float | None = None


class Order(pydantic.BaseModel):
    buyer: str
    parts: list[Part] = []


ORDER = Order(buyer="ada", parts=[Part(sku="a", price=1.5), Part(sku="b")])
LATEST = Version(1, codec="json", framing="envelope", checksum=False)


def schema_of(*versions: Version, cls: type[Schema[Any]] = Schema, **more: Any) -> Schema[Any]:
    return cls("direct.records", Order, *versions, keys={"parts": "sku"}, **more)


class Forbidden:
    """A decoder that must not be asked."""

    def counted(self, prefix: bytes, ending: Any, cell: Any, otherwise: Any, most: int) -> Any: ...

    def decode(self, payload: bytes) -> Any:
        raise AssertionError("tried and failed")


def counts(schema: Schema[Any]) -> dict[tuple[str, str], int]:
    return {(count.version, count.outcome): count.value for count in schema.counts() if count.value}


@pytest.mark.parametrize("framing", ["envelope", "inline", "headers", "bare"])
@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("coding", ["none", "gzip"])
@pytest.mark.parametrize("checksum", [False, True])
def test_every_framing_and_coding(framing: Any, codec: str, coding: str, checksum: bool) -> None:
    if framing == "inline" and (codec != "json" or coding != "none" or checksum):
        return
    if framing == "bare" and checksum:
        return
    schema = schema_of(Version(1, codec=codec, framing=framing, coding=coding, checksum=checksum))
    payload, headers = schema.pack(ORDER)
    assert check(schema, payload, headers)
    for end in range(len(payload)):
        check(schema, payload[:end], headers)
        check(schema, payload[:end] + b"\x00" + payload[end + 1 :], headers)


@pytest.mark.parametrize(
    ("shortest", "version"),
    [
        (True, LATEST),
        (True, Version(1, codec="json", framing="envelope")),
        (True, Version(1, codec="json", framing="inline")),
        (True, Version(1, codec="json", framing="bare")),
        (False, Version(1, codec="json", framing="headers")),
        (False, Version(1, codec="json", framing="envelope", coding="gzip")),
    ],
)
def test_one_call_where_what_stands_before_a_payload_is_constant(shortest: bool, version: Version) -> None:
    schema = schema_of(version)
    assert isinstance(schema.loads, MethodType) is not shortest
    if shortest:
        record = schema.dumps(ORDER)
        schema._compiled.reader = None  # type: ignore[assignment]  # which is not asked
        assert schema.loads(record) == ORDER


def test_bare_records_among_others() -> None:
    lines = (Version(1, codec="json", framing="envelope", checksum=False), Version(2, framing="bare"))
    schema = schema_of(*lines, writes=2)
    assert isinstance(schema.loads, MethodType)
    for version in (1, 2):
        assert check(schema, schema_of(*lines, writes=version).dumps(ORDER))
    assert check(schema, b' {"buyer":"ada"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"buyer":"ada","buyer":"ada"}',
        '{"buyer":"ada","$serde":1}',
        '{"buyer":"ada","$value":1}',
        '{"$$serde":1,"buyer":"ada"}',
        '{"parts":[],"buyer":"$serde"}',
        '{"parts":[{"sku":"a","$serde":1}],"buyer":"a"}',
        "{}",
        '{"buyer":"ada"',
        '{ "buyer" : "ada" } ',
    ],
)
def test_tags_inside_of_objects(text: str) -> None:
    schema = schema_of(Version(1, codec="json", framing="inline"))
    record = schema.dumps(ORDER)
    head = record[: record.index(b'"buyer"') - 1]
    check(schema, head + b"," + text[1:].encode())
    check(schema, head + b",")
    assert bytes([44]) == "\N{COMMA}".encode()  # objects of one byte are shared, and were not written to
    check(schema, head + text[1:].encode())
    check(schema, head.replace(b":", b": ") + b"," + text[1:].encode())


def test_a_subclass_keeps_its_own_verbs() -> None:
    class Loud(Schema[Any]):
        def loads(self, data: bytes) -> Any:
            return "loaded"

    class Unpacking(Schema[Any]):
        def unpack(self, payload: bytes, headers: Any) -> Any:
            return "unpacked"

    loud, unpacking = schema_of(LATEST, cls=Loud), schema_of(LATEST, cls=Unpacking)
    assert loud.loads(loud.dumps(ORDER)) == "loaded"
    assert unpacking.loads(unpacking.dumps(ORDER)) == "unpacked"


def test_older_versions_without_steps_and_with() -> None:
    lines = (
        Version(1, codec="json", framing="bare"),
        Version(2, add("parts"), codec="msgpack", framing="envelope"),
        Version(3, codec="json", checksum=False),
    )
    schema = schema_of(*lines, writes=3)
    assert sorted(schema._compiled.decoders) == [2, 3]
    for version in (1, 2, 3):
        record = schema_of(*lines[: max(version, 2)], writes=version).dumps(ORDER)
        assert check(schema, record) is (version > 1)
    # Three ways each; what is not the newest is converted.
    assert counts(schema) == {(str(version), "read"): 3 for version in (1, 2, 3)} | {
        (str(version), "converted"): 3 for version in (1, 2)
    }


def test_mixed_and_newer_records_are_not_tried() -> None:
    old = schema_of(LATEST)
    new = Schema(
        "direct.records",
        pydantic.create_model("Order", __base__=Order, gift=(str, "")),
        LATEST,
        Version(2, add("gift")),
        writes=2,
        keys={"parts": "sku"},
    )
    newer = new.dumps(new.model(buyer="ada", gift="ring"))
    document = old.read(newer)
    document.value.buyer = "grace"
    edited = old.write(document)
    carried = old.read(old.dumps(ORDER))
    carried._base["gift"] = Raw("json", b'"ring"')
    mixed = old.write(carried)
    assert not check(old, newer)
    assert not check(old, edited)
    assert not check(old, mixed)
    assert not check(new, mixed)
    for schema in (old, new):
        schema._compiled.decoders = dict.fromkeys(schema._compiled.decoders, Forbidden())
    for schema, record in ((old, newer), (old, edited), (old, mixed), (new, mixed)):
        assert schema.unpack(record, None).buyer in {"ada", "grace"}


def test_what_was_tried_is_not_tried_again() -> None:
    schema = schema_of(LATEST)
    loads = schema.loads
    schema._compiled.decoders = {1: Forbidden()}
    with pytest.raises(SerdeError):
        loads(schema.dumps(ORDER) + b"!")


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_other_buffers(kind: Any) -> None:
    schema = schema_of(LATEST)
    assert schema.loads(kind(schema.dumps(ORDER))) == ORDER


def test_the_largest_record() -> None:
    record = schema_of(LATEST).dumps(ORDER)
    schema = schema_of(LATEST, limits=Limits(max_bytes=len(record)))
    assert check(schema, record)
    assert not check(schema, record + b" ")


def test_loads_many_by_the_shortest_way() -> None:
    schema = schema_of(LATEST)
    record = schema.dumps(ORDER)
    assert schema.loads_many([record, None, b"?"], errors="collect")[:2] == [ORDER, None]
    assert counts(schema) == {("1", "written"): 1, ("1", "read"): 1, ("none", "refused"): 1}


def test_documents_of_directly_written_records() -> None:
    schema = schema_of(LATEST)
    document = schema.read(schema.dumps(ORDER))
    with document.edit() as order:
        order.buyer = "grace"
    assert schema.loads(schema.write(document)) == ORDER.model_copy(update={"buyer": "grace"})


@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("harm", [b"", b"!", b'{"buyer": 3}', b"\x81\xa5buyer\xa1\xff", b'{"buyer":"a","buyer":"b"}'])
def test_nothing_is_leaked(codec: str, harm: bytes) -> None:
    schema = schema_of(Version(1, codec=codec, framing="envelope", checksum=False))
    start, record = schema.lines[-1].start, schema.dumps(ORDER)
    assert start is not None
    decode: Any = decoder(schema)
    record = start + harm if harm.startswith((b"{", b"\x81")) else record + harm

    def many() -> int:
        for _ in range(500):
            decode.decode(record[len(start) :])
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        held = [many() for _ in range(5)]
    finally:
        tracemalloc.stop()
    # The smallest object of each call would be 8,000 bytes; now and then something else takes some.
    assert min(after - before for before, after in pairwise(held[1:])) < 1_000
