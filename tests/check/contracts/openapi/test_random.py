"""Random schemas: whatever they are, a release reads what the same release sends."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.check.contracts.openapi.documents import JSON, answered, document, judged, sent
from versioned_serde.check.contracts.openapi import exchange
from versioned_serde.check.contracts.openapi.documents import Node, read
from versioned_serde.check.contracts.openapi.schemas import Schemas, Side

NAMES = ("a", "b", "kind")
SCALARS = st.one_of(
    st.sampled_from(["string", "integer", "number", "boolean"]).map(lambda name: {"type": name}),
    st.builds(lambda low: {"type": "integer", "minimum": low, "exclusiveMinimum": True}, st.integers(0, 3)),
    st.just({"type": "string", "enum": ["x", "y"]}),
    st.just({"type": "string", "nullable": True}),
)
REFERENCES = st.sampled_from(["One", "Two"]).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(st.sampled_from(NAMES), inner | st.sampled_from([R, W]), min_size=1)
    made = st.builds(lambda parts: {"type": "object", "properties": parts}, properties)
    required = st.builds(lambda schema: {**schema, "required": list(schema["properties"])}, made)
    closed = st.builds(lambda schema, more: {**schema, "additionalProperties": more}, made, inner | st.booleans())
    return made | required | closed


R, W = {"type": "string", "readOnly": True}, {"type": "string", "writeOnly": True}


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        objects(inner),
        st.builds(
            lambda keyword, parts: {keyword: parts},
            st.sampled_from(["allOf", "anyOf", "oneOf"]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.just(
            {
                "oneOf": [{"$ref": f"#/components/schemas/{each}"} for each in ("One", "Two")],
                "discriminator": {"propertyName": "kind"},
            }
        ),
    )


SCHEMAS = st.recursive(SCALARS | REFERENCES, composed, max_leaves=4)


@given(SCHEMAS, objects(SCALARS | REFERENCES), objects(SCALARS | REFERENCES), st.sampled_from([sent, answered]))
def test_what_is_sent_is_read_by_the_same_release(schema: Any, one: Any, two: Any, message: Any) -> None:
    made = document(message(schema), components={"schemas": {"One": one, "Two": two}})
    # The same in other words, so that it is compared and not only found to be the same.
    other = document(message({"title": "words", **schema}), components=made["components"])
    with tempfile.TemporaryDirectory() as folder:
        judgment = judged(Path(folder), made, other)
    assert [each.message for each in judgment.findings if each.severity == "error"] == []
    assert judgment.backward == judgment.forward


PARTS = st.fixed_dictionaries(
    {"One": objects(SCALARS), "Two": objects(SCALARS | st.just({"$ref": "#/components/schemas/One"}))}
)


@given(objects(REFERENCES), PARTS, PARTS)
def test_schemas_compared_by_themselves_come_to_what_the_whole_does(schema: Any, old: Any, new: Any) -> None:
    documents = [document(answered(schema), components={"schemas": parts}) for parts in (old, new)]
    with tempfile.TemporaryDirectory() as folder:
        in_parts = judged(Path(folder), *documents)
        with patch.object(exchange, "pairs", lambda *_: []):
            whole = judged(Path(folder), *documents)
        roots = [read(Path(folder, f"{name}.json")) for name in ("old", "new")]
    for one, other in ((in_parts.backward, whole.backward), (in_parts.forward, whole.forward)):
        assert one == other or "undecided" in {one, other}
    for each in in_parts.findings:
        if each.severity == "error":
            assert each.witness is not None
            writer, reader = roots if each.direction == "backward" else reversed(roots)
            assert allows(writer, "writer", json.loads(each.witness))
            assert not allows(reader, "reader", json.loads(each.witness))


def allows(root: Node, side: Side, value: Any) -> bool:
    """Whether the schema of the response allows a value, as the whole."""
    schemas = Schemas("3.0", side, "response")
    node = root.get("paths", "/things", "post", "responses", "200", "content", JSON)
    assert node is not None
    schema = node.raw("schema")
    assert schema is not None
    return Draft202012Validator(schemas.schema(schema) | schemas.root).is_valid(value)
