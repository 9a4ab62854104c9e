"""Avro, by Confluent's serializer with its own mock of a schema registry, and by fastavro alone."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from benchmarks.records.classes import avro_of
from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, value_of
from benchmarks.row import Comparison, Row, Side
from benchmarks.rows.messagepack import tagged


def confluent(size: Size) -> Comparison:
    client = SchemaRegistryClient.new_client({"url": "mock://bench"})
    schema = json.dumps(avro_of(MODELS[size]))
    serialize = AvroSerializer(client, schema, lambda value, context: value.model_dump())
    context = SerializationContext("bench", MessageField.VALUE)
    theirs = Side("serialize(value, context)", serialize=serialize, value=value_of(size), context=context)
    assert AvroDeserializer(client, schema)(theirs.once(), context) == CONTENTS[size]
    return Comparison(tagged(size).ours, theirs)


def by_fastavro(size: Size) -> Comparison:
    schema = fastavro.parse_schema(avro_of(MODELS[size]))

    def encode(value: Any) -> bytes:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, value.model_dump())
        return out.getvalue()

    theirs = Side("encode(value)", encode=encode, value=value_of(size))
    assert fastavro.schemaless_reader(io.BytesIO(theirs.once()), schema, None) == CONTENTS[size]
    return Comparison(tagged(size).ours, theirs)


ROWS = (
    Row(
        "I",
        "pydantic to MessagePack, with tag and count / Confluent's Avro serializer",
        confluent,
        {"S": 0.033, "M": 0.033, "L": 0.033},
    ),
    Row("fastavro", "pydantic to MessagePack, with tag and count / `model_dump`, fastavro", by_fastavro),
)
