"""pydantic models to MessagePack."""

from __future__ import annotations

import ormsgpack

from benchmarks.records.contents import CONTENTS, Size
from benchmarks.records.models import MODELS, value_of
from benchmarks.row import TAG, Comparison, Row, Side, schema_of

_END_OF_CHECKSUM = -4


def _bare(size: Size) -> Side:
    side = Side(
        "packb(value, option=option)",
        packb=ormsgpack.packb,
        value=value_of(size),
        option=ormsgpack.OPT_SERIALIZE_PYDANTIC,
    )
    assert ormsgpack.unpackb(side.once()) == CONTENTS[size]
    return side


def tagged(size: Size) -> Comparison:
    ours = Side("dumps(value)", dumps=schema_of(MODELS[size], "msgpack").dumps, value=value_of(size))
    assert ormsgpack.unpackb(ours.once()[TAG:]) == CONTENTS[size]
    return Comparison(ours, _bare(size))


def checked(size: Size) -> Comparison:
    schema = schema_of(MODELS[size], "msgpack", checksum=True)
    ours = Side("dumps(value)", dumps=schema.dumps, value=value_of(size))
    assert ormsgpack.unpackb(ours.once()[TAG:_END_OF_CHECKSUM]) == CONTENTS[size]
    return Comparison(ours, _bare(size))


_TITLE = "pydantic to MessagePack, with tag and count / bare ormsgpack"
ROWS = (
    Row("A", _TITLE, tagged, {"S": 0.38, "M": 0.45, "L": 0.40}),
    Row("checksum", "the same as A, with a checksum / bare ormsgpack", checked),
    Row("pure-A", "the same as A, in pure Python / bare ormsgpack", tagged, pure=True),
)
