"""pydantic models to JSON."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, create_model

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, fields_of, value_of
from benchmarks.row import TAG, Comparison, Row, Side, schema_of


def _compared(value: BaseModel, theirs: Side) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(type(value), "json").dumps, value=value)
    text = theirs.once()
    assert ours.once()[TAG:] == (text.encode() if isinstance(text, str) else text)
    return Comparison(ours, theirs)


def to_json(size: Size) -> Comparison:
    value = value_of(size)
    theirs = Side("to_json(value)", to_json=type(value).__pydantic_serializer__.to_json, value=value)
    assert type(value).model_validate_json(theirs.once()) == value
    return _compared(value, theirs)


def model_dump_json(size: Size) -> Comparison:
    value = value_of(size)
    theirs = Side("dump_json()", dump_json=value.model_dump_json)
    assert type(value).model_validate_json(theirs.once()) == value
    return _compared(value, theirs)


def partly_set(size: Size) -> Comparison:
    """Every second attribute is set; the others have their default and are not written."""
    fields: dict[str, Any] = {name: (type_ | None, None) for name, type_ in fields_of(MODELS[size]).items()}
    model = create_model("Partly", **fields)
    value = model.model_validate({name: CONTENTS[size][name] for name in list(fields)[::2]})
    to_json = type(value).__pydantic_serializer__.to_json
    return _compared(value, Side("to_json(value, exclude_unset=True)", to_json=to_json, value=value))


ROWS = (
    Row(
        "B",
        "pydantic to JSON, with tag and count / bare `to_json`, the same payload bytes",
        to_json,
        {"S": 0.33, "M": 0.30, "L": 0.32},
    ),
    Row("C", "the same as B / `model_dump_json`", model_dump_json, {"S": 0.16, "M": 0.24, "L": 0.30}),
    Row("presence", "the same as B, half the attributes set / `to_json(value, exclude_unset=True)`", partly_set),
    Row("pure-B", "the same as B, in pure Python / bare `to_json`", to_json, pure=True),
)
