"""What an input takes: `python -m tests.hostile [NAME ...]`, a line for each with outcomes, MiB, seconds of CPU."""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
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
    room = (_status("VmSize") + _ROOM) << 20
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    start, outcomes = time.process_time(), []
    for read in (schema.unpack, schema.read):
        try:
            read(data, headers)
        except LimitError as error:
            outcomes.append(error.limit)
        except ReadError as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("")
    seconds = time.process_time() - start
    return {"outcomes": outcomes, "memory": _status("VmHWM") - before, "seconds": round(seconds, 2)}


def _status(name: str) -> int:
    """A fact of /proc/self/status, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith(f"{name}:"))


def measured_apart(name: str, size: int = DEFAULT_LIMITS.max_bytes) -> dict[str, Any]:
    """The same in a process of its own, with inputs of another size in bytes."""
    command = [sys.executable, "-m", "tests.hostile", "--here", name]
    environment = os.environ | {"HOSTILE_BYTES": str(size)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=250, check=False)
    if run.returncode:
        return {"outcomes": [run.stderr.strip().rpartition("\n")[2]], "memory": 0, "seconds": 0.0}
    found: dict[str, Any] = json.loads(run.stdout)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        print(json.dumps(measured(sys.argv[2])))
    else:
        for each in sys.argv[1:] or INPUTS:
            found = measured_apart(each)
            right = set(found["outcomes"]) == {INPUTS[each].refused} and found["memory"] <= INPUTS[each].memory
            told = f"{found['memory']:>6} MiB {found['seconds']:>7.2f} s  {found['outcomes']}"
            print(f"{each:<32}{told}{'' if right else '  !!'}", flush=True)
