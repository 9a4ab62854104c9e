"""How cost grows: with attributes, nesting, versions in the chain, schemas in the registry, threads.

`python -m benchmarks.curves` measures the points, writes them to `benchmarks/results/curves.json` and draws them as
pictures for the docs.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Literal

import ormsgpack
from pydantic import BaseModel, create_model
from rich.console import Console
from rich.progress import track

from benchmarks import results
from benchmarks.measuring import calls_for, timer_of
from benchmarks.records.models import KEYS, MODELS, value_of
from benchmarks.row import Side, schema_of
from versioned_serde import Registry, Schema, Version, rename

FILE = results.FOLDER / "curves.json"
PICTURES = Path(__file__).parents[1] / "docs" / "images"
ROUNDS, SECONDS = 9, 0.003
Axes = Literal["", "x", "xy"]


@dataclass(frozen=True, slots=True)
class Curve:
    """One picture.

    Attributes:
        name: of the file.
        title: what it shows.
        x: what grows.
        y: what is measured, with its unit.
        points: the values of what grows.
        measure: one of them -> figures by the names of the lines.
        logarithmic: which axes are.
    """

    name: str
    title: str
    x: str
    y: str
    points: tuple[int, ...]
    measure: Callable[[int], dict[str, float]]
    logarithmic: Axes = "xy"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve as it is stored and drawn; its attributes are those of `Curve`, with the figures by line."""

    name: str
    title: str
    x: str
    y: str
    points: list[int]
    lines: dict[str, list[float]]
    logarithmic: Axes


def _microseconds(sides: dict[str, Side]) -> dict[str, float]:
    """Medians of interleaved rounds."""
    timers = {name: timer_of(side) for name, side in sides.items()}
    calls = {name: calls_for(timer, SECONDS) for name, timer in timers.items()}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, timer in timers.items():
            found[name].append(timer.timeit(calls[name]) / calls[name] * 1e6)
    return {name: median(times) for name, times in found.items()}


def _against_peers(model: type[BaseModel], value: BaseModel) -> dict[str, float]:
    packed, text = schema_of(model, "msgpack"), schema_of(model, "json")
    option, json_text = ormsgpack.OPT_SERIALIZE_PYDANTIC, value.model_dump_json().encode()
    sides = {
        "dumps, MessagePack": Side("dumps(value)", dumps=packed.dumps, value=value),
        "ormsgpack": Side("packb(value, option=option)", packb=ormsgpack.packb, value=value, option=option),
        "loads, JSON": Side("loads(record)", loads=text.loads, record=text.dumps(value)),
        "model_validate_json": Side("validate(text)", validate=model.model_validate_json, text=json_text),
    }
    assert packed.loads(sides["dumps, MessagePack"].once()) == value == sides["loads, JSON"].once()
    assert model.model_validate(ormsgpack.unpackb(sides["ormsgpack"].once())) == value
    assert sides["model_validate_json"].once() == value
    return _microseconds(sides)


def _attributes(count: int) -> dict[str, float]:
    fields: dict[str, Any] = {f"attribute_{number}": (str if number % 2 else int, ...) for number in range(count)}
    model = create_model("Wide", **fields)
    contents = {name: f"text {name}" if type_ is str else 1000 for name, (type_, _) in fields.items()}
    return _against_peers(model, model.model_validate(contents))


def _nesting(depth: int) -> dict[str, float]:
    model, contents = create_model("Inner", number=(int, ...), text=(str, ...)), {"number": 7, "text": "inner"}
    for _ in range(depth - 1):
        model = create_model("Outer", number=(int, ...), text=(str, ...), inside=(model, ...))
        contents = {"number": 7, "text": "outer", "inside": contents}
    return _against_peers(model, model.model_validate(contents))


def _versions(count: int) -> dict[str, float]:
    """Each version renames the same attribute."""
    first, model = _named(1), _named(count)
    steps = [Version(number, rename(f"name_{number - 1}", f"name_{number}")) for number in range(2, count + 1)]
    newest = schema_of(model, "json", *steps, writes=count)
    previous = schema_of(model, "json", *steps, writes=max(1, count - 1))
    value = model.model_validate({f"name_{count}": "Ada", "number": 17, "city": "London"})
    old = schema_of(first, "json").dumps(first.model_validate({"name_1": "Ada", "number": 17, "city": "London"}))
    sides = {
        "dumps, newest version": Side("dumps(value)", dumps=newest.dumps, value=value),
        "dumps, previous version": Side("dumps(value)", dumps=previous.dumps, value=value),
        "loads, newest version": Side("loads(record)", loads=newest.loads, record=newest.dumps(value)),
        "loads, oldest version": Side("loads(record)", loads=newest.loads, record=old),
    }
    assert newest.loads(previous.dumps(value)) == value
    assert sides["loads, newest version"].once() == value == sides["loads, oldest version"].once()
    return _microseconds(sides)


def _named(version: int) -> type[BaseModel]:
    fields: dict[str, Any] = {f"name_{version}": (str, ...), "number": (int, ...), "city": (str, ...)}
    made: type[BaseModel] = create_model("Renamed", **fields)
    return made


