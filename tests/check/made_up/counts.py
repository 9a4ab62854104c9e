"""How many cases a test tries that is to try many in the long run."""

from __future__ import annotations

from hypothesis import settings


def times(few: float, many: float) -> settings:
    """So many times the examples of the profile: `few` where it has a hundred or less, `many` where it has more."""
    profile = settings.default
    assert profile is not None
    tried = profile.max_examples
    return settings(max_examples=round(tried * (few if tried <= 100 else many)))
