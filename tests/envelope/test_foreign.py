from __future__ import annotations

from collections.abc import Mapping

import pytest
from cloudevents.core.bindings.http import to_binary_event as to_http
from cloudevents.core.bindings.kafka import to_binary_event as to_kafka
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde import CloudEvents, Confluent, ForeignFraming, SingleObject, TagMismatchError

SIGNS: list[ForeignFraming] = [
    Confluent(57),
    Confluent(57, (0,)),
    Confluent(2**32 - 1, (300, 1)),
    SingleObject(b"12345678"),
    CloudEvents("https://shop.example/order/1"),
    CloudEvents("urn:shop:order:1", "application/avro", "kafka"),
]


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
@given(payload=st.binary(max_size=20))
def test_what_a_sign_is_put_on_is_found_under_it(sign: ForeignFraming, payload: bytes) -> None:
    assert sign.open(sign.prefix + payload, sign.headers) == payload


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_a_record_without_any_sign_is_not_taken(sign: ForeignFraming) -> None:
    assert sign.open(b'{"a":1}', {"content-type": "application/json"}) is None
    assert sign.open(b"", None) is None


@pytest.mark.parametrize(
    ("sign", "data", "headers"),
    [
        (Confluent(57), b"\0\0\0\0\x3a{}", None),
        (Confluent(57, (1,)), b"\0\0\0\0\x39\x02\x04x", None),
        (Confluent(57), b"\0\0\0", None),
        (SingleObject(b"12345678"), b"\xc3\x0112345679x", None),
        (CloudEvents("urn:order:1"), b"{}", {"ce-dataschema": "urn:order:2"}),
        (CloudEvents("urn:order:1"), b"{}", {"ce-dataschema": "urn:order:1", "CE-DataSchema": "urn:order:1"}),
        (CloudEvents("urn:order:1"), b"{}", {"ce-dataschema": "urn:order:1", "content-type": "application/avro"}),
    ],
)
def test_another_sign_of_the_same_system_is_refused(
    sign: ForeignFraming, data: bytes, headers: Mapping[str, str] | None
) -> None:
    with pytest.raises(TagMismatchError, match=f"framed as {sign.name}") as caught:
        sign.open(data, headers)
    assert caught.value.reason == "other-foreign-sign"


def test_confluent_counts_big_endian_and_avro_little_endian() -> None:
    assert Confluent(258).prefix == b"\0\0\0\1\2"
    assert SingleObject(258).prefix == b"\xc3\x01\2\1\0\0\0\0\0\0"


def test_the_first_message_may_be_said_in_one_byte_or_spelled_out() -> None:
    sign = Confluent(57, (0,))
    assert sign.prefix == b"\0\0\0\0\x39\0"
    assert sign.open(b"\0\0\0\0\x39\x02\x00payload", None) == b"payload"


def test_events_of_the_sdk_are_known() -> None:
    schema = "https://shop.example/order/1%20b"
    event = CloudEvent(
        {
            "id": "1",
            "source": "/shop",
            "type": "order",
            "dataschema": schema,
            "datacontenttype": "application/json",
        },
        {"buyer": "ada"},
    )
    http, kafka = to_http(event), to_kafka(event)
    assert CloudEvents(schema).open(http.body, http.headers) == http.body
    assert CloudEvents(schema, binding="kafka").open(
        kafka.value, {name: value.decode() for name, value in kafka.headers.items()}
    )
    assert http.headers.items() >= CloudEvents(schema).headers.items()


def test_a_media_type_may_have_parameters_and_json_need_not_be_said() -> None:
    sign = CloudEvents("urn:order:1")
    assert sign.open(b"x", {"CE-dataschema": "urn:order:1"}) == b"x"
    assert sign.open(b"x", {"ce-dataschema": "urn:order:1", "Content-Type": "Application/JSON; charset=utf-8"}) == b"x"
    attributes = CloudEvents("urn:order:1", binding="attributes")
    assert attributes.headers == {"dataschema": "urn:order:1", "datacontenttype": "application/json"}
