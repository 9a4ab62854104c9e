"""How fast a backfill is, and what live traffic feels of it.

`python -m benchmarks.backfilling` fills stores in a temporary folder with orders of 1 kB, and tells three things:

- objects a second of one worker, beside a bare loop over the same store that reads each record, writes it in the newer
  version and swaps it, without verifying, books, checkpoints or a lease; in turns, in one process;
- the 95th percentile of live reads and edits from another process, before and during a run;
- the memory of a run over many rows, at a tenth of the way and at its end.

A full run writes them to benchmarks/results/ and into docs/explanation/performance.md.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import programs
from benchmarks.records.models import Medium, value_of
from versioned_serde import DirectoryStore, Records, Schema, SqliteStore, Version
from versioned_serde.backfill import Pace, Settings, backfill
from versioned_serde.backfill.record import Progress
from versioned_serde.protocols import ScannedStore

GOAL_OF_THE_LOOP = 0.7
"""Of the objects a second of a bare loop, at least."""
GOAL_OF_TRAFFIC = 1.2
"""Times the p95 of live traffic without a run, at most."""
LINES = (Version(1, codec="json", framing="envelope"), Version(2, codec="msgpack"))
KEYS = {"lines": "sku"}
before = Schema("bench.order", Medium, *LINES, writes=1, keys=KEYS)
orders = Schema("bench.order", Medium, *LINES, writes=2, keys=KEYS)


def stores(folder: Path, stack: ExitStack) -> Iterator[tuple[str, ScannedStore]]:
    """Name and store, each empty."""
    yield "SQLite", stack.enter_context(closing(SqliteStore(folder / "fast.db", fsync=False)))
    yield "SQLite, every write durable", stack.enter_context(closing(SqliteStore(folder / "durable.db")))
    yield "directory", DirectoryStore(folder / "fast", fsync=False)
    yield "directory, every write durable", DirectoryStore(folder / "durable")


def fill(store: ScannedStore, records: int) -> None:
    """So many records of version 1, in the place of whatever is there."""
    payload = before.dumps(_order())
    for number in range(records):
        key = f"{number:08}"
        stored = store.get(key)
        if stored is None:
            store.insert(key, payload, {})
        else:
            store.update(key, stored.token, payload, {})


def _order() -> Medium:
    value = value_of("M")
    assert isinstance(value, Medium)
    return value


def bare(store: ScannedStore) -> None:
    """What people write first."""
    for key in store.keys():  # noqa: SIM118 - a store is no mapping
        stored = store.get(key)
        if stored is not None:
            document = orders.read(stored.payload, stored.headers)
            payload, headers = orders.write_packed(document)
            store.update(key, stored.token, payload, headers)


def ours(store: ScannedStore) -> None:
    """The same by the backfill, with one worker."""
    with ThreadPoolExecutor(1) as engine:
        progress = backfill(orders, store, to=2, settings=Settings(engine=engine, workers=1, shards=4))
    assert progress.complete
    assert progress.books.migrated == progress.books.scanned


def throughput(records: int, rounds: int) -> dict[str, dict[str, float]]:
    """Store -> objects a second, side by side, and the median of the rounds' ratios."""
    told: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        for name, store in stores(Path(folder), stack):
            count = records if "durable" not in name else max(records // 10, 100)
            found: dict[Callable[[ScannedStore], None], list[float]] = {bare: [], ours: []}
            for _ in range(rounds):
                for way, rates in found.items():
                    fill(store, count)
                    start = time.perf_counter()
                    way(store)
                    rates.append(count / (time.perf_counter() - start))
            ratio = median(one / other for one, other in zip(found[ours], found[bare], strict=True))
            told[name] = {"ratio": ratio, "ours": median(found[ours]), "bare": median(found[bare])}
            figures = f"{told[name]['ours']:,.0f} objects a second, bare loop {told[name]['bare']:,.0f}"
            print(f"{name}: {ratio:.2f} of the bare loop (goal {GOAL_OF_THE_LOOP}): {figures}", flush=True)
    return told


def traffic(path: Path, records: int, rate: float, pipe: Connection) -> None:
    """Live reads and edits at a steady rate, until somebody says stop; sends the latencies since the last word."""
    with closing(SqliteStore(path, fsync=False)) as store:
        live = Records(orders, store)
        latencies: list[float] = []
        due = time.perf_counter()
        while True:
            if pipe.poll():
                if pipe.recv() == "stop":
                    return
                pipe.send(latencies)
                latencies = []
            key = f"{random.randrange(records):08}"
            # From when it was due: a wait behind a slow call is felt as well.
            if random.random() < 0.5:
                live.get(key)
            else:
                live.edit(key, _touch)
            latencies.append(time.perf_counter() - due)
            due += 1 / rate
            if (left := due - time.perf_counter()) > 0:
                time.sleep(left)


def _touch(order: Any) -> None:
    order.note = str(random.randrange(1_000))


def p95(values: list[float]) -> float:
    """In milliseconds."""
    return 1_000 * sorted(values)[math.ceil(0.95 * len(values)) - 1]


def live(records: int, seconds: float, rate: float, pace: Pace) -> dict[str, float]:
    """What live traffic feels, before and during a run; in turns, so that the machine's moods are in both."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "live.db"
        context = multiprocessing.get_context("spawn")
        ends, theirs = context.Pipe()
        with closing(SqliteStore(path, fsync=False)) as store:
            fill(store, records)
            host = context.Process(target=traffic, args=(path, records, rate, theirs))
            host.start()
            try:
                alone, beside = _turns(store, ends, seconds, pace, records)
            finally:
                ends.send("stop")
                host.join()
    ratio = median(during / without for without, during in zip(alone, beside, strict=True))
    told = f"{median(alone):.2f} ms before, {median(beside):.2f} ms during"
    print(f"live traffic, p95: {ratio:.2f} (goal {GOAL_OF_TRAFFIC}): {told}; {pace}", flush=True)
    return {"ratio": ratio, "alone_ms": median(alone), "beside_ms": median(beside), "rate": pace.rate or 0.0}


def _turns(
    store: SqliteStore, ends: Connection, seconds: float, pace: Pace, records: int
) -> tuple[list[float], list[float]]:
    alone, beside = [], []
    said(ends)
    for _ in range(3):
        said(ends)
        time.sleep(seconds)
        alone.append(p95(said(ends)))
        fill(store, records)
        said(ends)

        progress = backfill(orders, store, to=2, settings=Settings(workers=1, pace=pace))
        assert progress.complete
        beside.append(p95(said(ends)))
    return alone, beside


def said(ends: Connection) -> list[float]:
    """The latencies since the last time."""
    ends.send("tell")
    latencies: list[float] = ends.recv()
    return latencies


def memory(records: int) -> dict[str, float]:
    """Resident memory of supervisor and workers on the way, in a process of its own each."""
    with TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "many.db", fsync=False)) as store:
        fill(store, records)
        seen: list[tuple[float, int, int]] = []

        def look(progress: Progress) -> None:
            workers = [_resident(child.pid) for child in multiprocessing.active_children() if child.pid]
            seen.append((progress.books.scanned / records, _resident("self"), max(workers, default=0)))

        start = time.perf_counter()
        progress = backfill(orders, store, to=2, settings=Settings(tell=look))
        took = time.perf_counter() - start
        assert progress.books.migrated == records
        early = [each for each in seen if 0.05 <= each[0] <= 0.3] or seen[:1]
        late = [each for each in seen if each[0] >= 0.7]
        told = {"records": float(records), "seconds": took}
        for who, at in (("supervisor", 1), ("worker", 2)):
            told[f"{who}_early_mb"] = max(each[at] for each in early) / 1024
            told[f"{who}_late_mb"] = max(each[at] for each in late) / 1024
            sizes = f"{told[f'{who}_early_mb']:.0f} MB early, {told[f'{who}_late_mb']:.0f} MB late"
            print(f"{records:,} rows: {who} {sizes}", flush=True)
        print(f"{records:,} rows: {took:.0f} s, {records / took:,.0f} objects a second", flush=True)
    return told


def _resident(pid: int | str) -> int:
    """In KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backfilling", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="of each store; a tenth where writes are durable")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many is told")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the run whose memory is told")
    parser.add_argument("--rate", type=float, default=400.0, help="records a second beside live traffic")
    parser.add_argument("--seconds", type=float, default=5.0, help="of live traffic without a run, in each turn")
    asked = parser.parse_args(arguments)
    found = {
        "stores": throughput(asked.records, asked.rounds),
        "live": live(round(asked.rate * asked.seconds * 1.2), asked.seconds, 100.0, Pace(rate=asked.rate)),
        "rows": memory(asked.rows),
    }
    if asked != parser.parse_args([]):
        print("Nothing was written: only a full run does that.")
        return
    goals = {"of_the_loop": GOAL_OF_THE_LOOP, "of_traffic": GOAL_OF_TRAFFIC}
    print(f"Written: {programs.keep('backfilling', {'goals': goals, **found})}")


if __name__ == "__main__":
    main()
