"""Live writers of two releases, each a process of its own, and what they say that they wrote.

Each adds one to a counter in a record, as fast as it can. After the store said yes it writes a line to its journal. So
the store never holds less than the journals say; and where no writer was killed, exactly that.

Processes come from a server that has imported everything, so that a thousand of them cost little.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from tests.backfill.counters import New, Old, new, old
from versioned_serde.protocols import ScannedStore
from versioned_serde.records import Records

RELEASES = ("old", "old", "new", "new")
"""Of the writers. The old release does not know version 3, and inserts version 1."""
_IMPORTED = ["pytest", "psycopg", "tests.backfill.conftest", "tests.backfill.faults.killing"]
_ONE_BY_ONE = 40
"""Edits between two looks at whether to stop; after each, a record is inserted or deleted."""


def context() -> Any:
    """Of processes."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(_IMPORTED)
    return found


@dataclass(frozen=True)
class Writer:
    """One live writer.

    Attributes:
        number: tells it from others.
        release: `old` or `new`.
        store: where the records are.
        keys: those that it edits; all writers edit the same.
        folder: of the journals; writers stop when there is a file `stop`.
        most: edits after which it stops by itself; 0 for no bound.
    """

    number: int
    release: str
    store: ScannedStore
    keys: tuple[str, ...]
    folder: Path
    most: int = 0

    def run(self) -> None:
        """Writes until it is stopped."""
        random, done, own = Random(self.number), 0, 0
        stop = self.folder / "stop"
        schema, change, made = (old, _add_old, Old) if self.release == "old" else (new, _add_new, New)
        records: Records[Any] = Records(schema, self.store)
        mine: list[str] = []
        with self._journal.open("a") as journal:
            while not stop.exists() and not (self.most and done >= self.most):
                for key in random.choices(self.keys, k=_ONE_BY_ONE):
                    records.edit(key, change)
                    journal.write(f"edit {key}\n")
                done += _ONE_BY_ONE
                if mine and random.random() < 0.5:
                    key = mine.pop()
                    records.edit(key, change)
                    journal.write(f"delete {key}\n")  # before it is: whoever is killed here has said enough
                    records.delete(key)
                else:
                    own += 1
                    mine.append(f"of-{self.number}-{own}")
                    records.insert(mine[-1], made(0))
                    journal.write(f"insert {mine[-1]}\n")

    @property
    def _journal(self) -> Path:
        return self.folder / f"{self.number}-{self.release}"


def _add_old(value: Any) -> None:
    value.count += 1


def _add_new(value: Any) -> None:
    value.count += 1
    value.extra += 1


@dataclass
class Told:
    """What the journals say.

    Attributes:
        edits: key -> (by any release, by the newer one).
        there: keys that writers inserted and did not delete.
        acknowledged: lines.
    """

    edits: Mapping[str, New] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    acknowledged: int = 0


def told_by(folder: Path) -> Told:
    """Reads all journals."""
    count: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    there: set[str] = set()
    lines = 0
    for journal in folder.glob("*-*"):
        with journal.open() as file:
            for line in file:
                verb, _, key = line.rstrip("\n").partition(" ")
                lines += 1
                if verb == "edit":
                    count[key] += 1
                    extra[key] += journal.name.endswith("new")
                elif verb == "insert":
                    there.add(key)
                else:
                    there.discard(key)
    return Told({key: New(number, extra[key]) for key, number in count.items()}, there, lines)


class Fleet:
    """Four live writers, from `start` to `stop`.

    Args:
        store: where the records are; written to by the processes.
        folder: an empty one, for the journals.
        records: how many there are to begin with, of version 1.
        least: edits of all writers together, before which they are not done.

    Attributes:
        told: what the journals say, once it is audited.
    """

    def __init__(self, store: ScannedStore, folder: Path, records: int, least: int = 0) -> None:
        self.store = store
        self.folder = folder
        self.keys = tuple(f"record-{number:04}" for number in range(records))
        self.told = Told()
        self._least = least
        most = -(-least // len(RELEASES))
        folder.mkdir()
        for key in self.keys:
            store.insert(key, *old.pack(Old(0)))
        make = context().Process
        self.processes: list[BaseProcess] = [
            make(target=Writer(number, release, store, self.keys, folder, most).run, daemon=True)
            for number, release in enumerate(RELEASES)
        ]

    def __enter__(self) -> Fleet:
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Lets them end what they are doing."""
        (self.folder / "stop").touch()
        for process in self.processes:
            process.join()

    def is_done(self) -> bool:
        """Whether they have written as much as they were to."""
        return not self._least or all(process.exitcode is not None for process in self.processes)

    def audit(self) -> list[str]:
        """What is wrong: updates that are lost, attributes of the newer release, records. Empty if nothing is."""
        told, wrong = told_by(self.folder), []
        self.told = told
        assert [process.exitcode for process in self.processes] == [0] * len(RELEASES), "a writer failed"
        assert told.acknowledged > 0
        found = set(self.store.keys())
        if missing := (set(self.keys) | told.there) - found:
            wrong.append(f"records are lost: {sorted(missing)}")
        if others := found - set(self.keys) - told.there:
            wrong.append(f"records came back: {sorted(others)}")
        for key in self.keys:
            stored = self.store.get(key)
            value = None if stored is None else new.unpack(stored.payload, stored.headers)
            wanted = told.edits.get(key, New(0))
            if value != wanted:
                wrong.append(f"{key}: {value} instead of {wanted}")
        return wrong
