"""Whether there is a text that some regular expressions match and others do not, of some length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from versioned_serde.check.contracts.json_schema.patterns import Automaton, NotRegularError, Ranges, automaton_of

_WORK: Final = 30_000
"""How many steps of automata a search may take; above that it gives up, after about a second."""
_NICE: Final = (
    *range(ord("a"), ord("z") + 1),
    *range(ord("0"), ord("9") + 1),
    *range(ord("A"), ord("Z") + 1),
    *range(32, 127),
)
_SURROGATES: Final = range(0xD800, 0xE000)

_State = tuple[tuple[frozenset[int], ...], str | None]


def text_between(
    matching: Iterable[str], missing: Iterable[str], least: int, most: int | None, excluded: Iterable[str]
) -> str | None:
    """The shortest text that all of `matching` and none of `missing` match; None if there is none.

    Args:
        matching: regular expressions.
        missing: regular expressions.
        least: its length in characters, at least.
        most: its length at most, if that is bounded.
        excluded: texts that it must not be.

    Raises:
        NotRegularError: an expression is not understood, or the search takes too long.
    """
    result = _text_or_error(tuple(matching), tuple(missing), least, most, frozenset(excluded))
    if isinstance(result, NotRegularError):
        raise NotRegularError(*result.args)
    return result


@lru_cache(maxsize=4096)
def _text_or_error(
    matching: tuple[str, ...], missing: tuple[str, ...], least: int, most: int | None, excluded: frozenset[str]
) -> str | NotRegularError | None:
    try:
        return _Search(matching, missing, excluded).run(least, most)
    except NotRegularError as error:
        return error


class _Search:
    def __init__(self, matching: Sequence[str], missing: Sequence[str], excluded: frozenset[str]) -> None:
        self._automata = [automaton_of(each) for each in (*matching, *missing)]
        self._wanted = [True] * len(matching) + [False] * len(missing)
        self._excluded = excluded
        self._prefixes = {text[:end] for text in excluded for end in range(len(text) + 1)}
        self._alphabet = _alphabet(self._automata, excluded)
        self._work = 0

    def _accepts(self, state: _State) -> bool:
        sets, prefix = state
        return prefix not in self._excluded and all(
            automaton.accepts(states) is wanted
            for automaton, states, wanted in zip(self._automata, sets, self._wanted, strict=True)
        )

    def _step(self, state: _State, char: int) -> _State | None:
        self._work += 1 + sum(map(len, state[0])) // 8
        if self._work > _WORK:
            raise NotRegularError("regular expressions were too many or too large to be compared")
        sets = tuple(automaton.step(states, char) for automaton, states in zip(self._automata, state[0], strict=True))
        for automaton, states, wanted in zip(self._automata, sets, self._wanted, strict=True):
            if not states if wanted else automaton.accepts_all_that_follows(states):
                return None  # what must match cannot any more, or what must not does for good
        prefix = None if state[1] is None else state[1] + chr(char)
        return sets, prefix if prefix in self._prefixes else None

    def run(self, least: int, most: int | None) -> str | None:
        start: _State = (tuple(each.start for each in self._automata), "" if self._excluded else None)
        layers: list[dict[_State, tuple[_State, int] | None]] = [{start: None}]
        seen: set[_State] = set()
        while layers[-1]:
            length = len(layers) - 1
            if length >= least:
                for state in layers[-1]:
                    if self._accepts(state):
                        return _spelled(layers, state)
                # A state that was reached with fewer characters, yet enough, has nothing new to offer.
                seen.update(layers[-1])
            if most is not None and length >= most:
                return None
            following: dict[_State, tuple[_State, int] | None] = {}
            for state in layers[-1]:
                for char in self._alphabet:
                    reached = self._step(state, char)
                    if reached is not None and reached not in following and reached not in seen:
                        following[reached] = (state, char)
            layers.append(following)
        return None


def _spelled(layers: list[dict[_State, tuple[_State, int] | None]], state: _State) -> str:
    chars: list[str] = []
    for layer in reversed(layers):
        came = layer[state]
        if came is not None:
            state, char = came
            chars.append(chr(char))
    return "".join(reversed(chars))


def _alphabet(automata: Sequence[Automaton], excluded: Iterable[str]) -> list[int]:
    """One character of each kind that the automata and the excluded texts tell apart."""
    classes: set[Ranges] = set().union(*(each.ranges() for each in automata))
    classes |= {((ord(char), ord(char)),) for text in excluded for char in text}
    ordered = sorted(classes)
    bounds = {0, 0x110000} | {bound for ranges in ordered for low, high in ranges for bound in (low, high + 1)}
    edges = sorted(bounds)
    if len(edges) * len(ordered) > _WORK * 10:
        raise NotRegularError("regular expressions tell too many characters apart")
    found: dict[tuple[bool, ...], int] = {}

    def kind(char: int) -> tuple[bool, ...]:
        return tuple(any(low <= char <= high for low, high in ranges) for ranges in ordered)

    for char in _NICE:
        found.setdefault(kind(char), char)
    for low, high in pairwise(edges):
        inside = next((each for each in (low, 0xE000) if low <= each < high and each not in _SURROGATES), None)
        if inside is not None:
            found.setdefault(kind(inside), inside)
    return list(found.values())