def _declared(count: int) -> Iterator[tuple[Schema[Any], Any]]:
    """Schemas of as many models, each with a value."""
    for number in range(count):
        model = create_model(f"Model{number}", number=(int, ...), text=(str, ...))
        version = Version(1, codec="msgpack", framing="envelope", checksum=False)
        yield Schema(f"bench.schema{number}", model, version), model.model_validate({"number": number, "text": "t"})


_DECLARED: list[tuple[Schema[Any], Any]] = []
_SPREAD = 100


def _registry(count: int) -> dict[str, float]:
    """One schema again and again; and schemas all over the registry in turn, which the processor's caches hold less."""
    if len(_DECLARED) < count:
        _DECLARED.clear()
        _DECLARED.extend(_declared(count))
    declared = _DECLARED[:count]
    registry = Registry(*(schema for schema, _ in declared))
    spread = [declared[number * count // _SPREAD] for number in range(_SPREAD)]
    one = [declared[count // 2]] * _SPREAD
    sides = {}
    for name, called in (("one schema", one), (f"{_SPREAD} schemas in turn", spread)):
        values, records = [value for _, value in called], [schema.dumps(value) for schema, value in called]
        assert [registry.dumps(value) for value in values] == records
        sides[f"Registry.dumps, {name}"] = Side(
            "for value in values: dumps(value)", dumps=registry.dumps, values=values
        )
        sides[f"schema_by_id and identify, {name}"] = Side(
            "for record in records: find(record[5:9]).identify(record)", find=registry.schema_by_id, records=records
        )
    return {name: found / _SPREAD for name, found in _microseconds(sides).items()}


def _threads(count: int) -> dict[str, float]:
    value = value_of("M")
    schema = schema_of(MODELS["M"], "json", keys=KEYS["M"])
    record = schema.dumps(value)
    calls: dict[str, tuple[Callable[[Any], Any], Any, int]] = {
        "dumps": (schema.dumps, value, 20_000),
        "loads": (schema.loads, record, 1_000),
    }
    found: dict[str, float] = {}
    for name, (call, argument, times) in calls.items():
        rounds = [(_a_second(count, call, argument, times), _a_second(1, call, argument, times)) for _ in range(ROUNDS)]
        found[name] = median(all_threads / one for all_threads, one in rounds)
    return found


def _a_second(threads: int, call: Callable[[Any], Any], argument: Any, times: int) -> float:
    """Calls by all threads together."""
    ready = threading.Barrier(threads + 1)
    share = times // threads

    def run() -> None:
        ready.wait()
        for _ in range(share):
            call(argument)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    ready.wait()
    begin = perf_counter()
    for thread in running:
        thread.join()
    return share * threads / (perf_counter() - begin)


_TIME = "time of one call, µs"
CURVES = (
    Curve(
        "attributes", "Cost by number of attributes", "attributes", _TIME, (5, 10, 20, 50, 100, 200, 500), _attributes
    ),
    Curve("nesting", "Cost by depth of nesting", "objects inside each other", _TIME, (1, 2, 5, 10, 20, 40), _nesting),
    Curve("versions", "Cost by number of versions", "versions listed", _TIME, (1, 2, 5, 10, 20, 50), _versions),
    Curve(
        # From the most down, so that the models are made once.
        "registry",
        "Cost by number of schemas",
        "schemas in the registry",
        _TIME,
        (10_000, 1_000, 100, 10, 1),
        _registry,
        logarithmic="x",
    ),
    Curve(
        "threads",
        "Cost by number of threads: record M, one interpreter lock",
        "threads",
        "calls a second / those of one thread",
        (1, 2, 4, 8),
        _threads,
        logarithmic="",
    ),
)


def _measured(curve: Curve, points: Sequence[int], console: Console) -> Drawn:
    lines: dict[str, list[float]] = {}
    ascending = sorted(points)
    found = {}
    for point in track(points, curve.name, console=console, disable=not console.is_terminal):
        found[point] = curve.measure(point)
    for point in ascending:
        for name, figure in found[point].items():
            lines.setdefault(name, []).append(float(f"{figure:.4g}"))
    return Drawn(curve.name, curve.title, curve.x, curve.y, ascending, lines, curve.logarithmic)


def main(arguments: Sequence[str] | None = None) -> None:
    made = argparse.ArgumentParser(prog="python -m benchmarks.curves", description=__doc__.partition("\n")[0])
    made.add_argument(
        "--draw", action="store_true", help="measure nothing, draw the pictures of the stored points again"
    )
    asked = made.parse_args(arguments)
    if not asked.draw:
        console = Console(stderr=True)
        found = [_measured(curve, curve.points, console) for curve in CURVES]
        _DECLARED.clear()
        results.write_json(FILE, {**results.circumstances(), "curves": [asdict(curve) for curve in found]})
    from benchmarks.drawing import picture  # noqa: PLC0415 - only here, because it takes half a second

    stored = json.loads(FILE.read_text())
    note = f"{stored['date']}, {stored['machine']}, CPython {stored['versions']['CPython']}"
    for curve in stored["curves"]:
        results.write(PICTURES / f"curve-{curve['name']}.svg", picture(**curve, note=note))
    print(f"Written: {len(CURVES)} pictures.")


if __name__ == "__main__":
    main()
