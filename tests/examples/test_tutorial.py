"""What the tutorial shows of the releases is what is in them."""

from __future__ import annotations

import difflib
import re
from itertools import pairwise
from pathlib import Path

import pytest

from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.releases import release_1, release_3
from versioned_serde import UnreadableVersionError

ROOT = Path(__file__).parents[2]
RELEASES = [ROOT / f"examples/rolling_fleet/releases/release_{number}.py" for number in range(1, 5)]
PAGE = (ROOT / "docs/tutorial/rolling-fleet.md").read_text(encoding="utf-8")


def test_each_change_that_the_tutorial_shows_is_made_by_one_of_the_releases() -> None:
    shown = re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL)
    texts = [path.read_text(encoding="utf-8").splitlines() for path in RELEASES]
    made = ["\n".join(difflib.unified_diff(old, new, lineterm="", n=9)) for old, new in pairwise(texts)]
    assert len(shown) == 4
    for block, changes in zip(shown, [made[0], made[1], made[2], made[2]], strict=True):
        lines = [line for line in changes.splitlines() if line[:3] not in ("---", "+++")]
        assert all(line in lines for line in block.splitlines()), block


def test_the_error_that_the_tutorial_shows_is_the_one_that_comes() -> None:
    [city] = largest(1).values()
    record = release_3.cities.dumps(release_3.City(**city))
    with pytest.raises(UnreadableVersionError) as caught:
        release_1.cities.loads(record)
    assert f"UnreadableVersionError: {caught.value}" in " ".join(PAGE.split())
