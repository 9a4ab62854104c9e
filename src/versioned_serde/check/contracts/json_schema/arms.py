"""The arms of `anyOf` and `oneOf`: which of them an instance is meant for."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from versioned_serde.check.contracts.json_schema.documents import Node
from versioned_serde.check.contracts.json_schema.keywords import Reading
from versioned_serde.check.contracts.json_schema.obstacles import followed, has_keyword
from versioned_serde.check.contracts.json_schema.solving import Solver
from versioned_serde.check.contracts.json_schema.terms import OBJECT, Term, Terms

_ARMS: Final = 60


class Arms:
    """Tells arms apart by their types, and by properties that have one value in each."""

    def __init__(self, terms: Terms, reading: Reading, solver: Solver) -> None:
        self._terms = terms
        self._reading = reading
        self._solver = solver

    def apart(self, node: Node, keyword: str) -> list[tuple[int, Term]]:
        """The arms, by index, with what is meant for each and not in any other; empty if they cannot be told apart."""
        marks = self._marks(node, keyword)
        if marks is None:
            return []
        arms = self._reading.arms(node, keyword)
        opposites = [self._terms.opposite(each) for each in arms]
        return [
            (index, self._terms.all_of([mark, *opposites[:index], *opposites[index + 1 :]]))
            for index, mark in enumerate(marks)
        ]

    def beside(self, node: Node, keyword: str) -> Term:
        """What the keyword does not allow and is meant for no arm, or is in two."""
        whole = self._terms.one_of if keyword == "oneOf" else self._terms.any_of
        arms = self._reading.arms(node, keyword)
        missing = self._terms.opposite(whole(arms))
        marks = self._marks(node, keyword)
        if marks is None:
            return missing
        unmarked = self._terms.all_of(self._terms.opposite(each) for each in marks)
        return self._terms.all_of([missing, self._terms.any_of([unmarked, *arms])])

    def _marks(self, node: Node, keyword: str) -> list[Term] | None:
        count = len(node.schema[keyword])
        if count > _ARMS:
            return None
        marks = [self._mark(node.child(keyword, index)) for index in range(count)]
        overlap = any(self._solver.asked([one, other]).kind != "empty" for one, other in combinations(marks, 2))
        return None if overlap else marks

    def _mark(self, arm: Node) -> Term:
        """The type of an arm and the values of its tags."""
        arm = followed(arm)
        if not isinstance(arm.schema, dict):
            return self._reading.term(arm)
        parts = [term for keyword, term in self._reading.keywords(arm) if keyword in ("type", "const", "enum")]
        properties = arm.schema.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            child = followed(arm.child("properties", name))
            schema = child.schema
            if has_keyword(schema, "const") or (has_keyword(schema, "enum") and len(schema["enum"]) == 1):
                named = self._terms.named(name)
                tag = self._reading.term(child)
                parts += [
                    self._terms.types(OBJECT),
                    self._terms.some_name(named, tag),
                ]
        return self._terms.all_of(parts)
