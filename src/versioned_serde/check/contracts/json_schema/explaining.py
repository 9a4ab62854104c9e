"""Looks for what one schema allows and another does not, keyword by keyword."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.answers import Answer, unknown
from versioned_serde.check.contracts.json_schema.arms import Arms
from versioned_serde.check.contracts.json_schema.documents import Node, UnresolvableError
from versioned_serde.check.contracts.json_schema.keywords import REFERENCES, Reading
from versioned_serde.check.contracts.json_schema.obstacles import (
    ADDED,
    OTHERWISE,
    REMOVED,
    RULES,
    UNDECIDED,
    Obstacle,
    Spot,
    Witness,
    followed,
    said,
    values_at,
)
from versioned_serde.check.contracts.json_schema.solving import Solver
from versioned_serde.check.contracts.json_schema.terms import ARRAY, OBJECT, Term, Terms

_QUESTIONS: Final = 2_000
"""How many questions are asked to tell where a schema fails."""
_OBSTACLES: Final = 100
_NAMES: Final = 25
"""How many properties are named that a closed object has no place for."""
_TOO_MANY: Final = "there are too many differences"


class Explaining:
    """What stands between `sub` and `sup`."""

    def __init__(self, sub: Node, sup: Node) -> None:
        self._sub = sub
        self._sup = sup
        self._terms = Terms()
        self._reading = Reading(self._terms)
        self._solver = Solver(self._terms, self._reading.resolve)
        self._arms = Arms(self._terms, self._reading, self._solver)
        self._allowed = self._reading.term(sub)
        self._questions = 0
        self._count = 0
        self._cuts = 0
        self._later: deque[Spot] = deque()
        """Places behind references: those that are few steps away come first, and each pair of schemas once."""
        self._seen: set[tuple[Any, ...]] = set()

    def obstacles(self) -> list[Obstacle]:
        """All that could be told; empty if it is proved that there are none."""
        whole = self._solver.asked([self._allowed, self._terms.opposite(self._reading.term(self._sup))])
        if whole.kind == "empty":
            return []
        spot = Spot(self._sup, self._sub, (), lambda term: term)
        obstacles = self._explored(spot)
        while self._later and self._count < _OBSTACLES and self._questions < _QUESTIONS:
            obstacles += self._explored(self._later.popleft())
        if any(each.witness is not None for each in obstacles):
            return sorted(obstacles, key=lambda each: each.witness is None)
        witness = self._confirmed(whole)
        if witness is not None:
            message = "the schema does not allow all that the other schema allows"
            return [spot.obstacle(OTHERWISE, message, witness, ""), *obstacles]
        if not obstacles and (self._cuts or whole.kind == "found" or self._questions > _QUESTIONS):
            return [self._undecided(spot, "", whole)]
        return obstacles

    def _asked(self, spot: Spot, failure: Term) -> Answer:
        self._questions += 1
        if self._questions > _QUESTIONS:
            return unknown(_TOO_MANY)
        return self._solver.asked([self._allowed, spot.wrap(failure)])

    def _confirmed(self, answer: Answer) -> Witness | None:
        """The witness, if `jsonschema` sees it as we do."""
        if answer.kind != "found" or self._solver.has_loops:
            return None  # a validator would not come to an end
        instance = _plain(answer.value)
        if self._sub.document.allows(self._sub, instance) and self._sup.document.allows(self._sup, instance) is False:
            return Witness(instance=instance)
        return None

    def _undecided(self, spot: Spot, keyword: str, answer: Answer) -> Obstacle:
        loops = "a reference leads to itself" if self._solver.has_loops else ""
        reason = answer.doubt or loops or "the validator does not judge as expected what was found"
        return spot.obstacle(UNDECIDED, f"it is not decided whether all is allowed; {reason}", None, keyword)

    def _explored(self, spot: Spot) -> list[Obstacle]:
        """What fails at a place; empty if nothing does, or if the place was come by before."""
        node = spot.node
        if not isinstance(node.schema, dict):
            answer = self._asked(spot, self._terms.opposite(self._reading.term(node)))
            return self._leaf(spot, "", answer)
        found: list[Obstacle] = []
        for keyword, term in self._reading.keywords(node):
            if term is self._terms.true or self._count >= _OBSTACLES:
                continue
            answer = self._asked(spot, self._terms.opposite(term))
            if answer.kind != "empty" and self._questions <= _QUESTIONS:
                understood = term.kind != "opaque"
                found += (self._keyword if understood else self._leaf)(spot, keyword, answer)
        return found

    def _keyword(self, spot: Spot, keyword: str, answer: Answer) -> list[Obstacle]:
        if keyword == "required":
            return self._required(spot, answer)
        if keyword == "additionalProperties" and spot.node.schema[keyword] is False:
            return self._closed(spot, keyword, answer)
        if keyword in ("anyOf", "oneOf"):
            return self._union(spot, keyword, answer)
        cuts = self._cuts
        added = spot.undeclared if keyword == "properties" else frozenset()
        below = [*self._below(spot, keyword)]
        found = [
            obstacle
            for child in below
            if not self._is_clear(child)
            for obstacle in (self._added(child) if added and child.path[-1] in added else self._explored(child))
        ]
        if found or self._cuts > cuts or (below and answer.kind == "unknown"):
            # Where the parts were all proved, so is the whole.
            return found
        return self._leaf(spot, keyword, answer)

    def _is_clear(self, spot: Spot) -> bool:
        """Whether nothing can fail at a place for what stands beside, whatever is around it; that is soon told."""
        if spot.beside is None or not spot.within:
            return False
        allowed = self._reading.term(spot.beside)
        return self._solver.asked([allowed, self._terms.opposite(self._reading.term(spot.node))]).kind == "empty"

    def _added(self, spot: Spot) -> list[Obstacle]:
        """A property that is new: the other schema, which says nothing of it, allows any value."""
        answer = self._asked(spot, self._terms.opposite(self._reading.term(spot.node)))
        if answer.kind == "empty" or self._questions > _QUESTIONS:
            return []
        self._count += 1
        witness = self._confirmed(answer)
        message = "the other schema does not declare this property, so that it allows any value for it"
        return [self._undecided(spot, "", answer) if witness is None else spot.obstacle(ADDED, message, witness, "")]

    def _leaf(self, spot: Spot, keyword: str, answer: Answer) -> list[Obstacle]:
        if answer.kind == "empty" or self._questions > _QUESTIONS:
            return []
        self._count += 1
        witness = self._confirmed(answer)
        if witness is None:
            return [self._undecided(spot, keyword, answer)]
        if not keyword:
            return [spot.obstacle(RULES["type"], "nothing is allowed here", witness, "")]
        message = said(keyword, spot.node.schema)
        return [spot.obstacle(RULES.get(keyword, OTHERWISE), message, witness, keyword)]

    def _below(self, spot: Spot, keyword: str) -> Iterator[Spot]:
        """The places that a keyword's schemas are for; together they say all that it says."""
        terms = self._terms
        schema = spot.node.schema
        if keyword in REFERENCES:
            self._behind(spot, keyword)
        elif keyword in ("properties", "patternProperties"):
            for name in schema[keyword]:
                names = terms.named(name) if keyword == "properties" else terms.pattern(name)
                step = name if keyword == "properties" else "*"
                yield spot.below(keyword, name, (step,), partial(self._property, names))
        elif keyword == "additionalProperties":
            names = self._reading.additional_names(spot.node)
            yield spot.below(keyword, None, ("*",), partial(self._property, names))
        elif keyword == "prefixItems" or (keyword == "items" and isinstance(schema[keyword], list)):
            for index in range(len(schema[keyword])):
                yield spot.below(keyword, index, (None,), partial(self._item, index, index + 1))
        elif keyword in ("items", "additionalItems"):
            before = self._reading.items_before(spot.node, keyword)
            yield spot.below(keyword, None, (None,), partial(self._item, before, None))
        elif keyword == "allOf":
            for index in range(len(schema[keyword])):
                yield spot.below(keyword, index, (), lambda term: term)
        elif keyword == "if":
            condition = self._reading.term(spot.node.child("if"))
            for branch, when in (("then", condition), ("else", terms.opposite(condition))):
                if branch in schema:
                    yield spot.below(branch, None, (), partial(self._both, when))

    def _behind(self, spot: Spot, keyword: str) -> None:
        try:
            target = spot.node.target(keyword)
        except UnresolvableError:
            return
        if target.pointer is None and spot.node.pointer is not None:
            # In another document: in this one, it is at the reference.
            target = replace(target, pointer=f"{spot.node.pointer}/{keyword}")
        self._cuts += 1
        beside = followed(spot.beside) if spot.beside is not None else None
        pair = (target.identity, beside.identity if beside is not None else None)
        if pair not in self._seen:
            self._seen.add(pair)
            self._later.append(Spot(target, beside, spot.path, spot.wrap, spot.within))

    def _both(self, one: Term, other: Term) -> Term:
        return self._terms.all_of([one, other])

    def _property(self, names: Term, failure: Term) -> Term:
        return self._terms.all_of([self._terms.types(OBJECT), self._terms.some_name(names, failure)])

    def _item(self, start: int, stop: int | None, failure: Term) -> Term:
        return self._terms.all_of([self._terms.types(ARRAY), self._terms.some_item(start, stop, failure)])

    def _required(self, spot: Spot, answer: Answer) -> list[Obstacle]:
        """The names that may be missing, each by itself."""
        found: list[Obstacle] = []
        names = spot.node.schema["required"]
        if not isinstance(names, list):
            return self._leaf(spot, "required", answer)
        for index, name in enumerate(names):
            mine = self._asked(spot, self._terms.opposite(self._reading.has(name)))
            if mine.kind == "empty" or self._questions > _QUESTIONS or self._count >= _OBSTACLES:
                continue
            self._count += 1
            at = Spot(spot.node, spot.beside, (*spot.path, name), spot.wrap)
            witness = self._confirmed(mine)
            message = "it is required, and the other schema allows it to be missing"
            found.append(
                self._undecided(at, "required", mine)
                if witness is None
                else at.obstacle(RULES["required"], message, witness, "required", index)
            )
        return found

    def _closed(self, spot: Spot, keyword: str, answer: Answer) -> list[Obstacle]:
        """The properties that a closed object has no place for, each by itself."""
        found: list[Obstacle] = []
        names = self._reading.additional_names(spot.node)
        seen: set[str] = set()
        while answer.kind == "found" and len(found) < _NAMES:
            witness = self._confirmed(answer)
            at_place = [] if witness is None else values_at(witness.instance, spot.path)
            name = next(
                (
                    each
                    for value in at_place
                    if isinstance(value, dict)
                    for each in value
                    if self._fresh(each, names, seen)
                ),
                None,
            )
            if witness is None or name is None:
                break
            self._count += 1
            seen.add(name)
            at = Spot(spot.node, spot.beside, (*spot.path, name), spot.wrap)
            if name not in self._sub.document.declared:
                message = "properties that are not declared are not allowed, as the other schema allows them"
                return [*found, spot.obstacle(RULES[keyword], message, witness, keyword)]
            message = "there is no place for this property, which the other schema declares"
            found.append(at.obstacle(REMOVED, message, witness, keyword))
            others = self._terms.all_of([names, self._terms.without(("string", each) for each in seen)])
            answer = self._asked(spot, self._property(others, self._terms.true))
        return found if found and answer.kind != "unknown" else [*found, *self._leaf(spot, keyword, answer)]

    def _fresh(self, name: str, names: Term, seen: set[str]) -> bool:
        return name not in seen and self._solver.asked([names, self._terms.named(name)]).kind != "empty"

    def _union(self, spot: Spot, keyword: str, answer: Answer) -> list[Obstacle]:
        """What the arms of a union do not allow, at the arm that it is meant for where that can be told."""
        cuts = self._cuts
        found: list[Obstacle] = []
        for index, failing in self._arms.apart(spot.node, keyword):
            child = spot.below(keyword, index, (), partial(self._both, failing))
            found += self._explored(child)
        rest = self._asked(spot, self._arms.beside(spot.node, keyword))
        if rest.kind != "empty" or (not found and cuts == self._cuts):
            found += self._leaf(spot, keyword, answer if rest.kind == "empty" else rest)
        return found


def _plain(value: Any) -> Any:
    """The same with floats for decimals, as `json.loads` gives them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
