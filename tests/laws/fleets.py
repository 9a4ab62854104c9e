"""Releases of one made-up history that share one record, beside the reference model of it."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from tests.laws.oracle import may_read, may_write, min_readers
from tests.laws.reference import AmbiguousError, Record, same_plain
from versioned_serde.errors import AmbiguousEditError, UnreadableVersionError
from versioned_serde.testing.drawing import values
from versioned_serde.testing.edits import Edit, do, drawn_edit
from versioned_serde.testing.histories import History, Nested, key_paths
from versioned_serde.testing.laws import refusal
from versioned_serde.testing.releases import KINDS, Release


class Fleet:
    """Hosts of several releases, a record, and what must be true of it."""

    def __init__(self, random: Random, kind: str, history: History) -> None:
        self.random = random
        self.kind = kind
        self.presence = KINDS[kind].presence
        self.history = history
        self.lowest = min_readers(history)
        self._releases: dict[tuple[int, int, int], Release] = {}
        self.told: list[Any] = []
        self.edits = 0
        self.ambiguous = 0
        self.editors: set[int] = set()
        first = self.host()
        plain = values(random, history.root, first.newest, history.keyed)
        value = first.memory(Nested(history.root), plain)
        self.packed = first.schema.pack(value)
        # What a dataclass is made with counts as present, defaults too.
        full = first.plain(Nested(history.root), value, presence=self.presence)
        self.record = Record(history, first.newest, first.schema.writes, full)
        self.told.append(("new", first, plain))
        self.check(first)

    def host(self, newest: int | None = None) -> Release:
        """A host; one of any release may have retired what is older than it writes."""
        retires = newest is None and self.random.random() < 0.2
        newest = newest or self.random.randrange(1, self.history.newest + 1)
        writes = self.random.choice(may_write(self.history, newest))
        first = self.random.choice([each for each in range(1, writes + 1) if self._fills_stay(each)]) if retires else 1
        if (newest, writes, first) not in self._releases:
            frozen = bool((newest * 7 + writes) % 3 == 0)
            oldest = (first, self.lowest[first - 1])
            self._releases[newest, writes, first] = Release(self.history, newest, writes, self.kind, frozen, oldest)
        return self._releases[newest, writes, first]

    def _fills_stay(self, first: int) -> bool:
        """Whether a first line has all fills that its readers may need: those of lines before it are gone."""
        gone = range(self.lowest[first - 1] + 1, first)
        return not any(change.version in gone and change.fill is not None for _, _, change in self.history.changes)

    def plain(self, release: Release, value: Any) -> Any:
        return release.plain(Nested(self.history.root), value, presence=self.presence)

    def edit(self) -> None:
        """One edit by one host: refused, ambiguous, or done to the record and to the model of it."""
        release = self.host()
        if not self._readable(release):
            return
        schema = release.schema
        document = schema.read(*self.packed)
        before = self.plain(release, document.value)
        # Changes in place must not reach what was seen before.
        seen = _snapshot(before)
        edits: list[Edit] = []
        if release.frozen or self.random.random() < 0.4:
            plain = deepcopy(_stripped(before))
            for _ in range(self.random.choice((0, 1, 1, 2, 3))):
                edits.append(drawn_edit(self.random, release, plain))
                do(edits[-1], release, plain, plain=True)
            value = release.memory(Nested(self.history.root), deepcopy(plain))
            document.set(value)
        else:
            with document.edit() as value:
                for _ in range(self.random.choice((0, 1, 1, 2, 3))):
                    edits.append(drawn_edit(self.random, release, self.plain(release, value)))
                    do(edits[-1], release, value, plain=False)
        after = self.plain(release, value)
        self.told.append((release, "set" if release.frozen else "edit", edits))
        writes = schema.writes
        keys = key_paths(self.history, release.newest)
        try:
            expected = self.record.edited(release.newest, writes, seen, after, keys)
        except AmbiguousError:
            expected = None
        try:
            packed = schema.write_packed(document)
        except AmbiguousEditError:
            assert expected is None, f"ambiguous without a reason: {self}"
            self.ambiguous += 1
            return
        assert expected is not None, f"should be ambiguous: {self}"
        self.packed, self.record = packed, expected
        self.edits += 1
        self.editors.add(release.newest)
        self.check(release)

    def _readable(self, release: Release) -> bool:
        first = release.schema.versions[0]
        allowed = first <= self.record.version and may_read(self.history, release.newest, self.record.version)
        error = refusal(release.schema, *self.packed)
        assert (error is None) == allowed, f"{release} reads: {error} {self}"
        framings = {form.framing for form in self.history.forms[first - 1 : release.newest]} - {"bare"}
        if error is not None and self.history.forms[self.record.version - 1].framing in framings:
            # Where the tag can be seen, the refusal says what it says.
            assert isinstance(error, UnreadableVersionError), self
            assert error.min_reader == self.lowest[self.record.version - 1]
        return allowed

    def check(self, writer: Release) -> None:
        """The record is what the model says: for the newest host and for another one."""
        origin = writer.schema.identify(*self.packed)
        assert origin.version == self.record.version, self
        if origin.tag is not None:
            assert origin.tag.min_reader == self.lowest[origin.version - 1], self
            expected = origin.version > writer.newest or self.record.holds_more(origin.version)
            if any(change.shows_default for _, _, change in self.history.changes):
                # A default that a step wrote out, and a later one removed, is kept; the reference knows no such value.
                # A host whose newest version is the record's understands just what that version declares.
                expected = expected or bool(self.host(origin.version).schema.read(*self.packed).unknown)
            assert origin.tag.mixed == expected, f"mixed is {origin.tag.mixed}: {self}"
        for release in {id(each): each for each in (self.host(self.history.newest), self.host())}.values():
            if self._readable(release):
                value = release.schema.unpack(*self.packed)
                self.compare(release, value)

    def compare(self, release: Release, value: Any) -> None:
        root = Nested(self.history.root)
        found = release.plain(root, value, presence=False)
        wanted = self.record.view(release.newest, presence=False)
        assert same_plain(_stripped(found), wanted), f"{release} reads\n{found}\ninstead of\n{wanted}\n{self}"
        if self.presence and not any(change.shows_default for _, _, change in self.history.changes):
            found = self.plain(release, value)
            wanted = self.record.view(release.newest, presence=True)
            assert same_plain(_stripped(found), wanted), f"{release} sees\n{found}\ninstead of\n{wanted}\n{self}"

    def __str__(self) -> str:
        told = "\n".join(map(str, self.told))
        return f"{self.kind} {self.packed}\n{self.history}\nmin_readers {self.lowest}\n{told}"


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stripped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value


def _snapshot(value: Any) -> Any:
    """A copy in which objects and lists keep their sources."""
    if isinstance(value, dict):
        copy: Any = type(value).__new__(type(value))
        dict.update(copy, {name: _snapshot(item) for name, item in value.items()})
        copy.__dict__.update(getattr(value, "__dict__", {})) if hasattr(value, "source") else None
        return copy
    if isinstance(value, list):
        made: Any = type(value).__new__(type(value))
        made.extend(_snapshot(item) for item in value)
        made.__dict__.update(value.__dict__) if hasattr(value, "source") else None
        return made
    return value
