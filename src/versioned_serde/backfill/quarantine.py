"""Records that could not be rewritten: each is as it was, and somebody has to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from versioned_serde.backfill.state import State
from versioned_serde.errors import SerdeError
from versioned_serde.protocols import Stored
from versioned_serde.rewriting import reason


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What is told of a record. It holds none of its content.

    Attributes:
        key: where it is.
        token: of the record as it was seen.
        reason: a stable word for what is wrong.
        problem: a sentence about it.
        digest: SHA-256 of its bytes, in hexadecimal.
        size: of its bytes.
        seen_at: when, in ISO 8601.
    """

    key: str
    token: str
    reason: str
    problem: str
    digest: str
    size: int
    seen_at: str

    @classmethod
    def of(cls, key: str, stored: Stored, error: Exception) -> Quarantined:
        """For what an error says of a record."""
        problem = str(error) if isinstance(error, SerdeError) else type(error).__name__
        digest = sha256(stored.payload).hexdigest()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(key, stored.token, reason(error), problem, digest, len(stored.payload), now)


class Quarantine:
    """The quarantine of one run."""

    def __init__(self, state: State, run: str) -> None:
        self._state = state
        self._prefix = f"quarantine/{run}/"

    def put(self, entry: Quarantined) -> None:
        """Adds it, in the place of what was said of the same key."""
        self._state.change(self._at(entry.key), lambda _: asdict(entry), first={})

    def get(self, key: str) -> Quarantined | None:
        """What is told of a key, or None."""
        held = self._state.get(self._at(key))
        return None if held is None else Quarantined(**held.content)

    def remove(self, key: str) -> None:
        """Its record is well again, or gone."""
        self._state.delete(self._at(key))

    def __iter__(self) -> Iterator[Quarantined]:
        for name in self._state.keys(self._prefix):
            held = self._state.get(name)
            if held is not None:
                yield Quarantined(**held.content)

    def __len__(self) -> int:
        return sum(1 for _ in self._state.keys(self._prefix))

    def clear(self) -> None:
        """For a run that looks at every record again."""
        for name in self._state.keys(self._prefix):
            self._state.delete(name)

    def _at(self, key: str) -> str:
        return f"{self._prefix}{sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def plain(entry: Quarantined) -> dict[str, Any]:
    """As JSON has it."""
    return asdict(entry)
