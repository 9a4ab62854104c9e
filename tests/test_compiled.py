"""What a schema runs on is made at the first use, once, and stands in the place of the method."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from types import MethodType
from unittest.mock import patch

import pytest

from versioned_serde import Schema, Version, native
from versioned_serde.compiled import Compiled


@dataclass
class Point:
    x: int
    y: int = 0


def schema_of(kind: type[Schema[Point]] = Schema) -> Schema[Point]:
    return kind("a.point", Point, Version(1, codec="json", framing="envelope"))


def made(schema: Schema[Point]) -> set[str]:
    return {name for name in vars(schema._compiled) if not name.startswith("_")}


def test_a_declaration_makes_nothing_that_runs() -> None:
    schema = schema_of()
    assert made(schema) == set()
    schema.identify(schema_of().dumps(Point(1)))
    assert made(schema) == {"reader"}


@pytest.mark.parametrize("verb", ["dumps", "loads"])
def test_the_first_look_compiles_and_later_ones_find_it(verb: str) -> None:
    schema = schema_of()
    with patch.object(Compiled, verb, autospec=True, side_effect=getattr(Compiled, verb)) as compiling:
        first = getattr(schema, verb)
        assert isinstance(first, MethodType) is (verb == "loads" and not native.in_use())
        assert getattr(schema, verb) is first
    assert compiling.call_count == 1


def test_one_that_is_held_before_its_first_call_is_the_compiled_one() -> None:
    schema = schema_of()
    dumps, loads = schema.dumps, schema.loads
    assert loads(dumps(Point(1, 2))) == Point(1, 2)
    assert (dumps, loads) == (schema.dumps, schema.loads)


def test_the_class_has_the_method_itself() -> None:
    assert (Schema.dumps.__name__, Schema.loads.__name__) == ("dumps", "loads")
    record = Schema.dumps(schema_of(), Point(1))
    assert Schema.loads(schema_of(), record) == Point(1)


def test_a_subclass_that_has_its_own_is_called_each_time() -> None:
    seen: list[str] = []

    class Watched(Schema[Point]):
        def dumps(self, value: Point) -> bytes:
            seen.append("dumps")
            return super().dumps(value)

        def loads(self, data: bytes) -> Point:
            seen.append("loads")
            return super().loads(data)

    schema = schema_of(Watched)
    for _ in range(2):
        assert schema.loads(schema.dumps(Point(1))) == Point(1)
    assert seen == ["dumps", "loads"] * 2


def test_a_subclass_that_unpacks_itself_sees_what_is_loaded() -> None:
    seen: list[bytes] = []

    class Watched(Schema[Point]):
        def unpack(self, payload: bytes, headers: Mapping[str, str] | None) -> Point:
            seen.append(payload)
            return super().unpack(payload, headers)

    schema = schema_of(Watched)
    record = schema.dumps(Point(1))
    for _ in range(2):
        assert schema.loads(record) == Point(1)
    assert seen == [record] * 2


def test_threads_that_come_first_at_once_count_each_record() -> None:
    for _ in range(20):
        schema, threads = schema_of(), 8
        together = Barrier(threads)

        def work(number: int, schema: Schema[Point] = schema, together: Barrier = together) -> bool:
            together.wait()
            return schema.loads(schema.dumps(Point(number))) == Point(number)

        with ThreadPoolExecutor(threads) as pool:
            assert all(pool.map(work, range(threads)))
        counts = {count.outcome: count.value for count in schema.counts() if count.version == "1"}
        assert (counts["written"], counts["read"]) == (threads, threads)
