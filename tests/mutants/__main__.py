"""Breaks a copy of the source in each known way, runs tests on it, and tells what none of them noticed.

    python -m tests.mutants [ID ...]

Ends with 1 if a mutation survives, if its text is not found exactly once, or if the source as it is does not pass.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.mutation import Mutation
from tests.mutants.of_backfill import OF_BACKFILL
from tests.mutants.of_cbor import OF_CBOR
from tests.mutants.of_check import OF_CHECK
from tests.mutants.of_compiled import OF_COMPILED
from tests.mutants.of_framings import OF_FRAMINGS
from tests.mutants.of_recursion import OF_RECURSION
from tests.mutants.of_steps import OF_STEPS
from tests.mutants.of_the_laws import OF_THE_LAWS

ROOT = Path(__file__).resolve().parents[2]
MUTATIONS = [
    *OF_THE_LAWS,
    *OF_FRAMINGS,
    *OF_CBOR,
    *OF_STEPS,
    *OF_RECURSION,
    *OF_COMPILED,
    *OF_CHECK,
    *OF_BACKFILL,
]
PROCESSES = 2
SECONDS = 240
OF_ALL = 1_200
"""Seconds for the tests of one mutation, and for those of all on the source as it is."""


def main(wanted: list[str]) -> int:
    mutations = [each for each in MUTATIONS if not wanted or each.id in wanted]
    if unknown := set(wanted) - {each.id for each in mutations}:
        print(f"no such mutation: {', '.join(sorted(unknown))}")
        return 1
    if misplaced := [each for each in mutations if _source(each).count(each.old) != 1]:
        for each in misplaced:
            print(f"{each.id}: its text is {_source(each).count(each.old)} times in {each.file}")
        return 1
    start = time.monotonic()
    tests = tuple(sorted({name for each in mutations for name in each.tests}))
    if (failure := _failure(None, tests, OF_ALL)) is not None:
        print(f"The source as it is does not pass:\n{failure}")
        return 1
    print(f"The source as it is passes ({time.monotonic() - start:.0f} s).", flush=True)
    survived = []
    with ThreadPoolExecutor(PROCESSES) as pool:
        running = {pool.submit(_failure, each, each.tests): each for each in mutations}
        for done, future in enumerate(as_completed(running), 1):
            each = running[future]
            caught = future.result() is not None
            if not caught:
                survived.append(each)
            told = "caught  " if caught else "SURVIVED"
            print(f"{done:3}/{len(mutations)}  {told}  {each.rule:12}  {each.id}", flush=True)
    print(f"{len(mutations) - len(survived)} of {len(mutations)} caught in {time.monotonic() - start:.0f} s.")
    for each in survived:
        print(f"survived: {each.id} ({each.rule}) in {each.file}")
    return 1 if survived else 0


def _source(mutation: Mutation) -> str:
    return (ROOT / "src" / "versioned_serde" / mutation.file).read_text()


def _failure(mutation: Mutation | None, tests: tuple[str, ...], seconds: int = SECONDS) -> str | None:
    """What the tests say of a copy of the source with a mutation, or None if they pass."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        if mutation is not None:
            file = copy / "versioned_serde" / mutation.file
            file.write_text(_source(mutation).replace(mutation.old, mutation.new))
        environment = {
            **os.environ,
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_PROFILE": "unshrunk",
            "VERSIONED_SERDE_PURE": "1",  # the mutations are of the reference
        }
        where = subprocess.run(
            [sys.executable, "-c", "import versioned_serde; print(versioned_serde.__file__)"],
            env=environment, cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert where.stdout.startswith(folder), "the tests would run on another copy"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            *(f"tests/{name}" for name in tests),
        ]
        try:
            ran = subprocess.run(
                command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return "the tests do not end"
        if ran.returncode not in (0, 1):
            # Neither passed nor failed: the mutation broke the collection of tests, which notices nothing of the law.
            return ran.stdout[-2000:] if mutation is None or "Error" in ran.stdout else None
        return ran.stdout[-2000:] if ran.returncode else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
