"""Records of newer versions are read and written the same however often one of their kind was seen before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from versioned_serde import ChecksumError, Schema, TagMismatchError, UnreadableVersionError, Version, add
from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.serializer import reader, writer


@dataclass
class Note:
    text: str


@dataclass
class Signed:
    text: str
    by: str | None = None


def notes(*, checksum: bool) -> Schema[Note]:
    return Schema("a.note", Note, Version(1, codec="json", framing="envelope", checksum=checksum))


def signed(*, checksum: bool) -> Schema[Signed]:
    first = Version(1, codec="json", framing="envelope", checksum=checksum)
    return Schema("a.note", Signed, first, Version(2, add("by")), writes=2)


@pytest.mark.parametrize("checksum", [False, True])
def test_the_first_and_those_after_it(checksum: bool) -> None:
    old, new = notes(checksum=checksum), signed(checksum=checksum)
    for number in range(4):
        record = new.dumps(Signed(str(number), by=f"me{number}"))
        document = old.read(record)
        assert (document.version, document.value) == (2, Note(str(number)))
        with document.edit() as note:
            note.text = "new"
        assert new.loads(old.write(document)) == Signed("new", by=f"me{number}")
    assert {count.version: count.value for count in old.counts() if count.outcome == "read" and count.value} == {
        "newer": 4
    }


def test_damage_is_found_in_those_after_it() -> None:
    old, record = notes(checksum=True), signed(checksum=True).dumps(Signed("a", by="me"))
    assert old.loads(record) == Note("a")
    with pytest.raises(ChecksumError):
        old.loads(record[:-5] + b"!" + record[-4:])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda tag: replace(tag, min_reader=2), UnreadableVersionError),
        (lambda tag: replace(tag, codec=2), TagMismatchError),
        (lambda tag: replace(tag, version=DEFAULT_LIMITS.version_window + 2), UnreadableVersionError),
    ],
    ids=["min_reader", "codec", "version"],
)
def test_what_is_refused_is_refused_again(change: Callable[[Any], Any], error: type[Exception]) -> None:
    old, newer = notes(checksum=False), signed(checksum=False)
    refused = prefix(change(newer.lines[-1].tag())) + b'{"text":"a"}'
    for _ in range(3):
        assert old.loads(newer.dumps(Signed("a"))) == Note("a")
        with pytest.raises(error):
            old.loads(refused)


def test_not_more_than_a_bounded_number_is_remembered() -> None:
    old = notes(checksum=True)
    tag = signed(checksum=True).lines[-1].tag()
    for version in range(2, DEFAULT_LIMITS.version_window + 2):
        for mixed in (False, True):
            record = seal(prefix(replace(tag, version=version, mixed=mixed)) + b'{"text":"a","by":"me"}')
            document = old.read(record)
            with document.edit() as note:
                note.text = "b"
            again = seal(prefix(replace(tag, version=version, mixed=True)) + b'{"text":"b","by":"me"}')
            assert old.write(document) == again
    assert len(old._compiled.reader._starts) == reader._MOST_STARTS
    assert len(old._compiled.writer._newer_frames) == writer._MOST_FRAMES
