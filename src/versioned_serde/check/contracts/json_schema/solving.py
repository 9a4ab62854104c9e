"""Whether a set of instances has a member.

Each JSON type is looked at alone. What is left of the terms is alternatives between what the files beside this decide;
an alternative is dropped as soon as it cannot be, and the rest are tried one after the other.

Sets that are asked for while they are being looked at are taken to be empty: an instance is finite, so it is not
needed as a part of itself. What was concluded from that is kept only once it is known to be so. Sets that are reached
over many references are postponed, and taken to be empty until they were looked at themselves; when one is not, those
that asked for it are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from versioned_serde.check.contracts.json_schema.answers import EMPTY, Answer, first_of, found, unknown
from versioned_serde.check.contracts.json_schema.arrays import array
from versioned_serde.check.contracts.json_schema.objects import Properties, object_
from versioned_serde.check.contracts.json_schema.restricting import Restricting
from versioned_serde.check.contracts.json_schema.scalars import constant, number, string
from versioned_serde.check.contracts.json_schema.terms import (
    ANY,
    ARRAY,
    BITS,
    BOOLEAN,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    Term,
    Terms,
)
from versioned_serde.check.contracts.json_schema.values import Key, value_of

_STEPS: Final = 40_000
"""How many sets are looked at for one question, at most."""
_JUDGMENTS: Final = 300_000
"""How many alternatives are held against what is around them, at most, before they are tried one by one."""
_DEPTH: Final = 40
"""How deep sets are looked at within each other, at most."""
_REFERENCES: Final = 6
"""How deep that is done over references before they are postponed."""
_ROUNDS: Final = 20
_NO_DEPENDENCE: Final = 1 << 30

_State = frozenset[Term]


class Solver:
    """Finds members of sets, and remembers what it found."""

    def __init__(self, terms: Terms, resolve: Callable[[int], Term]) -> None:
        self._terms = terms
        self._restricting = Restricting(terms, resolve, self._apart)
        self._known: dict[_State, Answer] = {}
        self._open: dict[_State, int] = {}
        """Sets that are being looked at -> how deep."""
        self._assumed: dict[_State, int] = {}
        """Sets that are empty if the open one at this depth, or one above it, is."""
        self._leans_on = _NO_DEPENDENCE
        self._postponed: dict[_State, None] = {}
        """Sets that are taken to be empty, and are looked at later."""
        self._tentative: dict[_State, frozenset[_State]] = {}
        """Sets that are empty if these postponed ones are."""
        self._relied_on: set[_State] = set()
        """Postponed sets on which what is being looked at relies."""
        self._reach = _REFERENCES
        self._steps = 0
        self._judgments = 0

    def asked(self, state: Iterable[Term]) -> Answer:
        """What is known of the instances that are in all of the terms; for a new question, with new patience."""
        self._steps = self._judgments = 0
        terms = list(state)
        answer = unknown("the schemas refer to each other in too many ways")
        for _ in range(_ROUNDS):
            self._postponed, self._tentative, self._relied_on = {}, {}, set()
            answer = self.solve(terms)
            if answer.sure or not self._postponed:
                return answer
            self._reach = 1
            try:
                self._caught_up()
            finally:
                self._reach = _REFERENCES
        return answer if answer.kind != "empty" else unknown("the schemas refer to each other in too many ways")

    @property
    def has_loops(self) -> bool:
        """Whether a reference was seen that leads to itself without going into the instance."""
        return self._restricting.loops > 0

    def _caught_up(self) -> None:
        """Looks at what was postponed, and at what relies on it, until nothing changes any more."""
        relying: dict[_State, set[_State]] = {}
        queue = list(self._postponed)
        seen = set(queue)
        while queue:
            state = queue.pop()
            if state in self._known:
                continue
            self._tentative, self._relied_on = {}, set()
            answer = self._looked_at(state)
            for each in self._relied_on:
                relying.setdefault(each, set()).add(state)
            if answer.kind != "empty":
                self._known[state] = answer
                self._postponed.pop(state, None)
                queue.extend(relying.pop(state, ()))
            fresh = [each for each in self._postponed if each not in seen]
            queue.extend(fresh)
            seen.update(fresh)
        # Each of those that are left is empty if the others are: the smallest member of any would have a smaller one of
        # another in it.
        self._known.update(dict.fromkeys(self._postponed, EMPTY))

    def solve(self, state: Iterable[Term]) -> Answer:
        """The same, as a part of a question."""
        key = self._flat(state)
        if key is None:
            return EMPTY
        if (known := self._known.get(key) or _among_values(key)) is not None:
            return known
        if (relied_on := self._tentative.get(key)) is not None:
            self._relied_on |= relied_on
            return EMPTY
        for remembered in (self._open, self._assumed):
            if (depth := remembered.get(key)) is not None:
                self._leans_on = min(self._leans_on, depth)
                return EMPTY
        self._steps += 1
        if self._steps > _STEPS:
            return unknown("the schemas combine in too many ways")
        if key in self._postponed or (len(self._open) >= self._reach and any(each.refers for each in key)):
            self._postponed[key] = None
            self._relied_on.add(key)
            return EMPTY
        if len(self._open) >= _DEPTH:
            return unknown(f"instances are nested deeper than {_DEPTH} levels")
        return self._looked_at(key)

    def _looked_at(self, key: _State) -> Answer:
        depth = len(self._open)
        above, self._leans_on = self._leans_on, _NO_DEPENDENCE
        outer, self._relied_on = self._relied_on, set()
        self._open[key] = depth
        try:
            answer = first_of(self._of_type(bit, key) for bit in BITS.values())
        finally:
            del self._open[key]
            mine, self._relied_on = self._relied_on, outer | self._relied_on
            leans_on, self._leans_on = self._leans_on, min(above, self._leans_on)
        alone = leans_on >= depth
        if alone:
            self._leans_on = above
        self._let_go(depth, leans_on, answer.kind == "empty" and not mine)
        if answer.kind == "found" or (answer.kind == "unknown" and self._steps <= _STEPS):
            self._known[key] = answer
        elif answer.kind == "empty" and not alone:
            if not mine:
                self._assumed[key] = leans_on
        elif answer.kind == "empty" and mine:
            self._tentative[key] = frozenset(mine)
        elif answer.kind == "empty":
            self._known[key] = answer
        return answer

    def _let_go(self, depth: int, leans_on: int, empty: bool) -> None:
        """What leaned on the set of this depth being empty; it may lean on one above in turn."""
        for state in [state for state, lowest in self._assumed.items() if lowest >= depth]:
            del self._assumed[state]
            if empty:
                if leans_on >= depth:
                    self._known[state] = EMPTY
                else:
                    self._assumed[state] = leans_on

    def _flat(self, state: Iterable[Term]) -> _State | None:
        """The parts of all; None if two of them are opposites."""
        whole = self._terms.all_of(state)
        if whole is self._terms.false:
            return None
        parts = frozenset(whole.args if whole.kind == "and" else () if whole is self._terms.true else (whole,))
        if any(self._terms.opposite(each) in parts for each in parts):
            return None
        return parts

    def _apart(self, one: Term, other: Term) -> bool:
        """Whether two terms have nothing in common, told with no regard to what is being looked at."""
        outer = self._open, self._assumed, self._leans_on, self._postponed, self._tentative, self._relied_on
        self._open, self._assumed, self._leans_on = {}, {}, _NO_DEPENDENCE
        self._postponed, self._tentative, self._relied_on = {}, {}, set()
        try:
            return self.solve([one, other]).kind == "empty" and not self._relied_on
        finally:
            self._open, self._assumed, self._leans_on, self._postponed, self._tentative, self._relied_on = outer

    def _of_type(self, bit: int, state: _State) -> Answer:
        restricted = self._restricting.of(bit, self._terms.all_of(sorted(state, key=lambda each: each.number)))
        if restricted is self._terms.false:
            return EMPTY
        literals: dict[Term, None] = {}
        ors: list[Term] = []
        _split(restricted, literals, ors)
        return self._branched(bit, literals, ors)

    def _branched(self, bit: int, literals: dict[Term, None], ors: list[Term]) -> Answer:
        if any(self._terms.opposite(each) in literals for each in literals):
            return EMPTY
        if not ors:
            return self._leaf(bit, tuple(literals))
        self._steps += 1
        if self._steps > _STEPS or self._judgments > _JUDGMENTS:
            return unknown("the schemas combine in too many ways")
        narrowed = self._narrowed(bit, literals, ors)
        if narrowed is None:
            return EMPTY
        literals, ors = narrowed
        if not ors:
            return self._leaf(bit, tuple(literals))
        if len(ors) > 1 and self._leaf(bit, tuple(literals)).kind == "empty":
            return EMPTY
        # Alternatives that say much settle most of the others, as the arms of a tagged union do.
        chosen = max(ors, key=lambda each: (min(map(_size, each.args)), -len(each.args)))
        rest = [each for each in ors if each is not chosen]
        return first_of(self._with(bit, literals, rest, arm) for arm in chosen.args)

    def _with(self, bit: int, literals: dict[Term, None], ors: list[Term], arm: Term) -> Answer:
        more = dict(literals)
        others = list(ors)
        _split(arm, more, others)
        return self._branched(bit, more, others)

    def _narrowed(
        self, bit: int, literals: dict[Term, None], ors: list[Term]
    ) -> tuple[dict[Term, None], list[Term]] | None:
        """Alternatives without what cannot be; None if one has nothing left."""
        literals = dict(literals)
        again = True
        while again:
            again = False
            properties = Properties(literals, self._terms, self.solve) if bit == OBJECT else None
            left: list[Term] = []
            for each in dict.fromkeys(ors):
                arms = self._alive(bit, literals, properties, each)
                if arms is None:
                    continue
                if not arms:
                    return None
                if len(arms) == 1:
                    _split(arms[0], literals, left)
                    again = True
                else:
                    left.append(self._terms.any_of(arms))
            ors = left
            if any(self._terms.opposite(each) in literals for each in literals):
                return None
        return literals, ors

    def _alive(
        self, bit: int, literals: dict[Term, None], properties: Properties | None, alternatives: Term
    ) -> list[Term] | None:
        """The arms that can be; None if one is so in any case."""
        arms: list[Term] = []
        for arm in alternatives.args:
            parts = arm.args if arm.kind == "and" else (arm,)
            verdicts = [self._judged(bit, literals, properties, part) for part in parts]
            if all(verdict == "implied" for verdict in verdicts):
                return None
            if "dead" not in verdicts:
                arms.append(arm)
        return arms

    def _judged(self, bit: int, literals: dict[Term, None], properties: Properties | None, part: Term) -> str:
        self._judgments += 1
        if self._judgments > _JUDGMENTS:
            return "open"
        if part in literals:
            return "implied"
        opposite = self._restricting.of(bit, self._terms.opposite(part))
        if opposite in literals:
            return "dead"
        if part.kind in ("or", "one_of", "opaque", "not_opaque"):
            return "open"
        if properties is not None:
            return properties.judged(part)
        if bit == ARRAY:
            return "open"
        if self._leaf(bit, (*literals, part)).kind == "empty":
            return "dead"
        return "implied" if self._leaf(bit, (*literals, opposite)).kind == "empty" else "open"

    def _leaf(self, bit: int, literals: tuple[Term, ...]) -> Answer:
        doubt = next((each.args[1] for each in literals if each.kind in ("opaque", "not_opaque")), "")
        if bit == NULL:
            answer = constant(literals, [("null",)])
        elif bit == BOOLEAN:
            answer = constant(literals, [("boolean", True), ("boolean", False)])
        elif bit == NUMBER:
            answer = number(literals)
        elif bit == STRING:
            answer = string(literals)
        elif bit == ARRAY:
            answer = array(literals, self._terms, self.solve)
        else:
            answer = object_(literals, self._terms, self.solve)
        return found(answer.value, doubt) if doubt and answer.kind == "found" else answer


def _among_values(state: _State) -> Answer | None:
    """The answer where nothing but values is compared, as most often with the tags of unions; None for other sets."""
    mask = ANY
    allowed: frozenset[Key] | None = None
    excluded: list[frozenset[Key]] = []
    for each in state:
        if each.kind == "types":
            mask &= each.args[0]
        elif each.kind == "values":
            allowed = each.args[0] if allowed is None else allowed & each.args[0]
        elif each.kind == "not_values":
            excluded.append(each.args[0])
        else:
            return None
    if allowed is None:
        return None
    left = allowed.difference(*excluded)
    chosen = min((key for key in left if BITS[key[0]] & mask), key=repr, default=None)
    return EMPTY if chosen is None else found(value_of(chosen))


def _split(term: Term, literals: dict[Term, None], ors: list[Term]) -> None:
    for each in term.args if term.kind == "and" else (term,):
        if each.kind == "or":
            ors.append(each)
        elif each.kind != "true":
            literals[each] = None


def _size(arm: Term) -> int:
    return len(arm.args) if arm.kind == "and" else 1
