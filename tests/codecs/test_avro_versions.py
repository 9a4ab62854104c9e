"""The codec avro in the versions of a schema: what raises min_reader, and what steps keep in a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from versioned_serde import Registry, Schema, UnwritableValueError, Version, add, remove, rename, retype
from versioned_serde.cli.inspection import Id, inspect
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import DeclarationError, SerdeError, TagError
from versioned_serde.evolution.steps.step import Step
from versioned_serde.shape import Attribute, Constant, NullableType, Scalar, Shape
from versioned_serde.tree import Raw

NOTE = Attribute("note", NullableType(Scalar("str")), Constant(None))
BUYER = Attribute("buyer", Scalar("str"))
TOTAL = Attribute("total", Scalar("decimal"))
FIRST = Shape("Order", (BUYER,))
NOTED = Shape("Order", (BUYER, NOTE))
PRICED = Shape("Order", (BUYER, TOTAL))


def avro(newest: Shape, *steps: Step, writes: int, codec: Any = "avro", framing: Any = "envelope") -> Schema[Any]:
    lines = [Version(2, *steps)] if steps else []
    return Schema("shop.order", newest, Version(1, codec=codec, framing=framing), *lines, writes=writes)


@pytest.mark.parametrize(
    ("newest", "step"),
    [(NOTED, add("note")), (FIRST, remove("note", was=str | None, default=None)), (NOTED, rename("remark", "note"))],
)
def test_every_step_raises_min_reader(newest: Shape, step: Step) -> None:
    line = avro(newest, step, writes=1).lines[1]
    assert line.min_reader == 2
    assert "a codec that does not retain unknown attributes" in line.raised_by
    assert avro(newest, step, writes=1, codec="json").lines[1].raised_by == (
        () if not isinstance(step, rename) else (repr(step),)
    )


def test_what_is_removed_on_the_way_up_stays_in_the_record() -> None:
    old = avro(NOTED, writes=1)
    new = avro(FIRST, remove("note", was=str | None, default=None), writes=2)
    document = new.read(old.dumps({"buyer": "ada", "note": "thanks"}))
    document.set({"buyer": "grace"})
    record = new.write(document)
    assert new.identify(record).version == 2
    assert new.identify(record).mixed
    again = new.read(record)
    assert again.value == {"buyer": "grace"}
    assert again.unknown == {"note": Raw("avro", b'"thanks"')}
    assert new.write(again) == record


def test_what_a_lossy_way_lost_comes_back() -> None:
    # Written down to version 1, read up again: the cents come out of the complement.
    def step() -> Step:
        return retype("total", was=int, up=Decimal, down=int)

    lowering = avro(PRICED, step(), writes=1)
    value = {"buyer": "ada", "total": Decimal("9.90")}
    record = lowering.dumps(value)
    assert lowering.identify(record).version == 1
    assert lowering.identify(record).mixed
    assert lowering.loads(record) == value
    document = lowering.read(record)
    document.set({"buyer": "ada", "total": Decimal(7)})
    changed = lowering.write(document)
    assert lowering.loads(changed) == {"buyer": "ada", "total": Decimal(7)}
    assert len(changed) < len(record)  # what was kept for another total is gone


def test_a_record_brings_along_what_another_codec_kept() -> None:
    first = Version(1, codec="json", framing="envelope")
    moving = Schema("shop.order", FIRST, first, Version(2, codec="avro"), writes=2)
    # A mixed record of version 1, as an editor leaves it that kept more than the version declares.
    line = moving.lines[0]
    mixed = line.frame(mixed=True)(b'{"buyer":"ada","gift":1.10}').payload
    document = moving.read(mixed)
    document.set({"buyer": "grace"})
    record = moving.write(document)
    assert moving.identify(record).line.codec.name == "avro"
    again = moving.read(record)
    assert again.value == {"buyer": "grace"}
    assert again.unknown == {"gift": Raw("json", b"1.10")}


SERVICE = {"type": "record", "name": "Order", "fields": [{"name": "buyer", "type": "string"}]}


def test_what_a_step_keeps_is_not_written_into_a_bare_record() -> None:
    later = Schema(
        "shop.order",
        PRICED,
        Version(1, codec=Avro(SERVICE), framing="bare"),
        Version(2, add("total", fill=Decimal(5)), codec="avro", framing="envelope"),
        writes=1,
    )
    record = later.dumps({"buyer": "ada", "total": Decimal(7)})
    assert record == b"\x06ada"
    assert later.loads(record) == {"buyer": "ada", "total": Decimal(5)}


def test_a_bare_record_that_begins_like_an_envelope_is_refused() -> None:
    schema = Schema(
        "shop.order",
        FIRST,
        Version(1, codec=Avro(SERVICE), framing="bare"),
        Version(2, codec="avro", framing="envelope"),
        writes=1,
    )
    for length in (12_414, 12_416):
        assert schema.loads(schema.dumps({"buyer": "a" * length})) == {"buyer": "a" * length}
    with pytest.raises(TagError):
        schema.loads(schema.dumps({"buyer": "a" * 12_415}))


def test_a_schema_of_a_service_is_checked_against_the_shape_of_its_version() -> None:
    with pytest.raises(DeclarationError) as caught:
        avro(NOTED, writes=1, codec=Avro(SERVICE))
    assert (caught.value.path, caught.value.version) == ("note", 1)
    # The version before `note` has the service's schema, the version with it has a derived one.
    schema = Schema(
        "shop.order",
        NOTED,
        Version(1, codec=Avro(SERVICE), framing="headers"),
        Version(2, add("note"), codec="avro"),
        writes=1,
    )
    assert schema.pack({"buyer": "ada"}).payload == b"\x06ada"


def test_an_enveloped_record_of_a_service_takes_nothing_undeclared() -> None:
    lines = (Version(1, codec=Avro(SERVICE), framing="headers"),)
    schema = Schema("shop.order", PRICED, *lines, Version(2, add("total", fill=Decimal(5)), codec="avro"), writes=1)
    with pytest.raises(UnwritableValueError) as caught:
        schema.pack({"buyer": "ada", "total": Decimal(7)})
    assert caught.value.path == "total"


def test_a_codec_of_the_same_schema_is_no_change() -> None:
    with pytest.raises(SerdeError, match="changes nothing"):
        Schema(
            "shop.order",
            FIRST,
            Version(1, codec=Avro(SERVICE), framing="envelope"),
            Version(2, codec=Avro(dict(SERVICE))),
            writes=1,
        )


@dataclass
class Ticket:
    buyer: str
    token: UUID = field(default_factory=uuid4)


def test_a_computed_default_that_old_data_lacks_stays_absent() -> None:
    bare = Version(1, codec="json", framing="bare")
    schema = Schema("shop.order", Ticket, bare, Version(2, codec="avro", framing="envelope"), writes=2)
    record = schema.write(schema.read(b'{"buyer":"ada"}'))
    assert schema.loads(record).buyer == "ada"
    assert schema.loads(record).token != schema.loads(record).token
    assert schema.loads(schema.dumps(Ticket("ada", UUID(int=5)))) == Ticket("ada", UUID(int=5))


def test_inspection_names_the_codec_and_reads_with_a_registry() -> None:
    schema = avro(NOTED, writes=1)
    record = schema.dumps({"buyer": "ada", "note": None})
    found = inspect(record)
    assert found.tag is not None
    assert found.tag.codec == Id(5, "avro")
    assert found.understood
    reading = inspect(record, registry=Registry(schema)).reading
    assert reading is not None
    assert reading.value == "{'buyer': 'ada', 'note': None}"
