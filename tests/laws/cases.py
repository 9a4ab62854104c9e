"""How many histories a test of a law draws, when it tries several cases with each."""

from __future__ import annotations

from hypothesis import settings

KINDS_TRIED = 2
QUICK = 100


def cases(with_each: int) -> settings:
    """As many histories as the profile has cases, divided by the cases that the test tries with each, but not few.

    Args:
        with_each: cases that one example surely tries, counted for one kind of model.
    """
    profile = settings.default
    assert profile is not None
    return settings(
        max_examples=max(min(QUICK, profile.max_examples), -(-profile.max_examples // (with_each * KINDS_TRIED)))
    )
