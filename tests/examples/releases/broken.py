"""Release 3 with a mistake that has nothing to do with what is stored."""

from __future__ import annotations

from typing import Any

from examples.rolling_fleet.releases.release_3 import cities, records

__all__ = ["cities", "records", "survey"]


def survey() -> dict[str, Any]:
    raise RuntimeError("the surveyor fell into a river")
