"""Recursive values are bounded as all others are, by `Limits.max_depth`: on both ways, whatever comes."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Any

import pytest

from tests.laws.trees import CODECS, KEYS, MODELS, PROTO, made
from versioned_serde import Limits, Schema, Version
from versioned_serde.errors import LimitError, PayloadError, ReadError, UnwritableValueError
from versioned_serde.levels import Levels
from versioned_serde.shape import (
    ABSENT,
    Attribute,
    EnumType,
    ListType,
    NullableType,
    RecursiveType,
    Scalar,
    Shape,
    UnionType,
)

LEVEL = RecursiveType("Node")
NODE = Shape("Node", (Attribute("n", Scalar("int")), Attribute("next", NullableType(LEVEL), ABSENT)))
LISTS = Shape("Node", (Attribute("n", Scalar("int")), Attribute("kids", ListType(LEVEL), ABSENT)))
EITHER = Shape(
    "Node",
    (
        Attribute("kind", EnumType(("node",))),
        Attribute("n", Scalar("int")),
        Attribute("next", UnionType("kind", (("node", LEVEL),)), ABSENT),
    ),
)


def one(shape: Shape, codec: str, **bounds: int) -> Schema[Any]:
    keys = {"kids": "n"} if shape is LISTS else {}
    return Schema("x.node", shape, Version(1, codec=codec, framing="bare"), limits=Limits(**bounds), keys=keys)


def chain(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"n": 0}
    for _ in range(levels - 1):
        value = {"n": 0, "next": value}
    return value


def lists(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"n": 0}
    for _ in range(levels - 1):
        value = {"n": 0, "kids": [value]}
    return value


def union(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"kind": "node", "n": 0}
    for _ in range(levels - 1):
        value = {"kind": "node", "n": 0, "next": value}
    return value


SHAPES: dict[str, tuple[Shape, Any, int]] = {
    "objects": (NODE, chain, 10),
    "lists": (LISTS, lists, 5),
    "union": (EITHER, union, 10),
}
"""Shape, a value of some levels, and how many levels fit into a depth of 10."""


@pytest.mark.parametrize("codec", ["json", "msgpack", "xml", "cbor"])
@pytest.mark.parametrize("name", SHAPES)
def test_the_bound_counts_levels_on_both_ways(name: str, codec: str) -> None:
    shape, value, most = SHAPES[name]
    narrow, wide = one(shape, codec, max_depth=10), one(shape, codec, max_depth=60)
    for levels in (1, most - 1, most):
        assert narrow.loads(narrow.dumps(value(levels))) == value(levels)
    for levels in (most + 1, most + 2, most + 8):
        with pytest.raises(UnwritableValueError, match="nested deeper than 10"):
            narrow.dumps(value(levels))
        blob = wide.dumps(value(levels))
        assert wide.loads(blob) == value(levels)
        with pytest.raises(LimitError, match="nested deeper than 10") as caught:
            narrow.loads(blob)
        assert caught.value.limit == "max_depth"


def test_the_bound_counts_levels_in_protobuf() -> None:
    narrow, wide = (
        Schema("x.c", PROTO, Version(1, codec="protobuf", framing="bare"), limits=Limits(max_depth=depth), keys=KEYS)
        for depth in (10, 60)
    )

    def message(levels: int) -> Any:
        value = PROTO(body="x")
        for _ in range(levels - 1):
            value = PROTO(body="x", quoted=value)
        return value

    assert narrow.loads(narrow.dumps(message(8))) == message(8)
    for levels in (11, 30):
        with pytest.raises(UnwritableValueError, match="nested deeper than 10"):
            narrow.dumps(message(levels))
        blob = wide.dumps(message(levels))
        assert wide.loads(blob) == message(levels)
        with pytest.raises(LimitError, match="nested deeper than 10"):
            narrow.loads(blob)


LEAF = {"id": 1, "body": "", "score": Decimal(1)}


@pytest.mark.parametrize("depth", [64, 1_000_000])
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", ["pydantic", "dataclass", "msgspec", "mapping", "declared"])
def test_an_instance_that_contains_itself_is_not_written(kind: str, codec: str, depth: int) -> None:
    first = Version(1, codec=CODECS[codec], framing="envelope")
    schema = Schema("x.c", MODELS[kind], first, limits=Limits(max_depth=depth), keys=KEYS)
    deep = "nested deeper than 64" if depth == 64 else "nested deeper"
    for at, held in (("quoted", lambda it: it), ("replies", lambda it: [it]), ("by_tag", lambda it: {"x": it})):
        value = made(kind, LEAF)
        _put(value, at, held(value))
        with pytest.raises(UnwritableValueError, match=deep):
            schema.dumps(value)
        document = schema.read(schema.dumps(made(kind, LEAF)))
        with pytest.raises(UnwritableValueError, match=deep):
            document.set(value)
        with document.edit() as edited:
            _put(edited, at, held(edited))
        with pytest.raises(UnwritableValueError, match=deep):
            schema.write(document)


def _put(value: Any, name: str, held: Any) -> None:
    if isinstance(value, dict):
        value[name] = held
    else:
        setattr(value, name, held)


@pytest.mark.parametrize("depth", [64, 1_000_000])
def test_hostile_depth_is_refused(depth: int) -> None:
    """Whatever the bound, and wherever the interpreter gives up."""
    levels = 50_000
    nested = {
        "json": b'{"n":1,"next":' * levels + b'{"n":1}' + b"}" * levels,
        "msgpack": b"\x82\xa1n\x01\xa4next" * levels + b"\x81\xa1n\x01",
        "cbor": b"\xa2an\x01dnext" * levels + b"\xa1an\x01",
        "xml": b"<record>" + b"<n>1</n><next>" * levels + b"<n>1</n>" + b"</next>" * levels + b"</record>",
    }
    for codec, payload in nested.items():
        with pytest.raises((LimitError, PayloadError)):
            one(NODE, codec, max_depth=depth).loads(payload)
        with pytest.raises(ReadError):
            one(NODE, codec, max_depth=depth).read(payload)


@pytest.mark.parametrize("codec", ["json", "msgpack", "xml", "cbor"])
def test_a_depth_that_python_cannot_follow_is_a_typed_error_in_every_verb(codec: str) -> None:
    schema = one(NODE, codec, max_depth=1_000_000)
    for levels in (50, 100, 150, 200, 250, 300, 400):
        value = chain(levels)
        try:
            blob = schema.dumps(value)
        except UnwritableValueError:
            continue
        try:
            assert schema.loads(blob) == value
            document = schema.read(blob)
            document.value["n"] = 1
            schema.write(document)
        except (LimitError, PayloadError, UnwritableValueError):
            continue


@pytest.mark.parametrize(("codec", "fits", "deepest"), [("xml", 255, 255), ("protobuf", 99, 100)])
def test_what_the_format_nests_too_deep_to_be_read_is_not_written(codec: str, fits: int, deepest: int) -> None:
    """In protobuf the innermost message counts with the lists that it could hold."""
    first = Version(1, codec=CODECS[codec], framing="bare")
    schema = Schema("x.c", MODELS["mapping"], first, limits=Limits(max_depth=10_000), keys=KEYS)
    recursion = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        for levels in (fits, deepest + 1):
            told: dict[str, Any] = LEAF
            for _ in range(levels - 1):
                told = {**LEAF, "quoted": told}
            if levels == fits:
                assert schema.loads(schema.dumps(told)) == told
            else:
                with pytest.raises(UnwritableValueError, match=f"nested deeper than {deepest}"):
                    schema.dumps(told)
    finally:
        sys.setrecursionlimit(recursion)


def test_levels_are_compiled_when_they_are_reached_and_once() -> None:
    made_at: list[tuple[int, bool]] = []

    def compiled(room: int, levels: Levels[Any]) -> Any:
        made_at.append((room, levels.inner))
        inner = levels.objects(NODE, room - 1, lambda deeper: compiled(room - 1, deeper))
        return lambda depth: 0 if depth == 0 else 1 + inner(depth - 1)

    def late(level: Any) -> Any:
        def function(depth: int) -> int:
            deeper: int = level()(depth)
            return deeper

        return function

    levels: Levels[Any] = Levels(late)
    function = levels.objects(NODE, 9, lambda each: compiled(9, each))
    assert made_at == [(9, False)]
    assert function(2) == 2
    assert function(2) == 2
    assert made_at == [(9, False), (8, True), (7, True)]


def test_what_is_not_recursive_is_compiled_at_once() -> None:
    levels: Levels[int] = Levels(lambda level: level())
    flat = Shape("Node", (Attribute("n", Scalar("int")),))
    assert levels.objects(flat, 3, lambda each: int(each.inner)) == 0
    assert levels.objects(flat, 2, lambda each: int(each.inner)) == 0


def test_json_of_a_deep_value_is_what_it_looks_like() -> None:
    assert json.loads(one(NODE, "json").dumps(chain(3))) == {"n": 0, "next": {"n": 0, "next": {"n": 0}}}
