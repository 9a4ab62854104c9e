"""One record in a hundred is corrupt, in several ways: each is quarantined with its reason, and stays as it is."""

from __future__ import annotations

import gzip
from hashlib import sha256

import msgspec
import pytest

from tests.backfill.counters import NAME, First, New, Old, as_new, as_old, new, old
from tests.backfill.faults.deaths import Death, Here
from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde import Schema, Version, rename
from versioned_serde.backfill import Settings, backfill, quarantined
from versioned_serde.limits import Limits

RECORDS = 1_000


class Newest(msgspec.Struct):
    many: int
    extra: int = 0


def flipped(payload: bytes, bit: int) -> bytes:
    changed = bytearray(payload)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def corrupt() -> dict[str, tuple[bytes, str]]:
    """What is wrong -> bytes, and the reason that is given."""
    other = Schema("tests.other", First, Version(1, codec="json", framing="envelope"))
    newer = Schema(NAME, Newest, *new.declared, Version(4, rename("count", "many")), writes=4)
    return {
        "a bit of the magic": (flipped(as_old(1), 3), "no-tag"),
        "a bit of the payload": (flipped(as_old(1), 8 * len(as_old(1)) - 40), "bad-checksum"),
        "a bit of a newer one": (flipped(as_new(1), 8 * len(as_new(1)) - 40), "bad-checksum"),
        "half of it": (as_old(1)[: len(as_old(1)) // 2], "truncated"),
        "its tag alone": (as_old(1)[:6], "truncated"),
        "nothing": (b"", "empty"),
        "another schema": (other.dumps(First(1)), "wrong-schema"),
        "a newer version": (newer.dumps(Newest(1)), "UnreadableVersionError"),
        "text": (b'{"total": 1}', "no-tag"),
        "something compressed": (gzip.compress(as_old(1)), "no-tag"),
    }


KINDS = corrupt()


def filled() -> tuple[MemoryStore, dict[str, tuple[bytes, str]]]:
    store, bad = MemoryStore(), {}
    kinds = list(KINDS.values())
    for number in range(RECORDS):
        key = f"r{number:04}"
        if number % 100 == 37:
            bad[key] = kinds[number // 100 % len(kinds)]
            store.set(key, bad[key][0])
        else:
            store.set(key, as_old(number) if number % 2 else as_new(number, 1))
    return store, bad


def settings() -> Settings:
    return Settings(engine=Here(), workers=1, shards=4, batch=50, lease=0.01)


def test_each_corrupt_record_is_told_of_and_left_alone_and_all_others_are_rewritten() -> None:
    store, bad = filled()
    progress = backfill(new, store, to=3, settings=settings())
    assert progress.books.plain() == {
        "scanned": RECORDS, "migrated": RECORDS // 2 - len(bad), "already": RECORDS // 2,
        "overtaken": 0, "deleted": 0, "quarantined": len(bad),
    }  # fmt: skip
    told = {entry.key: entry for entry in quarantined(store, progress)}
    assert {key: entry.reason for key, entry in told.items()} == {key: reason for key, (_, reason) in bad.items()}
    for key, (payload, _) in bad.items():
        assert store.records[key].payload == payload
        assert (told[key].digest, told[key].size) == (sha256(payload).hexdigest(), len(payload))
        assert told[key].token == store.records[key].token
        assert told[key].problem
    for number in range(RECORDS):
        key = f"r{number:04}"
        if key not in bad:
            assert new.loads(store.records[key].payload) == New(number, 0 if number % 2 else 1)


def test_a_bomb_is_refused_in_bounded_memory_and_quarantined() -> None:
    version = Version(1, codec="json", coding="gzip", framing="envelope", checksum=False)
    schema = Schema("tests.bomb", Old, version, Version(2, coding="none"), writes=2, limits=Limits(max_inflated=10_000))
    writer = Schema("tests.bomb", Old, version, limits=Limits(max_inflated=10**9))
    big = writer.dumps(Old(1))
    header = big[: big.index(b"\x1f\x8b")]
    store = MemoryStore()
    store.set("bomb", header + gzip.compress(b" " * 10**7 + b'{"count":1}'))
    progress = backfill(schema, store, to=2, settings=settings())
    (entry,) = quarantined(store, progress)
    assert (entry.key, entry.reason) == ("bomb", "LimitError")
    assert progress.books.quarantined == 1


@pytest.mark.parametrize("at", [3, 240, 471])
def test_a_resume_repeats_at_most_one_batch_of_a_shard(at: int) -> None:
    """Calls that write, over both processes: one for each record and no more, but for the batch that was under way."""
    store, bad = filled()
    writes: list[str] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("after", "update") and key.startswith("r0"):
            writes.append(key)
            if len(writes) == at:
                raise Death

    with pytest.raises(Death):
        backfill(new, ToldStore(store, told), to=3, settings=settings())
    progress = backfill(new, ToldStore(store, told), to=3, settings=settings())
    assert progress.complete
    assert len(writes) == len(set(writes)) == RECORDS // 2 - len(bad), "what was written is not written again"
    repeated = progress.books.already - RECORDS // 2
    assert 0 <= repeated <= 50
    assert progress.books.scanned == RECORDS
    assert {entry.key for entry in quarantined(store, progress)} == set(bad)
    assert old.loads(store.records["r0001"].payload).count == 1
