"""Members of sets of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise, product
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.answers import EMPTY, Answer, Solve, found, unknown
from versioned_serde.check.contracts.json_schema.scalars import of_kind
from versioned_serde.check.contracts.json_schema.terms import Term, Terms
from versioned_serde.check.contracts.json_schema.values import key_of

_TRIES: Final = 300
_ITEMS: Final = 2_000
"""How many items an array may have that is made; how many `contains` may demand is a fraction of that."""
_DISTINCT: Final = 200
_DEMANDS: Final = 8

_Demand = tuple[int, int | None, Term]


class _Making:
    def __init__(self, literals: Sequence[Term], terms: Terms, solve: Solve) -> None:
        self._terms = terms
        self._solve = solve
        self._each = [each.args for each in of_kind(literals, "each_item")]
        some = [each.args for each in of_kind(literals, "some_item")]
        self._many = [each.args for each in of_kind(literals, "many")]
        self._few = [each.args for each in of_kind(literals, "few")]
        self._least = max((each.args[0] for each in of_kind(literals, "min_items")), default=0)
        self._most = min((each.args[0] for each in of_kind(literals, "max_items")), default=None)
        self._unique = bool(of_kind(literals, "unique"))
        self._equal = bool(of_kind(literals, "not_unique"))
        self._demands: list[_Demand] = list(some)
        for count, term in self._many:
            self._demands.extend((0, None, term) for _ in range(min(count, _DEMANDS + 1)))
        ends = [bound for start, stop, _ in (*self._each, *some) for bound in (start, stop) if bound is not None]
        self._uniform = max(ends, default=0)
        """From this index on, `items` say the same of all."""
        self._doubt = ""
        self._complete = True

    def _state(self, index: int) -> frozenset[Term]:
        return frozenset(term for start, stop, term in self._each if start <= index and (stop is None or index < stop))

    def answer(self) -> Answer:
        if self._unique and self._equal:
            return EMPTY
        if any(term is other and least > most for least, term in self._many for most, other in self._few):
            return EMPTY
        longest = self._longest()
        if longest is not None and longest < self._least:
            return EMPTY
        if len(self._demands) > _DEMANDS or self._uniform > _ITEMS:
            return unknown("`contains`: too many items are demanded")
        best = EMPTY
        tries = 0
        for places in self._assignments():
            for length, pairs, free in self._variants(places):
                if longest is not None and length > longest:
                    continue
                tries += 1
                if tries > _TRIES:
                    self._give_up("items: too many ways to place them")
                    return best if best.kind == "found" else unknown(self._doubt)
                answer = self._made(length, places, pairs, free)
                if answer.sure:
                    return answer
                best = answer if answer.kind == "found" else best
        if best.kind == "empty" and not self._complete:
            return unknown(self._doubt)
        return best

    def _give_up(self, doubt: str) -> None:
        self._complete = False
        self._doubt = self._doubt or doubt

    def _longest(self) -> int | None:
        """How long an array can be: until the first item that cannot be."""
        longest = self._most
        if self._uniform > _ITEMS:
            return longest
        for index in range(self._uniform + 1):
            if longest is not None and index >= longest:
                break
            state = self._state(index)
            if state and self._solve(state).kind == "empty":
                return index
        return longest

    def _assignments(self) -> Iterator[tuple[int, ...]]:
        """For each demand, the index of the item that meets it."""
        reach = self._uniform + len(self._demands)
        choices = [
            range(start, min(stop, reach) if stop is not None else max(start + 1, reach))
            for start, stop, _ in self._demands
        ]
        firsts = len(self._demands) - sum(min(count, _DEMANDS + 1) for count, _ in self._many)
        for places in product(*choices):
            taken = places[firsts:]
            at = 0
            apart = True
            for count, _ in self._many:
                group = taken[at : at + count]
                apart = apart and all(one < other for one, other in pairwise(group))
                at += count
            if apart:
                yield places

    def _variants(
        self, places: tuple[int, ...]
    ) -> Iterator[tuple[int, tuple[int, int] | None, tuple[frozenset[int], ...]]]:
        """The length, which two items are equal, and which items `contains` may match that must not match more."""
        length = max([self._least, *(each + 1 for each in places)])
        lengths = [(length, None)]
        if self._equal:
            reach = max(length, self._uniform + 2, 2)
            lengths = [(max(length, j + 1), (i, j)) for j in range(min(reach, 24)) for i in range(j)]  # type: ignore[misc]
        for size, pair in lengths:
            frees: list[list[frozenset[int]]] = []
            for most, _ in self._few:
                indexes = range(min(size, self._uniform + len(self._demands) + most + 1))
                chosen = combinations(indexes, min(most, len(indexes)))
                frees.append([frozenset(each) for each in islice(chosen, _TRIES + 1)])
            for free in product(*frees):
                yield size, pair, free

    def _made(
        self, length: int, places: tuple[int, ...], pair: tuple[int, int] | None, free: tuple[frozenset[int], ...]
    ) -> Answer:
        if length > _ITEMS:
            self._give_up(f"`minItems`: an array of {length} items is not made")
            return EMPTY
        states = [set(self._state(min(index, self._uniform))) for index in range(length)]
        for place, (_, _, term) in zip(places, self._demands, strict=True):
            states[place].add(term)
        for (_, term), indexes in zip(self._few, free, strict=True):
            for index in range(length):
                if index not in indexes:
                    states[index].add(self._terms.opposite(term))
        if pair is not None:
            states[pair[0]] |= states[pair[1]]
            states[pair[1]] = states[pair[0]]
        frozen = [frozenset(each) for each in states]
        return self._distinct(frozen) if self._unique else self._plain(frozen)

    def _plain(self, states: Sequence[frozenset[Term]]) -> Answer:
        items: list[Any] = []
        doubt = ""
        for state in states:
            answer = self._solve(state)
            if answer.kind == "unknown":
                self._give_up(answer.doubt)
            if answer.kind != "found":
                return EMPTY
            items.append(answer.value)
            doubt = doubt or answer.doubt
        return found(items, doubt)

    def _distinct(self, states: Sequence[frozenset[Term]]) -> Answer:
        if len(states) > _DISTINCT:
            self._give_up(f"`uniqueItems`: an array of {len(states)} different items is not made")
        # Those with the fewest values choose first.
        sizes = {state: self._count(state, len(states)) for state in set(states)}
        order = sorted(range(len(states)), key=lambda index: (sizes[states[index]], index))
        items: list[Any] = [None] * len(states)
        taken: list[Any] = []
        doubt = ""
        for index in order[:_DISTINCT]:
            answer = self._solve([*states[index], self._terms.without(map(key_of, taken))])
            if answer.kind == "found":
                items[index] = answer.value
                taken.append(answer.value)
                doubt = doubt or answer.doubt
                continue
            # More items than values, for this state alone, is a proof; another order might do better otherwise.
            if answer.kind == "unknown" or sizes[states[index]] >= states.count(states[index]):
                self._give_up(answer.doubt or "`uniqueItems`: no different values were found for all items")
            return EMPTY
        return EMPTY if len(states) > _DISTINCT else found(items, doubt)

    def _count(self, state: frozenset[Term], most: int) -> int:
        """How many values a state has, up to `most`; that if it is not known."""
        values: list[Any] = []
        for _ in range(min(most, _DISTINCT)):
            answer = self._solve([*state, self._terms.without(map(key_of, values))])
            if answer.kind == "empty":
                return len(values)
            if answer.kind == "unknown":
                break
            values.append(answer.value)
        return most


def array(literals: Sequence[Term], terms: Terms, solve: Solve) -> Answer:
    """An array that is in all of the terms."""
    return _Making(literals, terms, solve).answer()
