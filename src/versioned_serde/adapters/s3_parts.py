"""Where to part the names in a bucket, without listing all of them.

Names are taken as a tree of prefixes. A list from a place on gives a page of names, which tells how many there are
below the next prefix: exactly, if the page reaches beyond it, and otherwise by how far into it the page got. The
heaviest prefix is divided into those below it, again and again, until none is much heavier than a part may be wrong by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

Listing = Callable[[str], Sequence[str]]
"""A place -> the names after it, in order, at most `PAGE`; fewer only where there are no more."""

PAGE: Final = 1_000
"""Names in one answer: the most that S3 gives."""
EXACT: Final = 10 * PAGE
"""Up to so many names are all looked at."""
REQUESTS: Final = 32
"""Lists for each part, after which the estimates stay as they are."""
_LAST: Final = "\U0010ffff"
_DEEP: Final = 8
"""Characters that say how far into a prefix a name is."""
_CLASSES: Final = ("0123456789", "0123456789abcdef", "0123456789ABCDEF", "".join(map(chr, range(32, 127))))


class _Branch(NamedTuple):
    """Names that begin alike: how many they are, or may be, and whether it can be known better."""

    prefix: str
    weight: float
    open: bool


def positions(listing: Listing, parts: int) -> list[str]:
    """At most `parts - 1` places, in order and different, between parts of like size. Each is a name, or begins as one.

    Up to `EXACT` names the parts are exact. Beyond, a part is seldom more than twice as large as another where names
    are spread over what they begin with, and may be more so where they are not.
    """
    names: list[str] = []
    while len(names) <= EXACT:
        page = listing(names[-1] if names else "")
        names.extend(page)
        if len(page) < PAGE:
            ends = [names[len(names) * part // parts - 1] for part in range(1, parts) if len(names) * part // parts]
            return [name for name in dict.fromkeys(ends) if name != names[-1]]
    return _between(_branches(listing, parts), parts)


def _branches(listing: Listing, parts: int) -> list[_Branch]:
    found = [_Branch("", float("inf"), open=True)]
    left = REQUESTS * (parts + 8)
    while left > 0:
        total = sum(branch.weight for branch in found)
        # A boundary is at the end of a branch, so each end of a part is wrong by half a branch at most.
        widest = max((branch for branch in found if branch.open), key=lambda branch: branch.weight, default=None)
        if widest is None or (len(found) > 1 and widest.weight <= total / parts / 4):
            break
        at = found.index(widest)
        divided, asked = _divided(listing, widest.prefix, left)
        left -= asked
        found[at : at + 1] = divided
    return found


def _divided(listing: Listing, prefix: str, left: int) -> tuple[list[_Branch], int]:
    """The branches below a prefix, and how many lists that took. With none left, the rest is one branch."""
    found: list[_Branch] = []
    asked, after = 0, prefix
    while asked < left:
        page = listing(after)
        asked += 1
        inside = [name for name in page if name.startswith(prefix)]
        if not inside:
            return found, asked
        complete = len(inside) < len(page) or len(page) < PAGE
        if found:
            shared = _shared(found[-1].prefix, inside[0])
        elif complete:
            shared = prefix
        else:
            # Names often go on alike for a while; what all of the branch have in common is passed over at once.
            shared = _shared(inside[0], inside[-1])
            beyond = next((name for name in listing(shared + _LAST) if name.startswith(prefix)), None)
            asked += 1
            shared = shared if beyond is None else _shared(shared, beyond)
        groups = [(start, list(group)) for start, group in groupby(inside, itemgetter(slice(len(shared) + 1)))]
        start, group = groups[-1]
        if not complete:
            groups.pop()
        found.extend(_Branch(each, len(names), open=False) for each, names in groups)
        if complete:
            return found, asked
        # What is all of one name has nothing below it to divide, and nothing to estimate by.
        below = any(len(name) > len(start) for name in group)
        found.append(_Branch(start, _estimate(start, group) if below else 1, open=below))
        after = start + _LAST
    return [*found, _Branch(prefix, sum(branch.weight for branch in found) / max(len(found), 1), open=False)], asked


def _shared(one: str, other: str) -> str:
    """How both begin; of the first and the last of several in order, how all begin."""
    return one[
        : next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    ]


def _estimate(prefix: str, names: Sequence[str]) -> float:
    """How many names begin so, if the first of them reach as far as these do, and the others are as dense."""
    rests = [name[len(prefix) :] for name in names]
    share, place = 0.0, 1.0
    first, last = rests[0], rests[-1]
    for depth in range(_DEEP):
        seen = {rest[depth] for rest in rests if len(rest) > depth}
        if not seen:
            break
        digits = next((each for each in _CLASSES if seen <= set(each)), None)
        base = 0x110000 if digits is None else len(digits)
        place /= base
        share += place * (_digit(last, depth, digits) - _digit(first, depth, digits))
    return len(names) / max(share, 1e-9)


def _digit(name: str, depth: int, digits: str | None) -> int:
    if len(name) <= depth:
        return 0
    return ord(name[depth]) if digits is None else digits.index(name[depth])


def _between(branches: Sequence[_Branch], parts: int) -> list[str]:
    total = sum(branch.weight for branch in branches)
    found: list[str] = []
    passed, part = 0.0, 1
    for branch in branches[:-1]:
        # The end that is nearest to where the part should end.
        passed += branch.weight
        if part < parts and passed + branch.weight / 2 >= total * part / parts:
            found.append(branch.prefix + _LAST)
            while part < parts and passed + branch.weight / 2 >= total * part / parts:
                part += 1
    return found
