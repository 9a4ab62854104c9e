"""All that a service declares, as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import pytest

from versioned_serde import DeclarationError, Parameter, Registry, Schema, UnwritableValueError, Version


@dataclass
class Point:
    x: int


@dataclass
class Size:
    w: int


def schema(name: str, model: type = Point) -> Schema[Point]:
    return Schema(name, model, Version(1, codec="json", framing="envelope"))


def test_a_registry_finds_by_name_id_and_model() -> None:
    points, interval = schema("a.point"), Parameter("a.interval", {1: 5}, kind="at_most", writes=1)
    registry = Registry(points, interval)
    assert registry["a.point"] is points
    assert registry["a.interval"] is interval
    assert "a.point" in registry
    assert "a.size" not in registry
    assert list(registry) == [points, interval]
    assert registry.schemas == (points,)
    assert registry.schema_by_id(points.id) is points
    assert registry.schema_by_id(b"\0\0\0\0") is None
    assert points.loads(registry.dumps(Point(3))) == Point(3)
    assert list(registry.write_versions()) == [("a.point", 1), ("a.interval", 1)]
    assert {(count.schema, count.value) for count in registry.counts() if count.outcome == "written"} == {
        ("a.point", 0),
        ("a.point", 1),
    }


def test_a_model_of_no_schema_or_of_two_is_refused() -> None:
    registry = Registry(schema("a.point"), schema("b.point"))
    with pytest.raises(UnwritableValueError) as caught:
        registry.dumps(Point(1))
    assert str(caught.value) == "`Point` is the model of 2 schemas here. Use the schema's own `dumps`."
    with pytest.raises(UnwritableValueError):
        registry.dumps(Size(1))


def colliding_names() -> tuple[str, str]:
    seen: dict[bytes, str] = {}
    for number in count():
        name = f"a.s{number}"
        other = seen.setdefault(sha256(name.encode()).digest()[:4], name)
        if other != name:
            return other, name
    raise AssertionError("there are more names than ids")


def test_two_schemas_with_the_same_id_are_refused() -> None:
    """A real collision, searched for: 4 bytes collide among some ten thousand names."""
    other, name = colliding_names()
    with pytest.raises(DeclarationError) as caught:
        Registry(schema(other), schema(name))
    assert str(caught.value) == (
        f"{name}: The schema has the same id in envelopes as `{other}` ({schema(name).id.hex()})."
        " Rename the one whose records are not stored yet."
    )
