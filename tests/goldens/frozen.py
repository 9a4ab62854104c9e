"""The files of frozen records: `<release>/records.jsonl`, one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

import msgspec
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from pydantic import BaseModel

from tests.goldens.samples import Sample, release

HERE = Path(__file__).parent
RECORDS = "records.jsonl"


@dataclass(frozen=True)
class Frozen:
    """One record.

    Attributes:
        sample: the schema's name.
        record: which of its records.
        since: the first release that has the sample.
        payload: hex.
        headers: beside it.
        value: what it means, as `told` tells it.
    """

    sample: str
    record: str
    since: str
    payload: str
    headers: dict[str, str]
    value: Any


def told(value: Any) -> Any:
    """A value as JSON, made without this library; what JSON lacks as its `repr`."""
    return json.loads(json.dumps(_plain(value), default=repr, ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        # What was set explicitly is part of the meaning.
        return {
            name: _plain(getattr(value, name)) for name in type(value).model_fields if name in value.model_fields_set
        }
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(item) for name, item in asdict(value).items()}
    if isinstance(value, Message):
        return MessageToDict(value)
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def made(sample: Sample) -> Iterator[Frozen]:
    """The records of a sample as this code writes them."""
    for name, (payload, headers) in sample.write().items():
        value = told(sample.reader.unpack(payload, headers))
        yield Frozen(sample.name, name, sample.since, payload.hex(), dict(headers), value)


def releases() -> list[str]:
    """The releases that have frozen records, oldest first."""
    return sorted((path.parent.name for path in HERE.glob(f"*/{RECORDS}")), key=release)


def read(name: str) -> list[Frozen]:
    """The frozen records of a release."""
    return [Frozen(**json.loads(line)) for line in (HERE / name / RECORDS).read_text().splitlines()]


def write(name: str, records: list[Frozen]) -> Path:
    """Freezes the records of a release."""
    path = HERE / name / RECORDS
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in records))
    return path
