"""No test of a backfill waits for a pause between two attempts; a supervisor's tick is short."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=8, cap=True):
        yield
