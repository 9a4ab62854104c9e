from __future__ import annotations

from hashlib import sha256

import pytest

from tests.backfill.counters import as_old, new
from tests.backfill.memory import MemoryStore
from versioned_serde.backfill.quarantine import Quarantine, Quarantined, plain
from versioned_serde.backfill.state import State
from versioned_serde.errors import ReadError, SerdeError
from versioned_serde.protocols import Stored

DAMAGED = as_old(7)[:-6] + b"secret"


def refused(payload: bytes) -> ReadError:
    with pytest.raises(ReadError) as raised:
        new.read(payload)
    return raised.value


def entry(key: str = "a", payload: bytes = DAMAGED) -> Quarantined:
    return Quarantined.of(key, Stored(payload, {}, "17"), refused(payload))


def test_an_entry_tells_what_is_wrong_and_nothing_of_the_content() -> None:
    told = entry()
    assert (told.key, told.token, told.reason, told.size) == ("a", "17", "bad-checksum", len(DAMAGED))
    assert told.digest == sha256(DAMAGED).hexdigest()
    assert "secret" not in str(plain(told))
    assert told.problem
    assert told.seen_at[-6:] == "+00:00"


def test_errors_that_are_not_ours_are_named_and_not_quoted() -> None:
    told = Quarantined.of("a", Stored(b"", {}, "1"), ValueError("secret"))
    assert (told.reason, told.problem) == ("ValueError", "ValueError")
    told = Quarantined.of("a", Stored(b"", {}, "1"), SerdeError("What it is."))
    assert told.problem == "What it is."


@pytest.mark.parametrize("key", ["", "a", "a/b/../c", "é" * 300, "\n"])
def test_entries_are_found_by_key_and_one_by_one(key: str) -> None:
    state = State(MemoryStore())
    quarantine, other = Quarantine(state, "run/1"), Quarantine(state, "run/12")
    assert (quarantine.get(key), len(quarantine), list(quarantine)) == (None, 0, [])
    quarantine.put(entry(key))
    other.put(entry("other"))
    assert quarantine.get(key) == entry(key)
    assert list(quarantine) == [entry(key)]
    later = Quarantined.of(key, Stored(b"", {}, "18"), ValueError())
    quarantine.put(later)
    assert (quarantine.get(key), len(quarantine)) == (later, 1)
    quarantine.put(entry("more"))
    quarantine.remove(key)
    quarantine.remove(key)
    assert [each.key for each in quarantine] == ["more"]
    quarantine.clear()
    assert (len(quarantine), len(other)) == (0, 1)
