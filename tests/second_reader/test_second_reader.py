"""The second reader passes every vector of the specification, and reads what the library writes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.goldens import frozen
from tests.second_reader import reader
from tests.second_reader.reader import Refused

ROOT = Path(__file__).parents[2]
Vector = dict[str, Any]


def each(name: str) -> Callable[..., Any]:
    vectors = json.loads((ROOT / f"docs/spec/vectors/v1/{name}.json").read_text())["vectors"]
    return pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["name"]) for vector in vectors])


def told(vector: Vector, read: Callable[[], Any], expected: Callable[[], Any]) -> None:
    if "reason" in vector:
        with pytest.raises(Refused) as caught:
            read()
        assert str(caught.value) == vector["reason"]
    else:
        assert read() == expected()


@each("envelope")
def test_envelope(vector: Vector) -> None:
    record = bytes.fromhex(vector["record"])
    told(vector, lambda: reader.envelope(record), lambda: (vector["tag"], bytes.fromhex(vector["payload"])))


@each("inline")
def test_inline(vector: Vector) -> None:
    record = bytes.fromhex(vector["record_hex"]) if "record_hex" in vector else vector["record"].encode()

    def read() -> Any:
        found = reader.inline(record)
        if found is None:
            raise Refused("no-tag")
        return found

    told(vector, read, lambda: (vector["tag"], vector["payload"]))


@each("headers")
def test_headers(vector: Vector) -> None:
    def read() -> Any:
        found = reader.headers(vector["headers"], bytes.fromhex(vector["payload"]))
        if found is None:
            raise Refused("no-tag")
        return found

    told(vector, read, lambda: vector["tag"])


@each("location")
def test_location(vector: Vector) -> None:
    most = vector.get("limits", {}).get("max_bytes", 64 << 20)
    told(
        vector,
        lambda: reader.location(vector["framings"], bytes.fromhex(vector["record"]), vector["headers"], most),
        lambda: (vector["framing"], vector["schema"], vector["tag"], bytes.fromhex(vector["payload"])),
    )


@each("foreign")
def test_foreign(vector: Vector) -> None:
    told(
        vector,
        lambda: reader.with_signs(
            vector["foreign"], vector["framings"], bytes.fromhex(vector["record"]), vector["headers"]
        ),
        lambda: {name: vector[name] for name in ("sign", "payload", "framing") if name in vector},
    )


@each("acceptance")
def test_acceptance(vector: Vector) -> None:
    told(vector, lambda: reader.accept(vector["reader"], vector["tag"]), lambda: vector["read_as"])


@pytest.mark.parametrize("name", frozen.releases())
def test_it_reads_the_tags_of_what_the_library_wrote(name: str) -> None:
    for record in frozen.read(name):
        framing, schema, tag, _payload = reader.location(
            ["envelope", "inline", "headers"] if ".bare" not in record.sample else ["bare"],
            bytes.fromhex(record.payload),
            record.headers,
        )
        assert framing == "bare" or (tag is not None and tag["schema_id"] == reader.schema_id(record.sample))
        assert schema in (None, record.sample)


def test_it_imports_nothing_of_the_library() -> None:
    code = "import sys, tests.second_reader.reader; sys.exit(any(n.startswith('versioned_serde') for n in sys.modules))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
