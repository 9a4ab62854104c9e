"""Everything works without the core, and says so."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.native.pairs import needs_native

WRITES = """
import dataclasses
from versioned_serde import Schema, Version, native
Point = dataclasses.make_dataclass("Point", [("x", int), ("y", float)])
schema = Schema("a.b", Point, Version(1, codec="json", framing="envelope"))
print(native.in_use(), "|", native.why_not, "|", schema.dumps(Point(1, 2.5)).hex())
"""
ABSENT = "import sys; sys.modules['versioned_serde.native.core'] = None\n"


def says(code: str, **environment: str) -> list[str]:
    variables = {name: value for name, value in os.environ.items() if name != "VERSIONED_SERDE_PURE"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=variables | environment
    )
    return [part.strip() for part in run.stdout.split("|")]


@pytest.mark.parametrize(
    ("code", "environment", "why"),
    [
        (WRITES, {"VERSIONED_SERDE_PURE": "1"}, "The environment says VERSIONED_SERDE_PURE=1."),
        (
            ABSENT + WRITES,
            {},
            "The extension was not built: at installation there was no C compiler, or no Cython.",
        ),
    ],
    ids=["switched off", "not built"],
)
def test_the_pure_path_gives_the_same(code: str, environment: dict[str, str], why: str) -> None:
    in_use, why_not, record = says(code, **environment)
    assert (in_use, why_not) == ("False", why)
    assert record == says(WRITES)[2]


def test_another_value_of_the_switch_changes_nothing() -> None:
    assert says(WRITES, VERSIONED_SERDE_PURE="0") == says(WRITES)


READS = """
import dataclasses
from versioned_serde import Schema, Version
Point = dataclasses.make_dataclass("Point", [("x", int), ("y", float)])
schema = Schema("a.b", Point, Version(1, codec="json", framing="envelope"))
print(sorted(schema._compiled.decoders), "|", schema.loads(schema.dumps(Point(1, 2.5))))
"""


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        (READS, {"VERSIONED_SERDE_PURE": "1"}),
        (ABSENT + READS, {}),
        ("import sys; sys.modules['msgspec'] = None\n" + READS, {}),
    ],
    ids=["switched off", "not built", "no parser"],
)
def test_reading_by_a_tree_gives_the_same(code: str, environment: dict[str, str]) -> None:
    assert says(code, **environment) == ["[]", says(READS)[1]]


@needs_native
def test_reading_without_a_tree() -> None:
    assert says(READS) == ["[1]", "Point(x=1, y=2.5)"]
