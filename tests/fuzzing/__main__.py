"""Fuzzes all that reads bytes, guided by coverage: only errors of `versioned_serde` may come of any bytes."""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import util
from pathlib import Path

from tests.fuzzing.targets import Target, targets

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "corpus"
WORK = ROOT / ".fuzzing"
LONGEST = 4_096
_KEPT = 1_000
"""Bytes of a file that is kept in the corpus, at most."""
_MOST = 40
"""Files of a target that are kept."""
_ADDRESS_SPACE = 8_192
"""MiB; what the process and its libraries map is far more than what they use."""
_RECENT = re.compile(rb"#(\d+)\s+\w+\s+cov: (\d+)")
_EXAMPLES = """\
examples:
  python -m tests.fuzzing --seconds 600                all targets, in ten minutes together
  python -m tests.fuzzing --target json-pydantic       one target
  python -m tests.fuzzing --target tag --replay FILE   what a file does
  python -m tests.fuzzing --seconds 600 --keep         and what gave a new outcome is kept in tests/fuzzing/corpus
"""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    found = targets()
    if unknown := set(asked.targets or ()) - found.keys():
        sys.exit(f"There is no target {', '.join(sorted(unknown))}. There are {', '.join(found)}.")
    chosen = [each for name, each in found.items() if name in (asked.targets or found)]
    if asked.replay:
        return _replay(chosen, asked.replay)
    if util.find_spec("atheris") is None:
        sys.exit(
            "Fuzzing needs atheris, which is not installed. It exists for CPython below 3.14 on Linux:"
            " pip install 'atheris>=3.0,<3.1'. Elsewhere, tests/fuzzing replays the corpus all the same."
        )
    crashed = []
    for done, target in enumerate(chosen, 1):
        print(f"{done:3}/{len(chosen)}  {target.name:<26}", end="", flush=True)
        crash = fuzz(target, max(1, round(asked.seconds / len(chosen))), asked.memory)
        if crash is not None:
            crashed.append(f"python -m tests.fuzzing --target {target.name} --replay {crash.relative_to(ROOT)}")
        if asked.keep:
            keep(target)
    for command in crashed:
        print(f"found: {command}")
    return 1 if crashed else 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.fuzzing",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--seconds", type=int, default=600, help="for all targets together; 600 unless told")
    made.add_argument("--target", action="append", dest="targets", metavar="NAME", help="only this one")
    made.add_argument("--memory", type=int, default=1_000, metavar="MiB", help="the most that a process may use; 1000")
    made.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="give the target these files, once each")
    made.add_argument("--keep", action="store_true", help="add to the corpus what gave an outcome that it lacks")
    return made


def _replay(chosen: list[Target], files: list[Path]) -> int:
    for target in chosen:
        for file in files:
            print(f"{target.name}  {file}  {target.run(file.read_bytes())}")
    return 0


def fuzz(target: Target, seconds: int, memory: int) -> Path | None:
    """Fuzzes a target in a process of its own, and prints how it went.

    Args:
        target: it.
        seconds: how long.
        memory: the most that the process may use, in MiB.

    Returns:
        The input that crashed it, took too long or too much memory; or None.
    """
    work, crashes = WORK / target.name, WORK / "crashes" / target.name
    for folder in (work, crashes):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for number, seed in enumerate(target.seeds):
        (work / f"seed{number}").write_bytes(seed)
    kept = CORPUS / target.name
    command = [sys.executable, "-m", "tests.fuzzing.one", target.name, str(_ADDRESS_SPACE), str(work)]
    command += [str(kept)] * kept.is_dir()
    command += [f"-max_total_time={seconds}", f"-rss_limit_mb={memory}", f"-max_len={LONGEST}", "-timeout=20"]
    command += [f"-artifact_prefix={crashes}/", "-print_final_stats=0"]
    start = time.monotonic()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=seconds + 120, check=False)
    told = _RECENT.findall(run.stderr)
    runs, coverage = told[-1] if told else (b"0", b"0")
    seen = f"{int(runs):>10,} runs {int(coverage):>6,} edges {time.monotonic() - start:>4.0f} s"
    found = sorted(crashes.iterdir())
    print(f"{seen}  {'failed' if run.returncode else 'nothing found'}", flush=True)
    if run.returncode:
        print(run.stderr.decode(errors="replace")[-4_000:])
        return found[0] if found else work
    return None


def keep(target: Target) -> None:
    """Adds to the corpus the smallest input for each outcome that it lacks."""
    folder = CORPUS / target.name
    folder.mkdir(parents=True, exist_ok=True)
    known = {target.run(file.read_bytes()) for file in folder.iterdir()}
    by_size = sorted((file.read_bytes() for file in (WORK / target.name).iterdir()), key=lambda data: (len(data), data))
    for data in by_size:
        if len(data) > _KEPT or len(known) >= _MOST:
            break
        outcome = target.run(data)
        if outcome not in known:
            known.add(outcome)
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
