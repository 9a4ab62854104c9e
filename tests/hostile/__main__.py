"""What an input takes: `python -m tests.hostile [NAME ...]`, a line for each with outcomes, MiB, seconds of CPU."""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.hostile.inputs import INPUTS
from versioned_serde.errors import LimitError, ReadError
from versioned_serde.limits import DEFAULT_LIMITS

ROOT = Path(__file__).resolve().parents[2]
_ROOM = 1_500
"""MiB of addresses that reading may take; more is a `MemoryError`, and so no machine is harmed."""


def measured(name: str) -> dict[str, Any]:
    """Reads an input in this process, by each verb."""
    schema, data, headers = INPUTS[name].make()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before = _status("VmRSS")
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, ((_status("VmSize") + _ROOM) << 20, hard))
    start, outcomes = time.process_time(), []
    for read in (schema.unpack, schema.read):
        try:
            read(data, headers)
        except LimitError as error:
            outcomes.append(error.limit)
        except (ReadError, MemoryError) as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("")
    seconds, peak = time.process_time() - start, _status("VmHWM")
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    return {"name": name, "outcomes": outcomes, "memory": peak - before, "seconds": round(seconds, 2)}


def _status(name: str) -> int:
    """A fact of /proc/self/status, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith(f"{name}:"))


def measured_apart(names: Iterable[str], size: int = DEFAULT_LIMITS.max_bytes) -> Iterator[dict[str, Any]]:
    """The same, one by one, in one process, with inputs of another size in bytes."""
    command = [sys.executable, "-m", "tests.hostile", "--here", *names]
    environment = os.environ | {"HOSTILE_BYTES": str(size)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        yield from map(json.loads, run.stdout)
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        for each in sys.argv[2:]:
            print(json.dumps(measured(each)), flush=True)
    else:
        for found in measured_apart(sys.argv[1:] or INPUTS):
            wanted = INPUTS[found["name"]]
            right = set(found["outcomes"]) == {wanted.refused} and found["memory"] <= wanted.memory
            told = f"{found['memory']:>6} MiB {found['seconds']:>7.2f} s  {found['outcomes']}"
            print(f"{found['name']:<32}{told}{'' if right else '  !!'}", flush=True)
