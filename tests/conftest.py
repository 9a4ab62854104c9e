"""How many cases the generated tests try: the profile named by HYPOTHESIS_PROFILE, `ci` unless told.

A test does not set `max_examples` itself: that would hold in every profile.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

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
settings.register_profile(
    "unshrunk",  # for `make mutants`: whether a test fails is all that counts, not how simply
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
