"""A service moves off the framing of another system: prepare, activate, roll back, edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from google.protobuf.message import Message
from pydantic import BaseModel, ConfigDict

from tests.protos.build import classes
from versioned_serde import (
    CloudEvents,
    Confluent,
    DeclarationError,
    ForeignFraming,
    Schema,
    SingleObject,
    TagError,
    TagMismatchError,
    UnwritableValueError,
    Version,
    rename,
    retype,
)

SIGNS: list[ForeignFraming] = [Confluent(57), SingleObject(7), CloudEvents("urn:order:1")]


class Order(BaseModel):
    buyer: str
    note: str | None = None


def release(sign: ForeignFraming, *, writes: int, framing: Any = "envelope") -> Schema[Order]:
    return Schema(
        "shop.order", Order, Version(1, codec="json", framing=sign), Version(2, framing=framing), writes=writes
    )


@pytest.mark.parametrize("framing", ["envelope", "inline", "headers"])
@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_both_releases_read_what_either_writes(sign: ForeignFraming, framing: str) -> None:
    prepared, active = release(sign, writes=1, framing=framing), release(sign, writes=2, framing=framing)
    order = Order(buyer="ada")
    old = prepared.pack(order)
    assert old == (sign.prefix + b'{"buyer":"ada"}', sign.headers)
    for packed in (old, active.pack(order)):
        for schema in (prepared, active):
            assert schema.unpack(*packed) == order
            assert schema.read(*packed).value == order
    assert active.identify(*old).version == 1
    assert [count.value for count in active.counts() if (count.outcome, count.version) == ("read", "1")] == [2]


@pytest.mark.parametrize("sign", SIGNS[:2], ids=repr)
def test_a_sign_in_front_needs_no_headers(sign: ForeignFraming) -> None:
    alone = Schema("shop.order", Order, Version(1, codec="json", framing=sign))
    record = alone.dumps(Order(buyer="ada"))
    assert record == sign.prefix + b'{"buyer":"ada"}'
    assert alone.loads(record) == Order(buyer="ada")


def test_a_sign_beside_is_no_business_of_dumps() -> None:
    alone = Schema("shop.order", Order, Version(1, codec="json", framing=CloudEvents("urn:order:1")))
    with pytest.raises(UnwritableValueError, match="Use `pack`"):
        alone.dumps(Order(buyer="ada"))


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_an_edit_of_a_foreign_record_keeps_what_others_put_there_and_adds_nothing(sign: ForeignFraming) -> None:
    class Newer(BaseModel):
        customer: str
        total: int = 0

    schema = Schema(
        "shop.order",
        Newer,
        Version(1, codec="json", framing=sign),
        Version(2, rename("buyer", "customer"), retype("total", was=float, up=int, down=float), framing="envelope"),
        writes=1,
    )
    document = schema.read(sign.prefix + b'{"buyer":"ada","total":1.5,"gift":1e400}', sign.headers)
    with document.edit() as order:
        order.customer = "grace"
    payload, headers = schema.write_packed(document)
    # The half that `total` loses on the way up comes back; a note on it is nothing that a reader of these knows.
    assert payload == sign.prefix + b'{"buyer":"grace","total":1.5,"gift":1e400}'
    assert headers == sign.headers


def test_an_edit_by_the_active_release_writes_its_own_framing() -> None:
    active = release(Confluent(57), writes=2)
    document = active.read(b'\0\0\0\0\x39{"buyer":"ada","gift":1.10}')
    with document.edit() as order:
        order.buyer = "grace"
    record = active.write(document)
    assert record.startswith(b"\xfe\xc1")
    assert b'"gift":1.10' in record


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_records_that_are_marked_twice_are_refused(sign: ForeignFraming) -> None:
    active = release(CloudEvents("urn:order:1"), writes=2)
    record = active.dumps(Order(buyer="ada"))
    with pytest.raises(TagMismatchError, match="cannot both be right"):
        active.unpack(record, {"ce-dataschema": "urn:order:1"})
    beside = release(CloudEvents("urn:order:1"), writes=2, framing="headers")
    payload, headers = beside.pack(Order(buyer="ada"))
    with pytest.raises(TagMismatchError, match="cannot both be right"):
        beside.unpack(payload, {**headers, "ce-dataschema": "urn:order:1"})


@pytest.mark.parametrize("framing", ["envelope", "headers"])
def test_a_tagged_event_may_say_a_schema_that_no_version_declares(framing: str) -> None:
    active = release(CloudEvents("urn:order:1"), writes=2, framing=framing)
    payload, headers = active.pack(Order(buyer="ada"))
    assert active.unpack(payload, {**headers, "ce-dataschema": "urn:order:2"}) == Order(buyer="ada")


def test_what_a_framing_of_ones_own_refuses_is_not_read() -> None:
    class Even:
        """One byte in front, and an even number of bytes behind it."""

        name = "even"
        prefix = b"\x07"
        headers: Mapping[str, str] = {}

        def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
            return data[1:] if data.startswith(self.prefix) and len(data) % 2 else None

    alone = Schema("shop.order", Order, Version(1, codec="json", framing=Even()))
    both = release(Even(), writes=2)
    for schema in (alone, both):
        assert schema.loads(b'\x07{"buyer":"adam"}') == Order(buyer="adam")
        with pytest.raises(TagError):
            schema.loads(b'\x07{"buyer":"ada"}')


def test_an_event_without_bytes_is_a_message() -> None:
    message = classes("message Order\nstring buyer = 1")["Order"]
    events = CloudEvents("urn:order:1", "application/protobuf")
    schema: Schema[Message] = Schema("shop.order", message, Version(1, codec="protobuf", framing=events))
    payload, headers = schema.pack(message())
    assert payload == b""
    assert schema.unpack(payload, headers) == message()
    with pytest.raises(TagError, match="empty"):
        schema.unpack(payload, {})


def test_a_framing_without_a_sign_is_refused() -> None:
    class Signless:
        name = "signless"
        prefix = b""
        headers: Mapping[str, str] = {}

        def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
            return data

    with pytest.raises(DeclarationError, match="puts nothing in front of a record or beside it"):
        release(Signless(), writes=2)


def test_two_versions_of_another_system_are_told_apart_by_their_signs() -> None:
    schema = Schema(
        "shop.order",
        Order,
        Version(1, codec="json", framing=Confluent(41)),
        Version(2, rename("customer", "buyer"), framing=Confluent(57)),
        writes=2,
    )
    assert schema.loads(b'\0\0\0\0\x29{"customer":"ada"}') == schema.loads(b'\0\0\0\0\x39{"buyer":"ada"}')
    assert schema.unpack(b'\0\0\0\0\x39{"buyer":"ada"}', {"trace": "1"}) == Order(buyer="ada")
    with pytest.raises(TagMismatchError, match="schema id"):
        schema.loads(b'\0\0\0\0\x3a{"buyer":"ada"}')
    with pytest.raises(TagError, match="this location holds confluent, confluent only"):
        schema.loads(b'{"buyer":"ada"}')


def test_a_forged_tag_of_a_version_that_has_none_is_refused() -> None:
    forged = Schema("shop.order", Order, Version(1, codec="json", framing="envelope")).dumps(Order(buyer="ada"))
    with pytest.raises(TagMismatchError, match="declares in framing"):
        release(Confluent(57), writes=2).loads(forged)


def test_a_framing_of_ones_own() -> None:
    class Numbered:
        """One byte that counts the formats of a service."""

        name = "format byte"
        prefix = b"\x07"
        headers: Mapping[str, str] = {}

        def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
            return data[1:] if data.startswith(self.prefix) else None

    schema = release(Numbered(), writes=2)
    assert schema.loads(b'\x07{"buyer":"ada"}') == Order(buyer="ada")


def test_extras_of_a_model_do_not_get_into_the_sign() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        buyer: str

    schema = Schema("shop.order", Open, Version(1, codec="json", framing=Confluent(1)))
    assert schema.dumps(Open.model_validate({"buyer": "ada", "x": 1})) == b'\0\0\0\0\1{"buyer":"ada"}'
