"""How many values are tried, beyond Hypothesis' own examples."""

from __future__ import annotations

from hypothesis import settings

CODECS = ("json", "msgpack")
VALUES = 3 if settings.get_current_profile_name() in {"ci", "unshrunk"} else 30
"""Of each schema. The profiles that try much take 1,000 schemas and more."""
