"""What `unevaluatedProperties` and `unevaluatedItems` say, as terms.

Which properties other keywords have looked at depends on which of their schemas hold. Each of those is a condition
here: for each set of them, either one of the set holds, or what the others do not look at is unevaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.documents import Node
from versioned_serde.check.contracts.json_schema.terms import Term, Terms

_CONDITIONS: Final = 8
_ALL: Final = 1 << 30
"""An index that no array reaches."""

_Looked = tuple[Term, Any]
"""When, and at what: a term of names, or (before which index, items in which term)."""


class Unevaluated:
    """Reads the two keywords."""

    def __init__(
        self,
        terms: Terms,
        term: Callable[[Node], Term],
        target: Callable[[Node, str], Node | None],
    ) -> None:
        self._terms = terms
        self._term = term
        self._target = target

    def properties(self, node: Node) -> Term:
        """`unevaluatedProperties` of a schema."""
        terms = self._terms
        looked = list(self._looked(node, terms.true, _names, "unevaluatedProperties", ()))
        rest = self._term(node.child("unevaluatedProperties"))

        def clause(found: Sequence[Any]) -> Term:
            matched = [self._names_term(each) for each in found]
            return terms.each_name(terms.all_of(map(terms.opposite, matched)), rest)

        return self._clauses(looked, clause, "unevaluatedProperties")

    def items(self, node: Node) -> Term:
        """`unevaluatedItems` of a schema."""
        terms = self._terms
        looked = list(self._looked(node, terms.true, _items, "unevaluatedItems", ()))
        rest = self._term(node.child("unevaluatedItems"))

        def clause(found: Sequence[Any]) -> Term:
            start = max((each for each in found if isinstance(each, int)), default=0)
            matched = [self._term(each) for each in found if isinstance(each, Node)]
            return terms.true if start == _ALL else terms.each_item(start, None, terms.any_of([*matched, rest]))

        return self._clauses(looked, clause, "unevaluatedItems")

    def _names_term(self, found: tuple[frozenset[str], tuple[str, ...]] | None) -> Term:
        if found is None:
            return self._terms.true
        names, patterns = found
        exact = self._terms.values(("string", name) for name in names)
        return self._terms.any_of([exact, *map(self._terms.pattern, patterns)])

    def _clauses(self, looked: Sequence[_Looked], clause: Callable[[Sequence[Any]], Term], keyword: str) -> Term:
        terms = self._terms
        always = [what for when, what in looked if when is terms.true]
        conditions = list(dict.fromkeys(when for when, _ in looked if when not in (terms.true, terms.false)))
        if len(conditions) > _CONDITIONS:
            name = ",".join(str(each.number) for each in conditions)
            return terms.opaque(f"{keyword} {name}", f"`{keyword}` depends on more than {_CONDITIONS} schemas")
        parts: list[Term] = []
        for holds in product((True, False), repeat=len(conditions)):
            into = {when for when, hold in zip(conditions, holds, strict=True) if hold}
            failing = [when for when, hold in zip(conditions, holds, strict=True) if not hold]
            found = [*always, *(what for when, what in looked if when in into)]
            parts.append(terms.any_of([*failing, clause(found)]))
        return terms.all_of(parts)

    def _looked(
        self, node: Node, when: Term, own: Callable[[Node, str], Iterator[Any]], keyword: str, path: tuple[Any, ...]
    ) -> Iterator[_Looked]:
        """What a schema and those that apply in its place look at; the keyword itself only below the start."""
        if not isinstance(node.schema, Mapping) or node.identity in path:
            return
        inside = (*path, node.identity)
        for what in own(node, keyword if path else ""):
            yield when, what
        for condition, child in self._in_place(node):
            both = self._terms.all_of([when, condition])
            yield from self._looked(child, both, own, keyword, inside)

    def _in_place(self, node: Node) -> Iterator[tuple[Term, Node]]:
        schema = node.schema
        true = self._terms.true
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if keyword in schema and keyword in node.document.keywords:
                target = self._target(node, keyword)
                if target is not None:
                    yield true, target
        for index in range(len(schema.get("allOf", ()))):
            yield true, node.child("allOf", index)
        for keyword in ("anyOf", "oneOf"):
            for index in range(len(schema.get(keyword, ()))):
                child = node.child(keyword, index)
                yield self._term(child), child
        if "if" in schema:
            condition = self._term(node.child("if"))
            yield condition, node.child("if")
            if "then" in schema:
                yield condition, node.child("then")
            if "else" in schema:
                yield self._terms.opposite(condition), node.child("else")
        for name in schema.get("dependentSchemas", ()):
            there = self._terms.some_name(self._terms.named(name), true)
            yield self._terms.all_of([self._terms.types(32), there]), node.child("dependentSchemas", name)


def _names(node: Node, keyword: str) -> Iterator[tuple[frozenset[str], tuple[str, ...]] | None]:
    schema = node.schema
    yield frozenset(schema.get("properties", ())), tuple(schema.get("patternProperties", ()))
    if "additionalProperties" in schema or keyword in schema:
        yield None


def _items(node: Node, keyword: str) -> Iterator[int | Node]:
    schema = node.schema
    prefixed = "prefixItems" in node.document.keywords
    if isinstance(schema.get("items"), list):
        yield _ALL if "additionalItems" in schema else len(schema["items"])
    elif "items" in schema or keyword in schema:
        yield _ALL
    if prefixed:
        yield len(schema.get("prefixItems", ()))
        if "contains" in schema:
            yield node.child("contains")
