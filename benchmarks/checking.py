"""How long `serde-check` takes: a service with 1,000 models that have 10,000 attributes in all.

`python -m benchmarks.checking` makes the service in a temporary folder, locks it, and times whole processes. The
models' own import is measured apart and taken off, because the service pays for it without us as well. `unchanged` is a
check of a tree that was clean and has not changed since. A full run writes them to benchmarks/results/ and into
docs/explanation/performance.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import programs

MODELS, MODULES = 1_000, 20
GOAL_COLD, GOAL_UNCHANGED = 1.0, 0.15
"""Seconds."""
KINDS = ("pydantic", "dataclass")
ATTRIBUTES = (
    *("int", "str", "float", "bool", "Decimal", "datetime", "str | None = None", "int = 0", 'str = ""'),
    "Literal['a', 'b'] = 'a'",
)
_HEAD = {
    "pydantic": ("from pydantic import BaseModel", "class Model{}(BaseModel):"),
    "dataclass": ("from dataclasses import dataclass", "@dataclass\nclass Model{}:"),
}
_SETTINGS = '[tool.serde-check]\nregistries = ["shop.serde:registry"]\npath = ["."]\n'


def write_service(folder: Path, kind: str, models: int = MODELS) -> None:
    """A package `shop` with modules of models, and a registry with a schema for each."""
    package = folder / "shop"
    package.mkdir(parents=True)
    imports, head = _HEAD[kind]
    attributes = "\n".join(f"    a{index}: {each}" for index, each in enumerate(ATTRIBUTES))
    for module in range(MODULES):
        classes = [f"{head.format(number)}\n{attributes}\n" for number in range(module, models, MODULES)]
        common = f"from datetime import datetime\nfrom decimal import Decimal\nfrom typing import Literal\n{imports}\n"
        (package / f"models_{module}.py").write_text(common + "\n".join(classes))
    (package / "models.py").write_text("\n".join(f"from shop.models_{module} import *" for module in range(MODULES)))
    schemas = [
        f'    Schema("shop.model{number}", Model{number}, Version(1, codec="json", framing="envelope")),'
        for number in range(models)
    ]
    text = [
        "from versioned_serde import Registry, Schema, Version",
        "from shop.models import *",
        "registry = Registry(",
    ]
    (package / "serde.py").write_text("\n".join([*text, *schemas, ")"]))
    (folder / "pyproject.toml").write_text(_SETTINGS)


def seconds(folder: Path, *arguments: str) -> float:
    """Of the processor, from the start of a process to its end: on a machine with other work, time itself says little.

    Raises:
        CalledProcessError: it failed.
    """
    # What a run leaves behind, such as compiled modules, is there for the next one, as in a developer's tree.
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    begin = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    end = getrusage(RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime


def measured(folder: Path, rounds: int) -> dict[str, float]:
    """Medians in seconds, by what was measured."""
    check = ("-m", "versioned_serde.cli.check.command")
    seconds(folder, *check, "lock")
    shutil.copytree(folder / "serde-lock", folder / "released")
    sides = {
        "an interpreter": ("-c", "pass"),
        "the models": ("-c", "import shop.models"),
        "the schemas": ("-c", "import shop.serde"),
        "serde-check": (*check, "check", "--no-cache", "--against", "released"),
        "unchanged": (*check, "check", "--against", "released"),
    }
    seconds(folder, *sides["unchanged"])  # which notes that the tree is clean
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, arguments in sides.items():
            found[name].append(seconds(folder, *arguments))
    return {name: median(times) for name, times in found.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking", description=__doc__)
    parser.add_argument("--models", type=int, default=MODELS, help="of ten attributes each")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many is told")
    asked = parser.parse_args(arguments)
    found: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        with TemporaryDirectory() as folder:
            root = Path(folder)
            write_service(root, kind, asked.models)
            found[kind] = measured(root, asked.rounds)
        told = ", ".join(f"{name} {each:.2f} s" for name, each in found[kind].items())
        print(f"{kind}, {asked.models} models: {told}")
        cold = programs.cold(found[kind])
        print(f"  serde-check after the models' own import: {cold:.2f} s (goal {GOAL_COLD:g})")
    if asked != parser.parse_args([]):
        print("Nothing was written: only a full run does that.")
        return
    goals = {"cold": GOAL_COLD, "unchanged": GOAL_UNCHANGED}
    print(f"Written: {programs.keep('checking', {'goals': goals, 'models': MODELS, 'kinds': found})}")


if __name__ == "__main__":
    main()
