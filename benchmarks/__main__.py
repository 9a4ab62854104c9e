"""Prints how the paths of today compare with bare pydantic, and what the import costs.

`python -m benchmarks` interleaves the sides round by round, so that both meet the same noise, and prints the median of
the paired ratios with the lowest and the highest.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from time import perf_counter_ns

from pydantic import BaseModel

from benchmarks.records import MEDIUM, SMALL
from versioned_serde import Schema, Version

ROUNDS = 21
CALLS = 500
Call = Callable[[], object]


def ratios(ours: Call, theirs: Call) -> list[float]:
    """Our time over theirs, round by round, ascending."""
    return sorted(_time(ours) / _time(theirs) for _ in range(ROUNDS))


def _time(call: Call) -> int:
    start = perf_counter_ns()
    for _ in range(CALLS):
        call()
    return perf_counter_ns() - start


def sides(name: str, value: BaseModel) -> list[tuple[str, Call, Call]]:
    """What is compared for one record. Each side is shown to be right before it is timed."""
    model = type(value)
    schema = Schema(
        f"bench.{name.lower()}",
        model,
        Version(1, codec="json", framing="envelope", checksum=False),
        keys={"lines": "sku"} if "lines" in model.model_fields else {},
    )
    record, text = schema.dumps(value), value.model_dump_json().encode()
    assert schema.loads(record) == value == model.model_validate_json(text)
    assert record.endswith(text)
    document = schema.read(record)
    assert schema.write(document) == record
    return [
        (f"{name} dumps / model_dump_json", lambda: schema.dumps(value), value.model_dump_json),
        (f"{name} loads / model_validate_json", lambda: schema.loads(record), lambda: model.model_validate_json(text)),
        (f"{name} read, write / loads, dumps", lambda: schema.write(schema.read(record)), _both(schema, record)),
    ]


def _both(schema: Schema[BaseModel], record: bytes) -> Call:
    return lambda: schema.dumps(schema.loads(record))


def import_milliseconds() -> float:
    """What `import versioned_serde` costs over an interpreter that imports nothing; the median of several."""

    def start(code: str) -> int:
        begin = perf_counter_ns()
        subprocess.run([sys.executable, "-c", code], check=True)
        return perf_counter_ns() - begin

    return median(start("import versioned_serde") - start("pass") for _ in range(ROUNDS)) / 1e6


def main() -> None:
    print(f"{platform.machine()}, CPython {platform.python_version()}, pydantic {version('pydantic')}")
    for name, value in (("S", SMALL), ("M", MEDIUM)):
        for title, ours, theirs in sides(name, value):
            found = ratios(ours, theirs)
            print(f"{title:<36} {median(found):6.2f}   ({found[0]:.2f} to {found[-1]:.2f})", flush=True)
    print(f"{'import, ms over bare Python':<36} {import_milliseconds():6.2f}")


if __name__ == "__main__":
    main()
