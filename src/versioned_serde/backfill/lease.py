"""One worker at a time on a shard, without a clock that anybody shares.

Whoever works on a shard changes its document several times within a lease. Who waits for it watches the document by
its own monotonic clock, and takes over when it has not changed for as long as the lease. The document's token is the
fence: a worker that was stopped for longer, and wakes up again, cannot change it any more, and so knows that it is out.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from versioned_serde.backfill.books import Books
from versioned_serde.backfill.state import Held, State
from versioned_serde.errors import BackfillError

Counts = dict[tuple[int, int, bool], int]
"""(version, min_reader, mixed) -> records."""


class LostLeaseError(BackfillError):
    """Another worker has taken over the shard. What this one did since its last checkpoint stands, uncounted."""


class Lease:
    """A shard that this worker holds.

    Attributes:
        position: where the next page begins.
        until: where the shard ends; empty for the end of the records.
        books: what became of its records so far.
        counts: of a census: what was found so far.
        unreadable: of a census: reason -> records that could not be counted.
        done: whether there is nothing left.
    """

    def __init__(self, state: State, key: str, held: Held) -> None:
        self._state = state
        self._key = key
        self._token = held.token
        self._owner = held.content["owner"]
        self._beat = int(held.content["beat"])
        self._saved_at = time.monotonic()
        self.position: str = held.content["position"]
        self.until: str = held.content["until"]
        self.done: bool = held.content["done"]
        self.books: Books = Books.parsed(held.content["books"])
        self.counts: Counts = {(version, low, mixed): n for version, low, mixed, n in held.content["counts"]}
        self.unreadable: dict[str, int] = dict(held.content["unreadable"])

    def save(self, *, give_back: bool = False) -> None:
        """A checkpoint.

        Args:
            give_back: whether this worker is through with the shard for now, so that nobody need wait for it.

        Raises:
            LostLeaseError: somebody else has the shard now.
        """
        self._beat += 1
        content = _content(self.position, self.until)
        content |= {
            "done": self.done,
            "books": self.books.plain(),
            "counts": [[*what, number] for what, number in sorted(self.counts.items())],
            "unreadable": self.unreadable,
            "owner": "" if self.done or give_back else self._owner,
            "beat": self._beat,
        }
        token = self._state.update(self._key, self._token, content)
        if token is None:
            raise LostLeaseError(
                f"Another worker has taken over `{self._key}`.",
                hint="Nothing is lost; if it happens often, raise the lease above the time that a batch takes.",
            )
        self._token = token
        self._saved_at = time.monotonic()

    def keep(self, every: float) -> None:
        """The last checkpoint again, as a sign of life, if it is longer ago than so many seconds."""
        if time.monotonic() - self._saved_at >= every:
            self.save()


def claim(
    state: State,
    key: str,
    ends: tuple[str, str],
    lease: float,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Lease | None:
    """Waits until the shard is this worker's; None if it is done.

    Args:
        state: of the run.
        key: of the shard's document.
        ends: where the shard begins and ends.
        lease: seconds without a sign of life, after which its owner is taken for dead.
        clock: seconds, of this process alone.
        sleep: waits.
    """
    seen: tuple[str, float] | None = None
    while True:
        held = state.get(key)
        if held is None:
            held = _taken(state, key, _content(*ends), None)
        elif held.content["done"]:
            return None
        else:
            now = clock()
            if seen is None or seen[0] != held.token:
                seen = held.token, now
            owner = held.content["owner"]
            if not owner or is_gone(owner) or now - seen[1] >= lease:
                held = _taken(state, key, held.content, held.token)
            else:
                sleep(min(lease / 10, 0.5))
                continue
        if held is not None:
            return Lease(state, key, held)


def _taken(state: State, key: str, content: dict[str, Any], token: str | None) -> Held | None:
    content = {**content, "owner": new_owner(), "beat": content["beat"] + 1}
    new = state.insert(key, content) if token is None else state.update(key, token, content)
    return None if new is None else Held(content, new)


def _content(position: str, until: str) -> dict[str, Any]:
    return {
        "position": position,
        "until": until,
        "done": False,
        "books": Books().plain(),
        "counts": [],
        "unreadable": {},
        "owner": "",
        "beat": 0,
    }


def new_owner() -> str:
    """Names this process and one use of it."""
    return f"{_host()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Whether the owner was a process of this host that has ended. It need not be known: a lease ends by itself."""
    host, pid, _ = owner.rsplit("/", 2)
    if host != _host() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _is_zombie(int(pid))


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


@cache
def _host() -> str:
    """This host, and the space of process numbers in it. Names of hosts and of first spaces are not theirs alone."""
    space, boot = Path("/proc/self/ns/pid"), Path("/proc/sys/kernel/random/boot_id")
    told = (space.readlink(), boot.read_text().strip()) if space.exists() and boot.exists() else ()
    return ":".join(map(str, (socket.gethostname(), *told)))
