"""Holds what is stored against what should be stored, without the library.

What should be there follows from the original data and the journals: an edit's number puts the edits of a city in
order. What is there is read as `docs/spec/envelope-v1.md` describes it, by the few lines below.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from examples.rolling_fleet.cities import Attributes
from examples.rolling_fleet.host import EDITORS
from examples.rolling_fleet.journal import Change
from examples.rolling_fleet.places import database, objects

_NUMBERS = {"geonameid": int, "latitude": float, "longitude": float, "population": int, "edits": int}
_LISTS = ("alternatenames", "editors")


@dataclass
class Audit:
    """What was found.

    Attributes:
        records: cities that should be stored.
        lost_records: those that are not there or cannot be read.
        updates: edits that hosts were told are stored.
        lost_updates: those that left no trace, because another host wrote over them.
        attributes: attributes that the readable cities should have.
        lost_attributes: those that are missing, or have another value.
        unexplained: cities, edits and attributes that nobody wrote.
        examples: some of what is wrong, in words.
    """

    records: int = 0
    lost_records: int = 0
    updates: int = 0
    lost_updates: int = 0
    attributes: int = 0
    lost_attributes: int = 0
    unexplained: int = 0
    examples: list[str] = field(default_factory=list)


def audit(
    cities: dict[str, Attributes], new: dict[str, Attributes], changes: Iterable[Change], stored: dict[str, bytes]
) -> Audit:
    """Compares one store.

    Args:
        cities: what was stored at the start, by key.
        new: what hosts could add, by key.
        changes: the journals' lines about this store.
        stored: the record of each key.
    """
    found = Audit()
    edits: dict[str, list[Change]] = {key: [] for key in cities}
    originals = dict(cities)
    for change in sorted(changes, key=lambda change: change.number):
        if change.number == 0:
            originals[change.key] = new[change.key]
        edits.setdefault(change.key, [])
        edits[change.key] += [change] if change.number else []
    for key in originals.keys() | stored.keys():
        before = len(found.examples)
        _compare(found, originals.get(key), edits.get(key, []), stored.get(key))
        found.examples[before:] = [f"city {key}: {example}" for example in found.examples[before:]]
    return found


def _compare(found: Audit, original: Attributes | None, edits: list[Change], record: bytes | None) -> None:
    if original is None:
        found.unexplained += 1
        found.examples.append("is stored, but nobody did that")
        return
    found.records += 1
    found.updates += len(edits)
    try:
        _, city = decode(record or b"")
    except ValueError as error:
        found.lost_records += 1
        found.examples.append(f"cannot be read: {error}")
        return
    lost = len(edits) - city.get("edits", 0)
    if lost:
        found.lost_updates += max(0, lost)
        found.unexplained += max(0, -lost)
        found.examples.append(f"{len(edits)} edits were acknowledged, {city.get('edits', 0)} are in the record")
        return  # which of them should be seen cannot be told any more
    expected = replay(original, edits)
    found.attributes += len(expected)
    for name in expected.keys() | city.keys():
        if name not in expected:
            found.unexplained += 1
            found.examples.append(f"has `{name}`, which nobody wrote")
        elif name not in city or city[name] != expected[name]:
            found.lost_attributes += 1
            found.examples.append(f"`{name}` is {city.get(name, 'absent')}, not {expected[name]}")


def replay(original: Attributes, edits: list[Change]) -> Attributes:
    """A city after its edits, in the order of their numbers."""
    city = dict(original)
    for edit in edits:
        city |= edit.values
        city["edits"] = edit.number
        city["editors"] = [*city.get("editors", []), edit.editor][-EDITORS:]
    return city


def records_in(place: Path, kind: str) -> dict[str, bytes]:
    """What is stored, by key. Keys are digits, so a file's name is its record's key."""
    if kind == "directory":
        return {path.name: path.read_bytes() for path in objects(place).glob("??/*") if path.name.isdigit()}
    with closing(sqlite3.connect(database(place))) as connection:
        return dict(connection.execute("SELECT key, payload FROM records"))


def decode(record: bytes) -> tuple[int, Attributes]:
    """Version and attributes of a record, by the specification alone.

    Raises:
        ValueError: it is not a record of a city.
    """
    if record[:2] != b"\xfe\xc1" or record[2] & 0xFE != 0x12:
        raise ValueError("no envelope with a checksum")
    body = record[:-4]
    if zlib.crc32(body).to_bytes(4, "big") != record[-4:]:
        raise ValueError("damaged")
    numbers = _uvarints(body, 9)
    (version, _), (_, at) = next(numbers), next(numbers)
    codec, payload = record[3], body[at:]
    if codec == 1:
        return version, json.loads(payload)
    if codec == 4:
        return version, {str(element.tag): _value(element) for element in etree.fromstring(payload)}
    raise ValueError(f"codec {codec} is none of the demo's")


def _uvarints(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Numbers, seven bits to a byte, the lowest first; each with the place after it."""
    while True:
        number = shift = 0
        while data[at] & 0x80:
            number |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
        number |= data[at] << shift
        at += 1
        yield number, at


def _value(element: Any) -> Any:
    if element.attrib:
        raise ValueError(f"`{element.tag}` has XML attributes")
    if element.tag in _LISTS:
        return [item.text or "" for item in element]
    return _NUMBERS.get(element.tag, str)(element.text or "")
