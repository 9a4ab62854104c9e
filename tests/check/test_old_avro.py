"""Avro schemas made of a lock say the same as those that were given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given

from tests.check.comparing import compared, declared, only
from tests.codecs.test_avro import CODEC, REACH
from versioned_serde import LockError, Schema, Version
from versioned_serde.check.old_avro import old_avro
from versioned_serde.check.old_reader import OldReader
from versioned_serde.check.proof import proved
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.check.rules.releases import write_before_read
from versioned_serde.check.rules.shapes import field_type_changed
from versioned_serde.codecs.avro import Avro, avro_schema
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import Attribute, Scalar, Shape
from versioned_serde.testing.conformance.trees import shaped_trees
from versioned_serde.tree import Tree

SHAPE = Shape("Order", (Attribute("a", Scalar("int")),))


@given(shaped_trees(CODEC, REACH))
def test_it_reads_and_writes_the_same_bytes(drawn: tuple[Shape, Tree]) -> None:
    shape, tree = drawn
    codec = Avro(avro_schema(shape))
    one, other = (each.payload(shape, DEFAULT_LIMITS) for each in (codec, old_avro(shape, codec.fields(shape))))
    payload = one.encode(tree)
    assert other.encode(tree) == payload
    assert one.encode(other.decode(payload)) == payload  # the same bytes, as nothing is equal to a NaN


@pytest.mark.parametrize(
    "text",
    [
        "1 (null | decimal",
        "1 array long",
        "1 record(a long",
        "1 )",
        "1 as",
        "first long",
        "1",
        "1 long 2",
        "1 as 1 above",
    ],
)
def test_what_is_no_type_is_told(text: str) -> None:
    with pytest.raises(LockError):
        old_avro(SHAPE, {"a": text})


def given_schema(*fields: tuple[str, Any]) -> Avro:
    made = [{"name": name, "type": type_} for name, type_ in fields]
    return Avro({"type": "record", "name": "Order", "fields": made})


def locked(schema: Schema[Any]) -> SchemaLock:
    return Release.of_declared("v1", [schema]).schemas[schema.name]


@dataclass
class Order:
    at: int
    price: str = ""
    lines: list[str] = field(default_factory=list)
    more: list[int] = field(default_factory=list)


def test_an_old_reader_reads_records_of_a_given_schema() -> None:
    codec = given_schema(
        ("lines", {"type": "array", "items": "string"}),
        ("at", {"type": "int"}),
        ("price", "string"),
        ("more", {"type": "array", "items": "long"}),
    )
    schema = Schema("shop.order", Order, Version(1, codec=codec, framing="envelope"))
    found = OldReader(locked(schema)).read(schema.pack(Order(7, "1", ["a"])))
    assert found.values == {"at": 7, "price": "1", "lines": ["a"], "more": []}


def test_a_list_whose_field_may_be_null_may_be_absent() -> None:
    types = [["null", {"type": "array", "items": each}] for each in ("string", "long")]
    codec = given_schema(("at", "long"), ("price", "string"), ("lines", types[0]), ("more", types[1]))
    schema = Schema("shop.order", Order, Version(1, codec=codec, framing="envelope"))
    reader, tree = OldReader(locked(schema)), {"at": 7, "price": ""}
    assert reader.read(schema.pack(Order(7))).values == {**tree, "lines": [], "more": []}
    payload = codec.payload(schema.lines[0].shape, DEFAULT_LIMITS).encode(tree)
    assert reader.read(schema.lines[0].frame(mixed=False)(payload)).values == tree


def of(*fields: tuple[str, Any]) -> Schema[Any]:
    shape = Shape("Order", tuple(Attribute(name, Scalar("int")) for name, _ in fields))
    return declared(shape, Version(1, codec=given_schema(*fields), framing="envelope"))


def test_a_field_of_another_type_is_proven() -> None:
    finding = only(field_type_changed, of(("a", "long"), ("b", "long")), of(("a", "long"), ("b", "int")))
    assert (finding.severity, finding.direction, finding.attribute) == ("error", "backward", "b")
    assert finding.witness is not None


def test_fields_in_another_order_are_proven() -> None:
    comparison = compared(of(("a", "long"), ("b", "long")), of(("b", "long"), ("a", "long")))
    (finding,) = write_before_read.check(comparison)
    proof = proved(finding, comparison)
    assert proof is not None
    assert (proof.result, proof.told, proof.witness.written) == (
        "misread",
        "`a` is not what was written.",
        {"a": 1, "b": 0},
    )
