"""The test vectors of `docs/spec/vectors/v1` against the library, and against the specification's own table."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.envelope.vectors.__main__ import write
from versioned_serde import CloudEvents, Confluent, ForeignFraming, SingleObject
from versioned_serde.envelope import binary, headers, inline
from versioned_serde.envelope.recognize import recognize
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import (
    ChecksumError,
    LimitError,
    PayloadError,
    ReadError,
    SerdeError,
    TagError,
    TagMismatchError,
)
from versioned_serde.limits import DEFAULT_LIMITS, Limits

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "docs/spec/vectors/v1"
SPEC = ROOT / "docs/spec/envelope-v1.md"

Vector = dict[str, Any]


def load(name: str) -> list[Vector]:
    vectors: list[Vector] = json.loads((VECTORS / f"{name}.json").read_text())["vectors"]
    return vectors


def each(name: str) -> Callable[..., Any]:
    return pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["name"]) for vector in load(name)])


def reason_of(error: SerdeError) -> str:
    """The specification's word for an error."""
    if isinstance(error, TagError):
        mismatches = dict.fromkeys(("tags-disagree", "other-foreign-sign"), TagMismatchError)
        expected = {"bad-checksum": ChecksumError, **mismatches}.get(error.reason, TagError)
        assert type(error) is expected
        return error.reason
    if isinstance(error, LimitError):
        return {"max_extensions": "extensions-too-large", "max_bytes": "too-large"}[error.limit]
    assert type(error) is PayloadError
    return "not-json"


def refused(reason: str, read: Callable[[], object]) -> None:
    with pytest.raises(ReadError) as caught:
        read()
    assert reason_of(caught.value) == reason


def tag_of(facts: dict[str, Any]) -> Tag:
    """A vector's facts as a tag; a header and an inline tag say the schema's name instead of its id."""
    given = dict(facts)
    name = given.pop("schema", None)
    id_ = bytes.fromhex(given.pop("schema_id")) if name is None else schema_id(name)
    extensions = tuple((type_, bytes.fromhex(value)) for type_, value in given.pop("extensions", ()))
    return Tag(id_, extensions=extensions, **{"codec": 1, **given})


@each("envelope")
def test_envelope(vector: Vector) -> None:
    record = bytes.fromhex(vector["record"])
    if "reason" in vector:
        refused(vector["reason"], lambda: binary.open_(record, DEFAULT_LIMITS))
        return
    tag, payload = tag_of(vector["tag"]), bytes.fromhex(vector["payload"])
    assert binary.open_(record, DEFAULT_LIMITS) == (tag, payload)
    framed = binary.prefix(tag) + payload
    assert (binary.seal(framed) if tag.checksum else framed) == record


@each("inline")
def test_inline(vector: Vector) -> None:
    record = bytes.fromhex(vector["record_hex"]) if "record_hex" in vector else vector["record"].encode()
    if vector.get("reason") == "no-tag":
        assert inline.split(record) is None
        return
    if "reason" in vector:
        refused(vector["reason"], lambda: inline.split(record))
        return
    schema, tag, payload = vector["tag"]["schema"], tag_of(vector["tag"]), vector["payload"].encode()
    assert inline.split(record) == (schema, tag, payload)
    assert (inline.join(schema, tag, payload) == record) is vector["written"]


@each("headers")
def test_headers(vector: Vector) -> None:
    given, payload = vector["headers"], bytes.fromhex(vector["payload"])
    if vector.get("reason") == "no-tag":
        assert headers.from_headers(given, payload) is None
        return
    if "reason" in vector:
        refused(vector["reason"], lambda: headers.from_headers(given, payload))
        return
    schema, tag = vector["tag"]["schema"], tag_of(vector["tag"])
    assert headers.from_headers(given, payload) == (schema, tag)
    assert (headers.to_headers(schema, tag, payload) == given) is vector["written"]


@each("location")
def test_location(vector: Vector) -> None:
    limits = Limits(**vector.get("limits", {}))
    framings, record = frozenset(vector["framings"]), bytes.fromhex(vector["record"])
    if "reason" in vector:
        refused(vector["reason"], lambda: recognize(framings, record, vector["headers"], limits))
        return
    found = recognize(framings, record, vector["headers"] or None, limits)
    tag = None if vector["tag"] is None else tag_of(vector["tag"])
    assert found == (vector["framing"], vector["schema"], tag, bytes.fromhex(vector["payload"]))


def sign_of(facts: dict[str, Any]) -> ForeignFraming:
    if "confluent" in facts:
        return Confluent(facts["confluent"])
    if "single-object" in facts:
        return SingleObject(bytes.fromhex(facts["single-object"]))
    return CloudEvents(facts["dataschema"], facts["datacontenttype"])


@each("foreign")
def test_foreign(vector: Vector) -> None:
    framings, record, signs = frozenset(vector["framings"]), bytes.fromhex(vector["record"]), vector["foreign"]
    declared = [sign_of(sign) for sign in signs]
    if "reason" in vector:
        refused(vector["reason"], lambda: recognize(framings, record, vector["headers"], DEFAULT_LIMITS, declared))
        return
    found = recognize(framings, record, vector["headers"], DEFAULT_LIMITS, declared)
    if "sign" in vector:
        assert found == (declared[vector["sign"]], None, None, bytes.fromhex(vector["payload"]))
    else:
        assert found.framing == vector["framing"]


def test_files_are_what_the_script_writes(tmp_path: Path) -> None:
    write(tmp_path)
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_text() for path in VECTORS.iterdir()}


def reasons_in_the_specification() -> set[str]:
    table = SPEC.read_text().split("## Reasons to refuse", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


def test_each_reason_of_the_specification_is_refused_at_least_twice() -> None:
    counts = Counter(vector["reason"] for path in VECTORS.iterdir() for vector in load(path.stem) if "reason" in vector)
    assert set(counts) == reasons_in_the_specification()
    assert [reason for reason, count in counts.items() if count < 2] == []


def test_the_code_has_no_reason_that_the_specification_lacks() -> None:
    package = ROOT / "src/versioned_serde"
    files = [path for path in package.rglob("*.py") if not path.is_relative_to(package / "check")]
    source = "".join(path.read_text() for path in files)  # the reasons of the linter's ignores are others
    used = set(re.findall(r"""reason="([^"]+)\"""", source)) | set(re.findall(r', "([a-z]+-extensions)"', source))
    assert used <= reasons_in_the_specification()
