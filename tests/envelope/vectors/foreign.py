"""Records at locations that declare signs of other systems besides."""

from __future__ import annotations

from typing import Any

from tests.envelope.vectors.common import PAYLOAD, Vector
from tests.envelope.vectors.envelope import head
from tests.envelope.vectors.headers import TEXT

CONFLUENT = {"confluent": 57}
OTHER = {"confluent": 58}
SINGLE = {"single-object": "0102030405060708"}
EVENT = {"dataschema": "urn:shop:order:1", "datacontenttype": "application/json"}
ENVELOPE = head(b"\3", b"\2") + PAYLOAD


def foreign() -> list[Vector]:
    marked = b"\0\0\0\0\x39" + PAYLOAD
    single = b"\xc3\x01\1\2\3\4\5\6\7\x08" + PAYLOAD
    event = {"ce-dataschema": "urn:shop:order:1", "content-type": "application/json"}
    cases: list[tuple[str, list[Any], str, bytes, dict[str, str], Any]] = [
        ("confluent", [CONFLUENT], "", marked, {}, (0, PAYLOAD)),
        ("confluent, empty payload", [CONFLUENT], "", b"\0\0\0\0\x39", {}, (0, b"")),
        ("confluent, the second of two", [OTHER, CONFLUENT], "", marked, {}, (1, PAYLOAD)),
        ("confluent beside envelope", [CONFLUENT], "envelope", marked, {}, (0, PAYLOAD)),
        ("envelope beside confluent", [CONFLUENT], "envelope", ENVELOPE, {}, "envelope"),
        ("confluent, another id", [CONFLUENT], "", b"\0\0\0\0\x3a" + PAYLOAD, {}, "other-foreign-sign"),
        ("confluent, cut off", [CONFLUENT], "", b"\0\0\0", {}, "other-foreign-sign"),
        ("single object", [SINGLE], "", single, {}, (0, PAYLOAD)),
        ("single object, another fingerprint", [SINGLE], "", b"\xc3\x01" + bytes(8), {}, "other-foreign-sign"),
        ("single object beside confluent", [CONFLUENT, SINGLE], "", single, {}, (1, PAYLOAD)),
        ("event", [EVENT], "", PAYLOAD, event, (0, PAYLOAD)),
        ("event, names in another case", [EVENT], "", PAYLOAD, {"CE-DataSchema": "urn:shop:order:1"}, (0, PAYLOAD)),
        ("event, parameters", [EVENT], "", PAYLOAD, event | {"content-type": "Application/JSON; a=b"}, (0, PAYLOAD)),
        ("event, another schema", [EVENT], "", PAYLOAD, event | {"ce-dataschema": "x"}, "other-foreign-sign"),
        ("event, another type", [EVENT], "", PAYLOAD, event | {"content-type": "text/xml"}, "other-foreign-sign"),
        ("event and envelope", [EVENT], "envelope", ENVELOPE, event, "tags-disagree"),
        ("event and headers", [EVENT], "headers", PAYLOAD, event | {"serde-tag": TEXT}, "tags-disagree"),
        ("envelope in an event of another schema", [EVENT], "envelope", ENVELOPE, {"ce-dataschema": "x"}, "envelope"),
        (
            "headers in an event of another schema",
            [EVENT],
            "headers",
            PAYLOAD,
            {"ce-dataschema": "x", "serde-tag": TEXT},
            "headers",
        ),
        ("headers, data like confluent", [CONFLUENT], "headers", marked, {"serde-tag": TEXT}, "headers"),
        ("none", [CONFLUENT, EVENT], "envelope", PAYLOAD, {}, "no-tag"),
    ]
    vectors: list[Vector] = []
    for name, signs, framings, record, headers, outcome in cases:
        vector: Vector = {"name": name, "foreign": signs, "framings": framings.split(), "record": record.hex()}
        vector["headers"] = headers
        if isinstance(outcome, tuple):
            vector |= {"sign": outcome[0], "payload": outcome[1].hex()}
        else:
            vector |= {"framing" if outcome in framings.split() else "reason": outcome}
        vectors.append(vector)
    return vectors
