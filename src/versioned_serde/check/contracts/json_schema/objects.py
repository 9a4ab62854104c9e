"""Members of sets of objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.answers import EMPTY, Answer, Solve, found, unknown
from versioned_serde.check.contracts.json_schema.terms import STRING, Term, Terms

_CLASSES: Final = 200
"""In how many ways kinds of names that are not enumerated may overlap; each is looked at."""
_TRIES: Final = 400
_NAMES: Final = 2_000
"""How many properties an object may have that is made."""


class Properties:
    """What terms of objects say of each property."""

    def __init__(self, literals: Iterable[Term], terms: Terms, solve: Solve) -> None:
        self._terms = terms
        self._solve = solve
        self._exact: dict[str, list[Term]] = {}
        self._broad: list[tuple[Term, Term]] = []
        self.forced: dict[str, list[Term]] = {}
        self.loose: list[tuple[Term, Term]] = []
        self.least: int = 0
        self.most: int | None = None
        for each in literals:
            self._add(each)
        self.mentioned: set[str] = {*self._exact, *self.forced}
        for names, _ in (*self._broad, *self.loose):
            self.mentioned |= mentioned_in(names)
        self._states: dict[str, frozenset[Term]] = {}

    def _add(self, literal: Term) -> None:
        match literal.kind:
            case "each_name":
                names, term = literal.args
                if names.kind == "values":
                    for _, name in names.args[0]:
                        self._exact.setdefault(name, []).append(term)
                else:
                    self._broad.append((names, term))
            case "some_name":
                names, term = literal.args
                if names.kind == "values" and len(names.args[0]) == 1:
                    ((_, name),) = names.args[0]
                    self.forced.setdefault(name, []).append(term)
                else:
                    self.loose.append((names, term))
            case "min_names":
                self.least = max(self.least, literal.args[0])
            case "max_names":
                self.most = literal.args[0] if self.most is None else min(self.most, literal.args[0])

    def among(self, names: Term, name: str) -> bool:
        """Whether a name is in a term of strings; also if that is not known, for a term that must hold."""
        if names.kind in ("values", "not_values"):
            return (("string", name) in names.args[0]) is (names.kind == "values")
        return self._solve([names, self._terms.named(name)]).kind != "empty"

    def state_of(self, name: str) -> frozenset[Term]:
        """What the value of a property must be if it is there."""
        state = self._states.get(name)
        if state is None:
            broad = (term for names, term in self._broad if self.among(names, name))
            state = self._states[name] = frozenset([*self._exact.get(name, ()), *broad])
        return state

    def required_state_of(self, name: str) -> frozenset[Term]:
        """The same, with what is said of it because it must be there."""
        return self.state_of(name) | frozenset(self.forced.get(name, ()))

    def judged(self, literal: Term) -> str:
        """Whether one more literal of one name is `dead` beside the others, `implied` by them, or `open`."""
        if literal.kind not in ("some_name", "each_name"):
            return "open"
        names, term = literal.args
        if names.kind != "values" or len(names.args[0]) != 1:
            return "open"
        ((_, name),) = names.args[0]
        there = name in self.forced
        state = self.required_state_of(name)
        if literal.kind == "some_name" or there:
            if self._solve([*state, term]).kind == "empty":
                return "dead"
            return "implied" if there and self._solve([*state, self._terms.opposite(term)]).kind == "empty" else "open"
        return "implied" if self._solve([*state, self._terms.opposite(term)]).kind == "empty" else "open"

    def classes(self, within: Term, used: Iterable[str]) -> Iterator[tuple[Answer, frozenset[Term]]]:
        """Names that nothing mentions: one of each class in `within`, and what holds for its value."""
        unmentioned = self._terms.without(("string", name) for name in {*self.mentioned, *used})
        kinds = list(dict.fromkeys(names for names, _ in self._broad if not self._covers(names)))
        always = [term for names, term in self._broad if self._covers(names)]
        first = [self._terms.types(STRING), within, unmentioned]
        for name, chosen in self._named(first, kinds, [_CLASSES]):
            yield name, frozenset([*always, *(term for names, term in self._broad if names in chosen)])

    def _named(
        self, so_far: list[Term], kinds: list[Term], left: list[int]
    ) -> Iterator[tuple[Answer, frozenset[Term]]]:
        """A name for each way in which kinds of names overlap, with those kinds; of few kinds first."""
        left[0] -= 1
        name = self._solve(so_far)
        if left[0] < 0:
            yield unknown("`patternProperties`: too many patterns overlap"), frozenset()
        elif name.kind != "empty" and not kinds:
            yield name, frozenset()
        elif name.kind != "empty":
            yield from self._named([*so_far, self._terms.opposite(kinds[0])], kinds[1:], left)
            for found, chosen in self._named([*so_far, kinds[0]], kinds[1:], left):
                yield found, chosen | {kinds[0]}

    def _covers(self, names: Term) -> bool:
        """Whether these are all names but some that are mentioned."""
        return names.kind in ("not_values", "true")


def mentioned_in(names: Term) -> set[str]:
    """The names that a term of strings enumerates."""
    if names.kind in ("values", "not_values"):
        return {key[1] for key in names.args[0] if key[0] == "string"}
    if names.kind in ("and", "or"):
        return set().union(*map(mentioned_in, names.args))
    return set()


class _Making:
    def __init__(self, properties: Properties, terms: Terms, solve: Solve) -> None:
        self._of = properties
        self._terms = terms
        self._solve = solve
        self._tries = 0
        self._doubt = ""

    def answer(self) -> Answer:
        made: dict[str, Any] = {}
        doubts: list[str] = []
        pending = ""
        for name in self._of.forced:
            answer = self._solve(self._of.required_state_of(name))
            if answer.kind == "empty":
                return EMPTY
            if answer.kind == "unknown":
                pending = answer.doubt
            made[name] = answer.value
            doubts.append(answer.doubt)
        if self._of.most is not None and len(self._of.forced) > self._of.most:
            return EMPTY
        if pending:
            return unknown(pending)
        answer = self._assigned(0, made, {}, next(filter(None, doubts), ""))
        if answer.kind == "empty" and self._doubt:
            return unknown(self._doubt)
        return answer

    def _assigned(self, index: int, made: dict[str, Any], extra: dict[str, list[Term]], doubt: str) -> Answer:
        """Finds properties for the loose terms from `index` on."""
        if index == len(self._of.loose):
            return self._filled(made, doubt)
        best = EMPTY
        names, term = self._of.loose[index]
        for name, state in self._places(names, made):
            self._tries += 1
            if self._tries > _TRIES:
                self._doubt = "properties: too many ways to choose names"
                return best
            wanted = [*extra.get(name, ()), term]
            answer = self._solve([*state, *wanted])
            if answer.kind == "unknown":
                self._doubt = self._doubt or answer.doubt
            if answer.kind != "found":
                continue
            rest = self._assigned(
                index + 1, {**made, name: answer.value}, {**extra, name: wanted}, doubt or answer.doubt
            )
            if rest.sure:
                return rest
            best = rest if rest.kind == "found" else best
        return best

    def _places(self, names: Term, made: dict[str, Any]) -> Iterator[tuple[str, frozenset[Term]]]:
        known = sorted(name for name in self._of.mentioned - made.keys() if self._of.among(names, name))
        for name in known:
            yield name, self._of.state_of(name)
        if names.kind != "values":
            for fresh, state in self._of.classes(names, made):
                if fresh.kind == "found":
                    yield fresh.value, state
                else:
                    self._doubt = self._doubt or fresh.doubt
        for name in made:
            if self._of.among(names, name):
                yield name, self._of.required_state_of(name) if name in self._of.forced else self._of.state_of(name)

    def _filled(self, made: dict[str, Any], doubt: str) -> Answer:
        if self._of.most is not None and len(made) > self._of.most:
            return EMPTY
        least = self._of.least
        if len(made) >= least:
            return found(made, doubt)
        if self._of.most is not None and least > self._of.most:
            return EMPTY
        if least > _NAMES:
            return unknown(f"`minProperties`: an object of {least} properties is not made")
        made = dict(made)
        for name in sorted(self._of.mentioned - made.keys()):
            if len(made) >= least:
                break
            doubt = self._added(made, name, self._of.state_of(name), doubt)
        while len(made) < least:
            before = len(made)
            for fresh, state in self._of.classes(self._terms.true, made):
                if fresh.kind == "found":
                    doubt = self._added(made, fresh.value, state, doubt)
                    if len(made) > before:
                        break
                else:
                    self._doubt = self._doubt or fresh.doubt
            if len(made) == before:
                return EMPTY
        return found(made, doubt)

    def _added(self, made: dict[str, Any], name: str, state: frozenset[Term], doubt: str) -> str:
        answer = self._solve(state)
        if answer.kind == "found":
            made[name] = answer.value
            return doubt or answer.doubt
        if answer.kind == "unknown":
            self._doubt = self._doubt or answer.doubt
        return doubt


def object_(literals: Iterable[Term], terms: Terms, solve: Solve) -> Answer:
    """An object that is in all of the terms."""
    return _Making(Properties(literals, terms, solve), terms, solve).answer()
