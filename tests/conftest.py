"""How many cases the generated tests try: the profile named by HYPOTHESIS_PROFILE, `ci` unless told.

A test does not set `max_examples` itself: that would hold in every profile.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.laws.cases import TRIED

settings.register_profile(
    "ci",
    max_examples=100,
    derandomize=True,  # the same cases in every run: a change fails for what it changed
    deadline=None,  # time on a shared machine says nothing about the code
    print_blob=True,
)
settings.register_profile(
    "thorough",
    max_examples=10_000,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("longer", settings.get_profile("thorough"), max_examples=1_000)
settings.register_profile(
    "unshrunk",  # for `make mutants`: whether a test fails is all that counts, not how simply
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_LAWS: Counter[str] = Counter()
_ENOUGH = 10_000
"""Cases of each law that the thorough profile promises."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    worker: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if worker is None:
        _LAWS.update(TRIED)
        if _too_few() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    else:
        worker["laws"] = dict(TRIED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _LAWS.update(getattr(node, "workeroutput", {}).get("laws", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _LAWS:
        told = ", ".join(f"{law} {number:,}" for law, number in sorted(_LAWS.items()))
        terminalreporter.write_line(f"cases in which a law was put to the test: {told}")
    for law in _too_few():
        terminalreporter.write_line(f"fewer than {_ENOUGH:,} cases of {law}", red=True)


def _too_few() -> list[str]:
    """The laws that the thorough profile tried too seldom. A run that was told to try one test promises nothing."""
    if settings.get_current_profile_name() != "thorough":
        return []
    return sorted(law for law, number in _LAWS.items() if number < _ENOUGH)
