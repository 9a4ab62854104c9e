from __future__ import annotations

import random
import uuid
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.adapters import s3_parts

MANY = 60_000
SOURCE = random.Random(7)


class Bucket:
    """Names that are listed, and how often."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Sequence[str] = sorted(set(names))
        self.asked = 0

    def __call__(self, after: str) -> list[str]:
        self.asked += 1
        at = bisect_right(self.names, after) if after else 0
        return list(self.names[at : at + s3_parts.PAGE])

    def sizes(self, places: Sequence[str]) -> list[int]:
        ends = [0, *(bisect_right(self.names, place) for place in places), len(self.names)]
        return [end - start for start, end in pairwise(ends)]


NAMES = {
    "random": [str(uuid.UUID(int=SOURCE.getrandbits(128))) for _ in range(MANY)],
    "padded": [f"{number:010}" for number in range(MANY)],
    "plain": [str(number) for number in range(MANY)],
    "dated": [f"orders/{2020 + at % 6}/{1 + at % 12:02}/{1 + at % 28:02}/{at}.json" for at in range(MANY)],
    "skewed": [*(f"a/{at}" for at in range(2_000)), *(f"z/{SOURCE.getrandbits(64):016x}.json" for _ in range(MANY))],
    "deep": [f"{'x' * 500}{number:08}" for number in range(MANY)],
    "customers": [f"customer-{SOURCE.randrange(90)}/bill-{SOURCE.randrange(10**6)}" for _ in range(MANY)],
    "leaves": [*(f"a{chr(0x4E00 + at)}" for at in range(1_500)), *(f"b{number:010}" for number in range(MANY))],
    "kanji": ["".join(chr(0x4E00 + SOURCE.randrange(300)) for _ in range(4)) for _ in range(MANY)],
}


class Endless(Sequence[str]):
    """Two million names under two thousand letters, made when they are looked at."""

    def __len__(self) -> int:
        return 2_000 * 1_100

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if at >= len(self):
            raise IndexError(at)
        return f"{chr(0x4E00 + at // 1_100)}{at % 1_100:04}"


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("parts", [2, 8])
def test_parts_of_many_names_are_of_like_size(kind: str, parts: int) -> None:
    bucket = Bucket(NAMES[kind])
    places = s3_parts.positions(bucket, parts)
    assert places == sorted(set(places))
    sizes = bucket.sizes(places)
    assert len(sizes) == parts
    even = len(bucket.names) / parts
    assert even / 2.5 <= min(sizes) <= max(sizes) <= even * 2.5


@given(st.integers(1, 40), st.integers(0, 300))
def test_parts_of_few_names_are_exact(parts: int, number: int) -> None:
    bucket = Bucket([str(at) for at in range(number)])
    sizes = bucket.sizes(s3_parts.positions(bucket, parts))
    assert bucket.asked == 1
    assert len(sizes) == max(min(parts, number), 1)
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    "names", [["a" * (at % 700) + "/" + str(at) for at in range(MANY)], Endless()], ids=["deep", "wide"]
)
def test_the_number_of_lists_is_bounded(names: Sequence[str]) -> None:
    # More branches than may be asked about; then what is estimated may be far off, and yet is a partition.
    bucket = Bucket([])
    bucket.names = names if isinstance(names, Endless) else sorted(names)
    places = s3_parts.positions(bucket, 3)
    assert bucket.asked <= s3_parts.EXACT / s3_parts.PAGE + 1 + s3_parts.REQUESTS * 11 + 1
    assert places == sorted(set(places))
    assert len(places) < 3
    assert sum(bucket.sizes(places)) == len(names)
