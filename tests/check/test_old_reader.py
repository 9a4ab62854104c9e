"""Readers made of a lock read what the release's own reader reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.comparing import NAME, declared, order
from tests.protos.build import classes
from versioned_serde import (
    Confluent,
    LockError,
    PayloadError,
    Schema,
    UnreadableVersionError,
    UnwritableValueError,
    Version,
    add,
    rename,
)
from versioned_serde.check.old_reader import OldReader, line_of
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.serializer.line import Packed
from versioned_serde.shape import ABSENT, Attribute, Constant, Scalar, Shape
from versioned_serde.testing.carried import CODECS
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import Nested
from versioned_serde.testing.releases import KINDS
from versioned_serde.testing.releases import Release as Made
from versioned_serde.testing.strategies import drawn_history
from versioned_serde.testing.trees import plain
from versioned_serde.tree import same


def locked(schema: Schema[Any]) -> SchemaLock:
    return Release.of_declared("v1", [schema]).schemas[schema.name]


@given(
    st.sampled_from(CODECS), st.sampled_from(sorted(KINDS)), st.randoms(use_true_random=False, note_method_calls=False)
)
def test_it_reads_what_the_release_writes(codec: str, kind: str, random: Random) -> None:
    history = drawn_history(random, kind, newest=random.choice((1, 2)), codecs=(codec,))
    made = Made(history, len(history.forms), len(history.forms), kind)
    root: Any = Nested(history.root)
    try:
        packed = made.schema.pack(made.memory(root, values(random, history.root, made.newest, set())))
    except UnwritableValueError:
        return
    _, tree = made.schema._compiled.reader.read(*packed)
    found = OldReader(locked(made.schema)).read(packed)
    assert found.line.number == made.schema.writes
    line = made.schema.lines[-1]
    assert same(found.values, plain(plain(tree, line.shape), found.line.shape))


@dataclass
class Order:
    x: int
    y: str = ""


FIRST = Version(1, codec="json", framing="envelope")


def test_each_listed_version_is_read_as_itself() -> None:
    old = declared(order(Scalar("int")), FIRST)
    new = declared(Order, FIRST, Version(2, add("y"), codec="cbor", coding="gzip"), writes=2)
    reader = OldReader(locked(new))
    assert reader.read(old.pack({"x": 1})).values == {"x": 1}
    assert reader.read(old.pack({"x": 1})).line.number == 1
    assert reader.read(new.pack(Order(2, "z"))).values == {"x": 2, "y": "z"}
    assert reader.read(new.pack(Order(2, "z"))).line.number == 2


def test_a_newer_record_is_read_as_the_newest_version_or_refused() -> None:
    old = OldReader(locked(declared(order(Scalar("int")), FIRST)))
    added = declared(Order, FIRST, Version(2, add("y")), writes=2)
    assert old.read(added.pack(Order(1, "z"))).values == {"x": 1}
    renamed = declared(order(Scalar("int"), name="z"), FIRST, Version(2, rename("x", "z")), writes=2)
    with pytest.raises(UnreadableVersionError, match="This process reads 1"):
        old.read(renamed.pack({"z": 1}))


def test_a_record_without_a_tag_is_read_last() -> None:
    bare = Version(1, codec="json", framing="bare")
    new = declared(Order, bare, Version(2, add("y"), framing="envelope"), writes=2)
    reader = OldReader(locked(new))
    assert reader.read(new.pack(Order(2))).line.number == 2
    assert reader.read(Packed(b'{"x":1}', {})).line.number == 1
    with pytest.raises(PayloadError):
        reader.read(Packed(b'{"x":"text"}', {}))


def test_signs_of_other_systems_are_known_by_what_they_write() -> None:
    sign: Any = Confluent(57)  # a cached property is no property to all type checkers
    old = declared(order(Scalar("int")), Version(1, codec="json", framing=sign))
    assert OldReader(locked(old)).read(Packed(b'\x00\x00\x00\x00\x39{"x":1}', {})).values == {"x": 1}


def test_messages_are_rebuilt_from_their_fields() -> None:
    proto = """
        message Line
        string sku = 1
        message Order
        sint32 total = 2
        optional string note = 9
        repeated Line lines = 3
        map Line by_sku = 4
        string email = 5 in contact
        string phone = 6 in contact
        """
    cls = classes(proto)["Order"]
    old = declared(cls, Version(1, codec="protobuf", framing="envelope"))
    value = cls(total=-3, note="", lines=[{"sku": "a"}], by_sku={"k": {"sku": "b"}}, phone="1")
    assert OldReader(locked(old)).read(old.pack(value)).values == {
        "total": -3,
        "note": "",
        "lines": [{"sku": "a"}],
        "by_sku": {"k": {"sku": "b"}},
        "phone": "1",
    }


def test_what_cannot_be_rebuilt_is_told() -> None:
    lock = locked(declared(order(Scalar("int")), FIRST))
    strange = replace(lock.versions[1], form={**lock.versions[1].form, "codec": "none-of-ours"})
    with pytest.raises(LockError, match="none-of-ours"):
        OldReader(replace(lock, versions={1: strange}))
    other = replace(lock.versions[1], form={**lock.versions[1].form, "codec_id": 200})
    with pytest.raises(LockError, match="another one"):
        OldReader(replace(lock, versions={1: other}))
    message = replace(lock.versions[1], form={**lock.versions[1].form, "codec": "protobuf", "codec_id": 3})
    with pytest.raises(LockError, match="fields"):
        OldReader(replace(lock, versions={1: message}))


def test_a_line_makes_records_of_its_version() -> None:
    shape = Shape(
        "Order",
        (
            Attribute("x", Scalar("int")),
            Attribute("y", Scalar("str"), Constant("")),
        ),
    )
    new = declared(shape, FIRST, Version(2, add("y")), writes=1)
    line = line_of(locked(new), 2)
    assert (line.schema, line.number, line.min_reader) == (NAME, 2, 1)
    assert line.shape.get("y") == Attribute("y", Scalar("str"), Constant(""))
    assert line.shape.get("x") != Attribute("x", Scalar("int"), ABSENT)
