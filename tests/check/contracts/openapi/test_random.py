"""Random schemas: whatever they are, a release reads what the same release sends."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.check.contracts.openapi.documents import answered, document, judged, sent

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


@given(SCHEMAS, objects(SCALARS | REFERENCES), objects(SCALARS | REFERENCES))
def test_what_is_sent_is_read_by_the_same_release(schema: Any, one: Any, two: Any) -> None:
    for operation in (sent(schema), answered(schema)):
        made = document(operation, components={"schemas": {"One": one, "Two": two}})
        with tempfile.TemporaryDirectory() as folder:
            judgment = judged(Path(folder), made, made)
        assert [each.message for each in judgment.findings if each.severity == "error"] == []
        assert judgment.backward == judgment.forward
