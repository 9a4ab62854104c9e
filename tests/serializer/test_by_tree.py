"""The way through a tree in one closure: the same records, errors and counts as in single steps."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

from versioned_serde import Limits, Schema, SerdeError, Version, add


class Point(pydantic.BaseModel):
    x: int
    y: float = 0.5
    name: str = ""


class Open(Point):
    model_config = pydantic.ConfigDict(extra="allow")


class Newer(Point):
    more: int = 1


def counts(schema: Schema[Any]) -> dict[str, int]:
    return {f"{count.version} {count.outcome}": count.value for count in schema.counts() if count.value}


def outcome(write: Any, value: Any) -> Any:
    try:
        return write(value)
    except SerdeError as error:
        return type(error), str(error)


def ways(schema: Schema[Any]) -> tuple[Any, Any]:
    def by_steps(value: Any) -> bytes:
        return schema._packed_by_tree(value).payload

    return by_steps, schema._compiled.writer.bytes_by_tree(schema._compiled.dump, schema.writes, by_steps)


FRAMINGS: dict[str, dict[str, Any]] = {
    "bare": {"framing": "bare"},
    "envelope": {"framing": "envelope", "checksum": False},
    "checked": {"framing": "envelope"},
    "inline": {"framing": "inline"},
}


@pytest.mark.parametrize("more", FRAMINGS.values(), ids=FRAMINGS.keys())
def test_the_closure_and_the_steps(more: dict[str, Any]) -> None:
    schema = Schema("a.point", Point, Version(1, codec="json", **more), limits=Limits(max_bytes=1_000))
    by_steps, at_once = ways(schema)
    for value in (Point(x=1), Point(x=1, y=2.0, name="ä"), Newer(x=2, more=3)):
        before = counts(schema).get("1 written", 0)
        assert at_once(value) == by_steps(value) == schema.dumps(value)
        assert counts(schema) == {"1 written": before + 3}
    before_errors = counts(schema)
    wrong: tuple[Any, ...] = (
        Point.model_construct(x="1"),
        Point.model_construct(),
        Point(x=1, name="a" * 500),
        Point(x=1, name="\ud83d\ude00"),
        None,
        {"x": 1},
    )
    for each in wrong:
        found = outcome(at_once, each)
        assert isinstance(found, tuple)
        assert found == outcome(by_steps, each) == outcome(schema.dumps, each)
    assert counts(schema) == before_errors


V1 = Version(1, codec="json", framing="envelope")


@pytest.mark.parametrize(
    "schema",
    [
        Schema("a.point", Open, V1),
        Schema("a.point", Newer, V1, Version(2, add("more")), writes=1),
        Schema("a.point", Point, Version(1, codec="json", framing="envelope", coding="gzip")),
        Schema("a.point", Point, Version(1, codec="json", framing="headers")),
    ],
    ids=["what instances carry", "an older version", "compressed", "headers"],
)
def test_where_there_is_more_to_do(schema: Schema[Any]) -> None:
    assert ways(schema)[1] is None


def test_the_last_size_that_fits() -> None:
    schema = Schema("a.point", Point, V1, limits=Limits(max_bytes=1_000))
    by_steps, at_once = ways(schema)
    sizes = [number for number in range(400, 500) if isinstance(outcome(at_once, Point(x=1, name="a" * number)), bytes)]
    assert sizes == list(range(400, sizes[-1] + 1))
    assert sizes[-1] < 499
    assert not isinstance(outcome(by_steps, Point(x=1, name="a" * (sizes[-1] + 1))), bytes)
    assert isinstance(outcome(by_steps, Point(x=1, name="a" * sizes[-1])), bytes)


def test_a_class_of_ones_own_keeps_its_say() -> None:
    class Loud(Schema[Any]):
        def dumps(self, value: Any) -> bytes:
            return b"!" + super().dumps(value)

    loud = Loud("a.point", Point, V1)
    assert loud.dumps(Point(x=1)) == b"!" + Schema("a.point", Point, V1).dumps(Point(x=1))
