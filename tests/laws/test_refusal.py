"""L5: no reader yields a value where the tag says that it cannot; no bytes give anything but a typed error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import trials
from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.oracle import may_read
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.envelope.tag import Tag
from versioned_serde.errors import TagError, UnreadableVersionError
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested
from versioned_serde.testing.laws import refusal
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources

DAMAGES = 8


@pytest.mark.parametrize("kind", EITHER)
@cases(DAMAGES)
@given(data=st.data(), random=sources())
def test_damaged_records_give_a_value_or_a_typed_error(kind: str, data: st.DataObject, random: Random) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    release = Release(history, history.newest, history.newest, kind)
    value = release.memory(Nested(history.root), values(random, history.root, history.newest, history.keyed))
    payload, headers = release.schema.pack(value)
    for _ in range(DAMAGES):
        damage(random, release, payload, headers)
        tried("L5")
    for name, text in headers.items():
        refusal(release.schema, payload, {name: _damaged(random, text.encode()).decode("latin-1")})


def damage(random: Random, release: Release, payload: bytes, headers: Mapping[str, str]) -> None:
    damaged = _damaged(random, payload)
    error = refusal(release.schema, damaged, headers)
    if release.schema.lines[-1].checksum and damaged != payload and (headers or damaged[:3] == payload[:3]):
        assert isinstance(error, TagError), "a checksum lets damage pass"


def _damaged(random: Random, data: bytes) -> bytes:
    at, to = random.randrange(len(data) + 1), random.randrange(len(data) + 1)
    match random.randrange(5):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        case 2:
            return data[:at] + data[min(at, to) : max(at, to)] + data[at:]
        case 3:
            return data[: min(at, to)] + data[max(at, to) :]
        case _:
            return data[:at] + bytes(random.randrange(256) for _ in range(4)) + data[at:]


@pytest.mark.parametrize("kind", EITHER)
@cases(1)
@given(data=st.data(), random=sources(), garbage=st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_typed_error(
    kind: str, data: st.DataObject, random: Random, garbage: bytes
) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    release = Release(history, history.newest, history.newest, kind)
    refusal(release.schema, garbage)
    # Behind a tag that is right, the payload is read in earnest.
    for line in release.schema.lines:
        if line.framing == "envelope":
            framed = prefix(line.tag(mixed=random.random() < 0.5)) + garbage
            refusal(release.schema, seal(framed) if line.checksum else framed)


@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_what_must_not_be_read_is_not_read(kind: str, data: st.DataObject, random: Random, newest: int) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest))
    root = Nested(history.root)
    writer = Release(history, newest, newest, kind)
    packed = writer.schema.pack(writer.memory(root, values(random, history.root, newest, history.keyed)))
    for host in range(1, newest + 1):
        error = refusal(Release(history, host, host, kind).schema, *packed)
        assert (error is None) == may_read(history, host, newest), (history, host)
        tried("L5")


@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources())
def test_a_tag_that_differs_from_the_declaration_is_refused(kind: str, data: st.DataObject, random: Random) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind))
    release = Release(history, history.newest, history.newest, kind)
    line = release.schema.lines[-1]
    if line.framing != "envelope":
        return
    value = release.memory(Nested(history.root), values(random, history.root, history.newest, history.keyed))
    wrong_tags(release, release.schema._compiled.reader.identify(release.schema.pack(value).payload, None)[1])


def wrong_tags(release: Release, payload: bytes) -> int:
    """Puts tags before a payload that differ from the declaration; returns how many."""
    line = release.schema.lines[-1]
    tag = line.tag()
    window = 100

    def framed(other: Tag) -> bytes:
        data = prefix(other) + payload
        return seal(data) if other.checksum else data

    assert refusal(release.schema, framed(replace(tag, version=line.number + window))) is None
    for wrong in (
        replace(tag, codec=tag.codec + 100),
        replace(tag, coding=tag.coding + 100),
        replace(tag, checksum=not tag.checksum),
        replace(tag, min_reader=tag.min_reader - 1 if tag.min_reader > 1 else tag.version),
        replace(tag, schema_id=b"else"),
    ):
        if wrong != tag:
            assert isinstance(refusal(release.schema, framed(wrong)), TagError), wrong
    for wrong in (
        replace(tag, version=line.number + 1, min_reader=line.number + 1),
        replace(tag, version=line.number + window + 1),
    ):
        assert isinstance(refusal(release.schema, framed(wrong)), UnreadableVersionError), wrong
    return 7


def _refuses(trial: Trial) -> int:
    history, random = trial.history, trial.random
    release = trial.release(1 if trial.cell.framing == "bare" else history.newest)
    line = release.schema.lines[-1]
    tried_here = 0
    payload, headers = release.schema.pack(trial.value(release))
    for _ in range(trials.VALUES):
        damage(random, release, payload, headers)
        # Behind a frame and a coding that are right, the payload is read in earnest.
        plain = release.schema._compiled.reader.payload(*release.schema._compiled.reader.identify(payload, headers))
        garbage = _damaged(random, plain)
        coded = garbage if line.coding is None else line.coding.compress(garbage)
        if line.framing != "inline":  # there the frame is in the payload
            refusal(release.schema, *line.frame(mixed=random.random() < 0.5)(coded))
            tried_here += 1
        tried_here += 1
    for name, text in headers.items():
        refusal(release.schema, payload, {name: _damaged(random, text.encode()).decode("latin-1")})
        tried_here += 1
    if line.framing == "envelope":
        tried_here += wrong_tags(release, release.schema._compiled.reader.identify(payload, None)[1])
    host = random.randrange(1, line.number + 1)
    if history.forms[0].framing != "bare":
        error = refusal(trial.release(host).schema, payload, headers)
        assert (error is None) == may_read(history, host, line.number)
        tried_here += 1
    return tried_here


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L5", kind, codec, _refuses, versions=(1, 2, 3))
