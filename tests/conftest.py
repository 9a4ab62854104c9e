"""How many cases the generated tests try: the profile named by HYPOTHESIS_PROFILE, `ci` unless told.

A test does not set `max_examples` itself: that would hold in every profile.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.laws.cases import TRIED, TRIED_IN
from tests.laws.promises import counts, too_few

settings.register_profile(
    "ci",
    max_examples=40,
    derandomize=True,  # the same cases in every run: a change fails for what it changed
    deadline=None,  # time on a shared machine says nothing about the code
    print_blob=True,
)
# The second time, without the native core, `make test` runs as this; ON_ONE_PATH in the Makefile runs once.
settings.register_profile("reference", settings.get_profile("ci"), max_examples=15)
settings.register_profile(
    "thorough",
    max_examples=1_000,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("longer", settings.get_profile("thorough"))  # as often, without what promises.py promises
settings.register_profile(
    "unshrunk",  # for `make mutants`: whether a test fails is all that counts, not how simply
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True, scope="module")
def _frozen() -> None:
    """What earlier files left is not looked at again by the cycle collector, which takes seconds late in a session."""
    gc.enable()  # a benchmark that was tried has put it off
    gc.collect()
    gc.freeze()


_LAWS: Counter[str] = Counter()
_IN_CELLS: Counter[tuple[str, str]] = Counter()


def pytest_sessionfinish(session: pytest.Session) -> None:
    worker: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if worker is None:
        _LAWS.update(TRIED)
        _IN_CELLS.update(TRIED_IN)
        if too_few(_LAWS, _IN_CELLS) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    else:
        worker["laws"] = dict(TRIED)
        worker["cells"] = [(*where, number) for where, number in TRIED_IN.items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {})
    _LAWS.update(told.get("laws", {}))
    _IN_CELLS.update({(law, cell): number for law, cell, number in told.get("cells", ())})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in counts(_LAWS, _IN_CELLS):
        terminalreporter.write_line(line)
    for line in too_few(_LAWS, _IN_CELLS):
        terminalreporter.write_line(line, red=True)
