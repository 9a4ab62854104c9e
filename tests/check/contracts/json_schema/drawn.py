"""Small schemas as Hypothesis draws them, and changes of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ["a", "b", "ab"]
CONSTANTS: list[Any] = [None, True, 0, 1, 2, 1.5, "", "a", "ab", [], [1], {}, {"a": 1}]

JSON = st.recursive(
    st.one_of(st.sampled_from(CONSTANTS), st.integers(-4, 6), st.text("abc", max_size=4), st.sampled_from([0.5, 2.5])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from([*NAMES, "c", "ba"]), inner, max_size=4)
    ),
    max_leaves=8,
)
"""Instances that such schemas tell apart."""

SCALARS = st.one_of(
    st.booleans(),
    st.just({}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])}
    ),
    st.fixed_dictionaries(
        {"type": st.lists(st.sampled_from(["string", "integer", "null", "object"]), min_size=1, unique=True)}
    ),
    st.fixed_dictionaries({"enum": st.lists(st.sampled_from(CONSTANTS), min_size=1, max_size=3)}),
    st.fixed_dictionaries({"const": st.sampled_from(CONSTANTS)}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": st.integers(-2, 3),
            "maximum": st.integers(-2, 3),
            "exclusiveMinimum": st.integers(-2, 3),
            "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
        },
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.just("string"),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 3),
            "pattern": st.sampled_from(["^a", "b$", "^[ab]+$", "a|b", "^a{2}"]),
        },
    ),
)


def _objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from(NAMES)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.just("object"),
            "properties": st.dictionaries(names, inner, min_size=1, max_size=2),
            "required": st.lists(names, unique=True, min_size=1, max_size=2),
            "additionalProperties": st.one_of(st.just(False), inner),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, min_size=1, max_size=1),
            "propertyNames": st.just({"maxLength": 1}),
            "minProperties": st.integers(0, 2),
            "maxProperties": st.integers(0, 2),
            "dependentRequired": st.just({"a": ["b"]}),
            "dependentSchemas": st.fixed_dictionaries({"a": inner}),
        },
    )


def _arrays(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.just("array"),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "minContains": st.integers(0, 2),
            "maxContains": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
        },
    )


def _combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arms = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries({"allOf": arms}),
        st.fixed_dictionaries({"anyOf": arms}),
        st.fixed_dictionaries({"oneOf": arms}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
        st.fixed_dictionaries({"anyOf": arms, "unevaluatedProperties": st.just(False)}),
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.one_of(_objects(inner), _arrays(inner), _combined(inner)), max_leaves=8
)


@st.composite
def changed(draw: st.DrawFn, schema: Any) -> Any:
    """A schema with one change somewhere in it: tightened, loosened, renamed, wrapped or replaced."""
    if not isinstance(schema, dict) or not schema or draw(st.integers(0, 5)) == 0:
        other = draw(SCALARS)
        return draw(
            st.sampled_from([other, {"anyOf": [schema, other]}, {"allOf": [schema, other]}, {"oneOf": [schema]}])
        )
    keyword = draw(st.sampled_from(sorted(schema)))
    value = schema[keyword]
    rest = {key: each for key, each in schema.items() if key != keyword}
    if keyword in ("properties", "patternProperties", "dependentSchemas"):
        name = draw(st.sampled_from(sorted(value)))
        if keyword == "properties" and draw(st.booleans()):
            return rest | {keyword: {draw(st.sampled_from(NAMES)): value[name]}}
        return rest | {keyword: value | {name: draw(changed(value[name]))}}
    if keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        index = draw(st.integers(0, len(value) - 1))
        return rest | {keyword: [*value[:index], draw(changed(value[index])), *value[index + 1 :]]}
    if keyword in ("items", "contains", "not", "if", "then", "else", "additionalProperties"):
        return rest | {keyword: draw(changed(value))}
    if type(value) is int and keyword.startswith("m"):
        return rest | {keyword: max(0, value + draw(st.sampled_from([-1, 1]))) or (1 if keyword == "multipleOf" else 0)}
    return rest


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two schemas that have something to do with each other, in either order."""
    schema = draw(SCHEMAS)
    other = draw(changed(schema))
    for _ in range(draw(st.integers(0, 2))):
        other = draw(changed(other))
    return (schema, other) if draw(st.booleans()) else (other, schema)
