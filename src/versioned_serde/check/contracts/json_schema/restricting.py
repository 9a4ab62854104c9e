"""What terms say of the instances of one JSON type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Final

from versioned_serde.check.contracts.json_schema.terms import ARRAY, BITS, OBJECT, TYPE_OF, Term, Terms
from versioned_serde.check.contracts.json_schema.values import Key

_ARMS: Final = 60
"""How many arms of `oneOf` are held against each other where no property tells them apart."""


class Restricting:
    """Rewrites terms for one type, into literals of that type, `and` and `or`.

    References are followed. One that leads to itself without going into the instance, which allows no validator to come
    to an end, is taken to allow all: then nothing is proved of it that does not hold.
    """

    def __init__(self, terms: Terms, resolve: Callable[[int], Term], apart: Callable[[Term, Term], bool]) -> None:
        self._terms = terms
        self._resolve = resolve
        self._apart = apart
        self._known: dict[tuple[int, Term], Term] = {}
        self._open: set[tuple[int, Term]] = set()
        self.loops: int = 0
        """How often a reference led to itself."""
        self._unions: set[tuple[int, Sequence[Term]]] = set()

    def of(self, bit: int, term: Term) -> Term:
        """The term for the type of this bit."""
        key = (bit, term)
        if (known := self._known.get(key)) is not None:
            return known
        if key in self._open:
            self.loops += 1
            return self._terms.true
        loops = self.loops
        self._open.add(key)
        try:
            result = self._of(bit, term)
        finally:
            self._open.discard(key)
        if loops == self.loops or not self._open:
            self._known[key] = result
        return result

    def _of(self, bit: int, term: Term) -> Term:
        terms = self._terms
        match term.kind:
            case "true" | "false" | "opaque" | "not_opaque":
                return term
            case "types":
                return terms.true if term.args[0] & bit else terms.false
            case "and":
                return self._all(bit, term.args)
            case "or":
                return terms.any_of(self.of(bit, each) for each in term.args)
            case "ref":
                return self.of(bit, self._resolve(term.args[0]))
            case "not_ref":
                return self.of(bit, terms.opposite(self._resolve(term.args[0])))
            case "values":
                return self._values(bit, term.args[0])
            case "not_values":
                return self._without(bit, term.args[0])
            case "one_of":
                return self._one_of(bit, term.args)
            case "not_one_of":
                arms, pairs = self._arms(bit, term.args)
                none = terms.all_of(terms.opposite(each) for each in arms)
                both = [terms.all_of(pair) for pair in pairs]
                return self.of(bit, terms.any_of([none, *both]))
        return term if TYPE_OF[term.kind] == bit else terms.true

    def _all(self, bit: int, parts: Iterable[Term]) -> Term:
        found: list[Term] = []
        for each in parts:
            restricted = self.of(bit, each)
            if restricted is self._terms.false:
                return restricted
            found.append(restricted)
        return self._terms.all_of(found)

    def _arms(self, bit: int, arms: Sequence[Term]) -> tuple[list[Term], list[tuple[Term, Term]]]:
        """The arms that this type can be, and the pairs of them that may have something in common."""
        only = self._terms.types(bit)
        possible = [each for each in arms if self.of(bit, each) is not self._terms.false]
        always = [each for each in possible if self.of(bit, each) is self._terms.true]
        if len(always) > 1:
            return possible, [(always[0], always[1])]
        if _has_tags([self.of(bit, each) for each in possible]):
            return possible, []
        pairs = list(combinations(possible, 2))
        key = (bit, arms)
        if len(possible) > _ARMS:
            reason = f"`oneOf` has more than {_ARMS} alternatives that no property tells apart"
            return possible, [(self._terms.opaque(str(arms), reason), self._terms.true)]
        if key in self._unions:
            return possible, pairs  # as it is: whether they overlap is being found out, further up
        outer, self._open = self._open, set()
        self._unions.add(key)
        try:
            common = [(one, other) for one, other in pairs if not self._apart(self._terms.all_of([only, one]), other)]
        finally:
            self._open = outer
            self._unions.discard(key)
        return possible, common

    def _one_of(self, bit: int, args: Sequence[Term]) -> Term:
        terms = self._terms
        arms, pairs = self._arms(bit, args)
        not_both = [terms.any_of(map(terms.opposite, pair)) for pair in pairs]
        return self.of(bit, terms.all_of([terms.any_of(arms), *not_both]))

    def _values(self, bit: int, keys: frozenset[Key]) -> Term:
        mine = [key for key in keys if BITS[key[0]] == bit]
        if bit in (ARRAY, OBJECT):
            return self._terms.any_of(self._equal_to(key) for key in sorted(mine, key=repr))
        return self._terms.values(mine)

    def _without(self, bit: int, keys: frozenset[Key]) -> Term:
        mine = [key for key in keys if BITS[key[0]] == bit]
        if bit in (ARRAY, OBJECT):
            equal = (self._equal_to(key) for key in sorted(mine, key=repr))
            return self.of(bit, self._terms.all_of(self._terms.opposite(each) for each in equal))
        return self._terms.without(mine) if mine else self._terms.true

    def _equal_to(self, key: Key) -> Term:
        """An array or object as what its parts are."""
        terms = self._terms
        kind, parts = key
        if kind == "array":
            items = [terms.each_item(index, index + 1, terms.values([part])) for index, part in enumerate(parts)]
            sizes = [terms.sized("min_items", len(parts)), terms.sized("max_items", len(parts))]
            return terms.all_of([*sizes, *items])
        there = [terms.some_name(terms.named(name), terms.true) for name, _ in parts]
        equal = [terms.each_name(terms.named(name), terms.values([part])) for name, part in parts]
        others = terms.without(("string", name) for name, _ in parts)
        return terms.all_of([terms.each_name(others, terms.false), *there, *equal])


def _has_tags(arms: Sequence[Term]) -> bool:
    """Whether there is a property that all arms require, with other values in each."""
    tags = [_tags(each) for each in arms]
    for name, values in tags[0].items() if tags else ():
        every = [each.get(name) for each in tags]
        union: set[Key] = set()
        for each in every:
            if each is None or union & each:
                break
            union |= each
        else:
            return len(values) > 0
    return False


def _tags(arm: Term) -> dict[str, frozenset[Key]]:
    """The properties that an arm requires, and enumerates the values of."""
    required: set[Term] = set()
    values: dict[Term, frozenset[Key]] = {}
    for each in arm.args if arm.kind == "and" else (arm,):
        if each.kind == "some_name" and each.args[1].kind == "true":
            required.add(each.args[0])
        elif each.kind == "each_name" and (found := _enumerated(each.args[1])) is not None:
            values[each.args[0]] = found
    return {
        key[1]: found
        for names, found in values.items()
        if names in required and names.kind == "values" and len(names.args[0]) == 1
        for key in names.args[0]
    }


def _enumerated(term: Term) -> frozenset[Key] | None:
    for each in term.args if term.kind == "and" else (term,):
        if each.kind == "values":
            return frozenset(each.args[0])
    return None
