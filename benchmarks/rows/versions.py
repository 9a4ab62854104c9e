"""What a prepared release does: it has the new model, and writes the previous version.

Version 2 adds an attribute and renames one.
"""

from __future__ import annotations

from typing import Any

import ormsgpack
from pydantic import BaseModel, create_model

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, fields_of
from benchmarks.row import TAG, Comparison, Row, Side, schema_of
from versioned_serde import Schema, Version, add, rename

_RENAMED = {"S": ("city", "town"), "M": ("buyer", "customer"), "L": ("name", "title")}
_ADDED = "instructions"


def _newest(size: Size, **more: Any) -> tuple[type[BaseModel], BaseModel]:
    """The newest model, and the record as one."""
    old, new = _RENAMED[size]
    fields: dict[str, Any] = {
        new if name == old else name: (type_, ...) for name, type_ in fields_of(MODELS[size]).items()
    }
    fields[_ADDED] = (str | None, None)
    model = create_model("Newest", **fields)
    contents = {new if name == old else name: value for name, value in CONTENTS[size].items()}
    return model, model.model_validate({**contents, **more})


def _schema(size: Size, model: type[BaseModel], writes: int) -> Schema[Any]:
    return schema_of(model, "msgpack", Version(2, add(_ADDED), rename(*_RENAMED[size])), writes=writes)


def _previous(size: Size, **more: Any) -> Side:
    model, value = _newest(size, **more)
    side = Side("dumps(value)", dumps=_schema(size, model, 1).dumps, value=value)
    assert {**ormsgpack.unpackb(side.once()[TAG:]), **more} == {**CONTENTS[size], **more}
    assert _schema(size, model, 2).loads(side.once()) == value
    return side


def _current(size: Size, **more: Any) -> Side:
    model, value = _newest(size, **more)
    schema = _schema(size, model, 2)
    side = Side("dumps(value)", dumps=schema.dumps, value=value)
    assert ormsgpack.unpackb(side.once()[TAG:]) == value.model_dump(exclude_unset=True)
    assert schema.loads(side.once()) == value
    return side


def previous_and_current(size: Size) -> Comparison:
    return Comparison(_previous(size), _current(size))


def previous_and_current_set(size: Size) -> Comparison:
    more = {_ADDED: "Ring twice"}
    return Comparison(_previous(size, **more), _current(size, **more))


def previous_by_hand(size: Size) -> Comparison:
    old, new = _RENAMED[size]

    def by_hand(value: BaseModel) -> bytes:
        attributes = value.model_dump()
        attributes[old] = attributes.pop(new)
        del attributes[_ADDED]
        return ormsgpack.packb(attributes)

    theirs = Side("by_hand(value)", by_hand=by_hand, value=_newest(size)[1])
    assert ormsgpack.unpackb(theirs.once()) == CONTENTS[size]
    return Comparison(_previous(size), theirs)


_NOTHING_EXTRA = {"S": 1.05, "M": 1.05, "L": 1.05}
ROWS = (
    Row(
        "H",
        "writing the previous version from the new model / writing the current one",
        previous_and_current,
        _NOTHING_EXTRA,
    ),
    Row(
        "K",
        "writing the previous version / `model_dump`, edit the dict, ormsgpack",
        previous_by_hand,
        {"S": 0.08, "M": 0.15, "L": 0.20},
    ),
    Row(
        "previous-set",
        "the same as H, with a value for the added attribute, which the previous version keeps as unknown",
        previous_and_current_set,
    ),
)
