"""Hostile inputs take no more memory than they may, and no longer than an honest record of their size."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import settings

from tests.hostile.__main__ import measured_apart
from tests.hostile.inputs import INPUTS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process takes")
QUICK = 4 << 20
"""Bytes of an input in the quick profile."""
FULL = 64 << 20
SLACK = 40
"""MiB that a process takes for itself while it reads, such as for modules that are imported then."""
SECONDS = 60
THOROUGH = settings.get_current_profile_name() in {"longer", "thorough"}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return {each["name"]: each for each in measured_apart(INPUTS, FULL if THOROUGH else QUICK)}


@pytest.mark.parametrize("name", INPUTS)
def test_a_hostile_input_is_bounded(name: str, found: dict[str, Any]) -> None:
    share = 1.0 if THOROUGH or name.startswith(("gzip", "zstd", "xml-text")) else QUICK / FULL
    assert found[name]["outcomes"] == [INPUTS[name].refused] * 2
    assert found[name]["memory"] <= INPUTS[name].memory * share + SLACK
    assert found[name]["seconds"] <= SECONDS


def test_an_input_that_takes_too_much_is_noticed() -> None:
    # The same program, without the bound on items: it runs into the end of its addresses, or takes a gigabyte.
    code = (
        "from tests.hostile import inputs, __main__ as program\n"
        "from versioned_serde import Limits\n"
        "schema = inputs.Schema('hostile.record', inputs.Typed, inputs.Version(1, codec='json', framing='bare'),"
        " limits=Limits(max_items=10**9))\n"
        "data = inputs.INPUTS['json-empty-lists'].make()[1]\n"
        "inputs.INPUTS['x'] = inputs.Input(lambda: (schema, data, None), '', 0)\n"
        "print(program.measured('x')['memory'])"
    )
    environment = os.environ | {"HOSTILE_BYTES": str(QUICK)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert int(run.stdout) > INPUTS["json-empty-lists"].memory * QUICK / FULL + SLACK
