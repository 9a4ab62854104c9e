"""Runs one check of a conformance class on a plug-in that breaks a promise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, settings

settings.register_profile(
    "one failure",
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
)


def failure(tested: object, check: str, *arguments: Any) -> str:
    """The text of the failure of one check, which passes for a sound plug-in.

    Shrunk, because a failure is told with the values that were drawn, and large ones take minutes to be told.
    """
    before = settings.get_current_profile_name()
    settings.load_profile("one failure")
    try:
        getattr(tested, check)(*arguments)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  whatever a broken plug-in lets out
        return f"{type(error).__name__}: {error}"
    finally:
        settings.load_profile(before)
    raise AssertionError(f"`{check}` passed")
