"""`serde-check compare` beside `buf breaking`, each a command, on two large descriptor sets.

Three pairs of the same files: nothing changed; a field added to each message, which breaks nothing; the type of a field
changed in each message. Time is that of the processor and of the clock, memory the most that the process held at once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

from rich.console import Console

from benchmarks import programs
from versioned_serde.check.contracts.protobuf.compiling import compiled

MESSAGES: Final = 40_000
CHANGES: Final = ("nothing", "a field added", "a type changed")
GOAL_SECONDS: Final = 3
GOAL_MEGABYTES: Final = 1000
_IN_A_FILE: Final = 100
_ROUNDS: Final = 3
"""Of ours, the median is told; buf's take half a minute each, and are run once."""
_RULES: Final = "FILE"
_EXAMPLES = """\
examples:
  python -m benchmarks.descriptor_sets                    40,000 messages; some minutes, and 10 GB of memory for buf
  python -m benchmarks.descriptor_sets --ours             without buf
  python -m benchmarks.descriptor_sets --messages 1000    only prints
"""


class Run(NamedTuple):
    """What one command took.

    Attributes:
        findings: how many it had.
        seconds: by the clock.
        processor: seconds of the processor, all threads together.
        megabytes: the most that it held at once.
    """

    findings: int
    seconds: float
    processor: float
    megabytes: float


def sources(messages: int, change: str) -> Iterator[tuple[str, str]]:
    """Path and text of each file."""
    for number in range(max(1, messages // _IN_A_FILE)):
        lines = ['syntax = "proto3";', f"package big.p{number};", 'import "google/protobuf/timestamp.proto";']
        for each in range(min(messages, _IN_A_FILE)):
            lines += [
                f"// What a customer of kind {each} has ordered, and when.",
                f"message Order{each} {{",
                "  // The number under which it is known.",
                f"  {'string' if change == CHANGES[2] else 'int64'} id = 1;",
                "  string customer = 2;",
                "  repeated Line lines = 3;",
                "  google.protobuf.Timestamp created = 4;",
                "  State state = 5;",
                "  map<string, string> labels = 6;",
                "  optional double total = 7;",
                "  bytes signature = 8;",
                *(["  string note = 9;"] if change == CHANGES[1] else []),
                "}",
            ]
        lines += ["message Line { string sku = 1; int32 count = 2; }", "enum State { NEW = 0; PAID = 1; SENT = 2; }"]
        lines.append("service Orders { rpc Get(Order0) returns (Line); }")
        yield f"p{number}/orders.proto", "\n".join(lines) + "\n"


def descriptor_set(folder: Path, messages: int, change: str) -> Path:
    """Such files, compiled with their source locations."""
    root = folder / change
    files: dict[str, Path] = {}
    for name, text in sources(messages, change):
        files[name] = root / name
        files[name].parent.mkdir(parents=True)
        files[name].write_text(text, encoding="utf-8")
    made = folder / f"{CHANGES.index(change)}.binpb"
    made.write_bytes(compiled([root], files))
    return made


def run(command: Sequence[str | Path], folder: Path) -> Run:
    """Runs a command to its end.

    Raises:
        CalledProcessError: it ended with a code that is neither for `clean` nor for `findings`.
    """
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder)}
    out = folder / "out"
    begin = perf_counter()
    with out.open("wb") as file, subprocess.Popen(command, cwd=folder, env=environment, stdout=file) as process:
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 100):
        raise subprocess.CalledProcessError(process.returncode, [str(each) for each in command])
    text = out.read_text(encoding="utf-8")
    findings = len(json.loads(text)["findings"]) if text.startswith("{\n") else len(text.splitlines())
    return Run(findings, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def measure(messages: int, *, with_buf: bool) -> dict[str, dict[str, Run]]:
    """Change -> tool -> what it took."""
    scripts = Path(sys.executable).parent
    config = json.dumps({"version": "v2", "breaking": {"use": [_RULES]}})
    found: dict[str, dict[str, Run]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = {change: descriptor_set(folder, messages, change) for change in CHANGES}
        old = sets[CHANGES[0]]
        for change, new in sets.items():
            ours = (scripts / "serde-check", "compare", "--format", "json", "--rules", f"buf:{_RULES}", old, new)
            runs = sorted((run(ours, folder) for _ in range(_ROUNDS)), key=lambda each: each.seconds)
            found[change] = {"serde-check": runs[_ROUNDS // 2]}
            if with_buf:
                theirs = (
                    scripts / "buf",
                    "breaking",
                    new,
                    "--against",
                    old,
                    "--config",
                    config,
                    "--error-format",
                    "json",
                )
                found[change]["buf"] = run(theirs, folder)
                assert found[change]["buf"].findings == found[change]["serde-check"].findings, change
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.descriptor_sets",
        description=__doc__.partition("\n")[0],
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--messages", type=int, default=MESSAGES, help="in each set")
    made.add_argument("--ours", action="store_true", help="without buf")
    asked = made.parse_args(arguments)
    found = measure(asked.messages, with_buf=not asked.ours)
    console = Console(width=120)
    for change, tools in found.items():
        for tool, each in tools.items():
            figures = f"{each.seconds:7.2f} s  {each.processor:7.2f} s of processor  {each.megabytes:7.0f} MB"
            console.print(f"{change:<15} {tool:<12} {each.findings:>6} findings {figures}")
    if asked.messages != MESSAGES or asked.ours:
        console.print("Nothing was written: only a full run does that.")
        return
    goals = {"seconds": GOAL_SECONDS, "megabytes": GOAL_MEGABYTES}
    content: dict[str, Any] = {
        change: {tool: each._asdict() for tool, each in tools.items()} for change, tools in found.items()
    }
    told = programs.keep("descriptor_sets", {"messages": MESSAGES, "goals": goals, "changes": content})
    console.print(f"Written: {told}")


if __name__ == "__main__":
    main()
