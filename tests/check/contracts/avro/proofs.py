"""Witnesses, put to the real reader."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro

from tests.check.witnessed import check_witnessed
from versioned_serde.check.contracts.avro.contract import compare
from versioned_serde.check.contracts.contract import Judgment
from versioned_serde.check.finding import Finding

FAILURES = (fastavro.read.SchemaResolutionError, fastavro.schema.SchemaParseException, KeyError, UnicodeDecodeError)


def judged(folder: Path, old: Any, new: Any) -> Judgment:
    """The judgment of two schemas, as two files."""
    files = folder / "old.avsc", folder / "new.avsc"
    for path, schema in zip(files, (old, new), strict=True):
        path.write_text(json.dumps(schema, indent=1))
    found = compare(*files, ())
    check_witnessed(found.findings)
    return found


def payload(finding: Finding) -> bytes:
    """The bytes of its witness."""
    assert finding.witness is not None
    return bytes.fromhex(finding.witness.partition(" = ")[0])


def read(data: bytes, writer: Any, reader: Any = None) -> Any:
    source = BytesIO(data)
    value = fastavro.schemaless_reader(source, writer, reader)
    assert source.read() == b""
    return value


def fails(finding: Finding, old: Any, new: Any) -> bool:
    """Whether the reader with the other schema fails on the witness, which the one with the writer's own reads."""
    writer, reader = (old, new) if finding.direction == "backward" else (new, old)
    data = payload(finding)
    read(data, writer)
    if finding.rule == "avro-decimal-changed":  # fastavro reads it by the writer's scale; Java by the reader's:
        return True
    try:
        read(data, writer, reader)
    except FAILURES:
        return True
    return False
