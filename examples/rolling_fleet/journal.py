"""What hosts say they did. One file per host, one line per acknowledged change, never rewritten.

The audit believes these lines and the original data, and holds the stored records against them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Change:
    """A change that a host was told is stored.

    Attributes:
        store: the kind of the store.
        key: the record's key.
        number: how many edits the record had with this one; 0 when it was inserted.
        values: what the edit set, by attribute, beside `edits` and `editors`.
        editor: who edited.
    """

    store: str
    key: str
    number: int
    editor: str
    values: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The journal of one host, to append to. Each line is handed to the operating system at once."""

    def __init__(self, directory: Path, host: str) -> None:
        directory.mkdir(exist_ok=True)
        self._file = (directory / f"{host}.jsonl").open("a", encoding="utf-8", buffering=1)

    def add(self, change: Change) -> None:
        self._file.write(json.dumps(asdict(change)) + "\n")

    def close(self) -> None:
        self._file.close()


def changes(directory: Path) -> Iterator[Change]:
    """All changes of all hosts, in no order."""
    for path in directory.glob("*.jsonl"):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield Change(**json.loads(line))
