"""R, the record of rich types, and real records: the cities of the demo."""

from __future__ import annotations

import json
from typing import Any

import ormsgpack

from benchmarks.records.rich import RICH, Rich
from benchmarks.row import TAG, Comparison, Row, Side, schema_of
from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.releases.release_4 import City

CITIES = 100


def rich_json(record: str) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(Rich, "json").dumps, value=RICH)
    theirs = Side("to_json(value)", to_json=Rich.__pydantic_serializer__.to_json, value=RICH)
    assert schema_of(Rich, "json").loads(ours.once()) == RICH == Rich.model_validate_json(theirs.once())
    return Comparison(ours, theirs)


def rich_messagepack(record: str) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(Rich, "msgpack").dumps, value=RICH)
    theirs = Side("packb(dump(mode='json'))", packb=ormsgpack.packb, dump=RICH.model_dump)
    assert schema_of(Rich, "msgpack").loads(ours.once()) == RICH
    assert Rich.model_validate(ormsgpack.unpackb(theirs.once())) == RICH
    return Comparison(ours, theirs)


def rich_loads(record: str) -> Comparison:
    schema = schema_of(Rich, "json")
    ours = Side("loads(record)", loads=schema.loads, record=schema.dumps(RICH))
    theirs = Side("validate_json(text)", validate_json=Rich.model_validate_json, text=RICH.model_dump_json())
    assert ours.once() == RICH == theirs.once()
    return Comparison(ours, theirs)


def _cities() -> list[City]:
    return [City.model_validate(attributes) for attributes in largest(CITIES).values()]


def cities_dumps(record: str) -> Comparison:
    values, schema = _cities(), schema_of(City, "json")
    ours = Side("[dumps(value) for value in values]", dumps=schema.dumps, values=values)
    to_json = City.__pydantic_serializer__.to_json
    theirs = Side("[to_json(value, exclude_unset=True) for value in values]", to_json=to_json, values=values)
    assert [each[TAG:] for each in ours.once()] == theirs.once()
    return Comparison(ours, theirs)


def cities_dumps_many(record: str) -> Comparison:
    values, schema = _cities(), schema_of(City, "json")
    ours = Side("dumps_many(values)", dumps_many=schema.dumps_many, values=values)
    theirs = Side("[dumps(value) for value in values]", dumps=schema.dumps, values=values)
    assert ours.once() == theirs.once()
    return Comparison(ours, theirs)


def cities_loads_many(record: str) -> Comparison:
    values, schema = _cities(), schema_of(City, "json")
    records = schema.dumps_many(values)
    ours = Side("loads_many(records)", loads_many=schema.loads_many, records=records)
    theirs = Side("[loads(record) for record in records]", loads=schema.loads, records=records)
    assert ours.once() == values == theirs.once()
    return Comparison(ours, theirs)


def cities_loads(record: str) -> Comparison:
    values, schema = _cities(), schema_of(City, "json")
    records: list[Any] = schema.dumps_many(values)
    ours = Side("[loads(record) for record in records]", loads=schema.loads, records=records)
    validate = City.model_validate_json
    texts = [each[TAG:] for each in records]
    theirs = Side("[validate_json(text) for text in texts]", validate_json=validate, texts=texts)
    assert ours.once() == values == theirs.once()
    assert json.loads(texts[0])["name"] == values[0].name
    return Comparison(ours, theirs)


_R, _DEMO = ("R",), ("demo",)
ROWS = (
    Row("rich-json", "pydantic to JSON / bare `to_json`", rich_json, records=_R),
    Row("rich-msgpack", 'pydantic to MessagePack / `model_dump(mode="json")`, ormsgpack', rich_messagepack, records=_R),
    Row("rich-loads", "`loads` of JSON to pydantic / `model_validate_json`", rich_loads, records=_R),
    Row("cities", f"{CITIES} cities to JSON / `to_json(value, exclude_unset=True)`", cities_dumps, records=_DEMO),
    Row("cities-many", f"{CITIES} cities by `dumps_many` / by `dumps` in a loop", cities_dumps_many, records=_DEMO),
    Row(
        "cities-loads-many", f"{CITIES} cities by `loads_many` / by `loads` in a loop", cities_loads_many, records=_DEMO
    ),
    Row("cities-loads", f"`loads` of {CITIES} cities / `model_validate_json`", cities_loads, records=_DEMO),
)
