"""How many histories a test of a law draws, when it tries several cases with each, and how many cases it came to."""

from __future__ import annotations

from collections import Counter
from math import ceil
from random import Random

from hypothesis import settings

from versioned_serde.testing.releases import KINDS

KINDS_TRIED = 2
EITHER = ("pydantic", "dataclass", "another")
"""What tests of mixed histories are parametrized with. The kinds after the first two share the cases of one."""
QUICK = 100
TRIED: Counter[str] = Counter()
"""Law -> cases in which it was really put to the test in this process; a case that was passed over does not count."""
TRIED_IN: Counter[tuple[str, str]] = Counter()
"""The same for each law and cell, named by its text."""


def cases(with_each: float) -> settings:
    """As many histories as the profile has cases, divided by the cases that the test tries with each, but not few.

    Args:
        with_each: cases that one example tries on the average, counted for one kind of model.
    """
    profile = settings.default
    assert profile is not None
    return settings(
        max_examples=max(min(QUICK, profile.max_examples), ceil(profile.max_examples / (with_each * KINDS_TRIED)))
    )


def tried(law: str) -> None:
    """Counts one case of a law, after it held."""
    TRIED[law] += 1


def named(kind: str, random: Random) -> str:
    """A kind of `releases.KINDS` for one of `EITHER`."""
    return random.choice([each for each in KINDS if each not in EITHER]) if kind == "another" else kind
