"""Times two sides against each other, in this process.

The rounds are interleaved (ours, theirs, ours, theirs, ...), so that both meet the same noise, and each round gives one
ratio. As a program it measures the cells that it is given on its command line and prints one line of JSON for each:
`benchmarks.__main__` starts it several times, because where a process puts code and objects moves times, too.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from statistics import median
from time import process_time
from timeit import Timer

from benchmarks.row import Comparison, Side, rows_of

Cell = tuple[str, str, str]
"""Module of `rows`, key of a row in it, name of a record."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured.

    Attributes:
        processes: fresh ones.
        rounds: in each process.
        seconds: about how long one side runs in one round.
    """

    processes: int
    rounds: int
    seconds: float


FULL = Effort(processes=5, rounds=41, seconds=0.002)
QUICK = Effort(processes=1, rounds=5, seconds=0.001)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process found.

    Attributes:
        ratio: median of the rounds' ratios, our time / theirs.
        ours: median nanoseconds of a call.
        theirs: median nanoseconds of a call.
    """

    ratio: float
    ours: float
    theirs: float


def timer_of(side: Side) -> Timer:
    """In processor time: all sides only compute, and other processes' turns would hit the one side or the other."""
    return Timer(side.statement, timer=process_time, globals=side.names)


def calls_for(timer: Timer, seconds: float) -> int:
    """How many calls take about so long, at least one; they warm the side up, too."""
    calls = 1
    while (elapsed := timer.timeit(calls)) < seconds / 4:
        calls *= 2
    return max(1, round(calls * seconds / elapsed))


def compared(comparison: Comparison, rounds: int, seconds: float) -> Measured:
    ours, theirs = timer_of(comparison.ours), timer_of(comparison.theirs)
    our_calls, their_calls = calls_for(ours, seconds), calls_for(theirs, seconds)
    times = [
        (ours.timeit(our_calls) / our_calls * 1e9, theirs.timeit(their_calls) / their_calls * 1e9)
        for _ in range(rounds)
    ]
    return Measured(
        median(our / their for our, their in times),
        median(our for our, _ in times),
        median(their for _, their in times),
    )


def main() -> None:
    asked = json.loads(sys.argv[1])
    for module, key, record in asked["cells"]:
        found = compared(rows_of(module)[key].compare(record), asked["rounds"], asked["seconds"])
        print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    main()
