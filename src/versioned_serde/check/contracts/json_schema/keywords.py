"""What the keywords of JSON Schema say, as terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.documents import Node, UnresolvableError
from versioned_serde.check.contracts.json_schema.terms import BITS, NUMBER, Term, Terms
from versioned_serde.check.contracts.json_schema.unevaluated import Unevaluated
from versioned_serde.check.contracts.json_schema.values import fraction_of, key_of

REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_SIZES: Final = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
    "minProperties": "min_names",
    "maxProperties": "max_names",
}


class Reading:
    """Reads schemas of one or more documents as terms."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._targets: list[Node] = []
        self._read: dict[tuple[Any, ...], Term] = {}
        self._unevaluated = Unevaluated(terms, self.term, self.target)

    def term(self, node: Node) -> Term:
        """What a schema allows."""
        if node.schema is True:
            return self._terms.true
        if node.schema is False:
            return self._terms.false
        if not isinstance(node.schema, Mapping):
            return self._terms.opaque(repr(node.schema), "a schema is neither an object nor a boolean")
        key = node.identity
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self._terms.all_of(term for _, term in self.keywords(node))
        return found

    def resolve(self, number: int) -> Term:
        """What is behind a reference."""
        return self.term(self._targets[number])

    def target(self, node: Node, keyword: str) -> Node | None:
        """Where a reference leads; None if nowhere."""
        try:
            return node.target(keyword)
        except UnresolvableError:
            return None

    def keywords(self, node: Node) -> Iterator[tuple[str, Term]]:
        """What each keyword of a schema says, in the order in which they are written.

        Those that belong together are told at one of them: `contains` with `minContains` and `maxContains`, `if` with
        what follows.
        """
        schema = node.schema
        known = node.document.keywords
        if "$ref" in schema and node.document.whole_ref:
            yield "$ref", self._reference(node, "$ref")
            return
        for keyword in schema:
            if keyword not in known:
                continue
            try:
                yield keyword, self._keyword(node, keyword)
            except (TypeError, ValueError, AttributeError, LookupError, ZeroDivisionError):
                yield keyword, self._terms.opaque(repr(schema[keyword]), f"`{keyword}` has a value that it cannot have")

    def _reference(self, node: Node, keyword: str) -> Term:
        target = self.target(node, keyword)
        if target is None:
            name = f"{node.schema[keyword]}"
            return self._terms.opaque(name, f"`{keyword}` to `{name}`, which leads nowhere in this document")
        if isinstance(target.schema, bool):
            return self.term(target)
        number = self._numbers.setdefault(target.identity, len(self._targets))
        if number == len(self._targets):
            self._targets.append(target)
        return self._terms.ref(number)

    def _keyword(self, node: Node, keyword: str) -> Term:
        value = node.schema[keyword]
        if keyword in REFERENCES:
            return self._reference(node, keyword)
        if keyword in _SIZES:
            return self._terms.sized(_SIZES[keyword], _whole(value))
        handler = getattr(self, f"_{keyword}", None)
        return self._terms.true if handler is None else handler(node, value)

    # One method for each keyword, named as it is written.

    def _type(self, node: Node, value: Any) -> Term:
        names = [value] if isinstance(value, str) else list(value)
        mask = 0
        for name in names:
            mask |= NUMBER if name == "integer" else BITS[name]
        whole = "integer" in names and "number" not in names
        return self._terms.all_of([self._terms.types(mask), *([self._terms.multiple(Fraction(1))] if whole else [])])

    def _enum(self, node: Node, value: Any) -> Term:
        return self._terms.values(map(key_of, value))

    def _const(self, node: Node, value: Any) -> Term:
        return self._terms.values([key_of(value)])

    def _bound(self, node: Node, kind: str, value: Any, exclusive: str) -> Term:
        return self._terms.bound(kind, fraction_of(_number(value)), node.schema.get(exclusive) is True)

    def _minimum(self, node: Node, value: Any) -> Term:
        return self._bound(node, "at_least", value, "exclusiveMinimum")

    def _maximum(self, node: Node, value: Any) -> Term:
        return self._bound(node, "at_most", value, "exclusiveMaximum")

    def _exclusiveMinimum(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.bound("at_least", fraction_of(_number(value)), True)

    def _exclusiveMaximum(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.bound("at_most", fraction_of(_number(value)), True)

    def _multipleOf(self, node: Node, value: Any) -> Term:  # noqa: N802
        factor = fraction_of(_number(value))
        if factor <= 0:
            raise ValueError("`multipleOf` is above 0")
        return self._terms.multiple(factor)

    def _pattern(self, node: Node, value: Any) -> Term:
        if not isinstance(value, str):
            raise TypeError("`pattern` is a text")
        return self._terms.pattern(value)

    # Arrays.

    def _prefixItems(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._places(node, "prefixItems")

    def _places(self, node: Node, keyword: str) -> Term:
        return self._terms.all_of(
            self._terms.each_item(index, index + 1, self.term(node.child(keyword, index)))
            for index in range(len(_list(node.schema[keyword])))
        )

    def _items(self, node: Node, value: Any) -> Term:
        if isinstance(value, list):
            return self._places(node, "items")
        return self._terms.each_item(self.items_before(node, "items"), None, self.term(node.child("items")))

    def items_before(self, node: Node, keyword: str) -> int:
        """How many items come before those that `items` or `additionalItems` is for, if it has one schema for all."""
        before = "prefixItems" if keyword == "items" else "items"
        return len(_list(node.schema[before])) if _has(node, before) else 0

    def _additionalItems(self, node: Node, value: Any) -> Term:  # noqa: N802
        before = node.schema.get("items")
        if not isinstance(before, list):
            return self._terms.true
        return self._terms.each_item(len(before), None, self.term(node.child("additionalItems")))

    def _contains(self, node: Node, value: Any) -> Term:
        term = self.term(node.child("contains"))
        counted = "unevaluatedItems" in node.document.keywords  # the dialects that count are the same
        least = _whole(node.schema.get("minContains", 1)) if counted else 1
        parts = [self._terms.many(least, term)]
        if counted and "maxContains" in node.schema:
            parts.append(self._terms.few(_whole(node.schema["maxContains"]), term))
        return self._terms.all_of(parts)

    def _uniqueItems(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.unique() if value is True else self._terms.true

    def _unevaluatedItems(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._unevaluated.items(node)

    # Objects.

    def _required(self, node: Node, value: Any) -> Term:
        return self._terms.all_of(self.has(name) for name in _list(value))

    def has(self, name: str) -> Term:
        """Objects with a property; what is no object is in it, too."""
        if not isinstance(name, str):
            raise TypeError("names of properties are texts")
        return self._terms.some_name(self._terms.named(name), self._terms.true)

    def _properties(self, node: Node, value: Any) -> Term:
        return self._terms.all_of(
            self._terms.each_name(self._terms.named(name), self.term(node.child("properties", name)))
            for name in _mapping(value)
        )

    def _patternProperties(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.all_of(
            self._terms.each_name(self._terms.pattern(pattern), self.term(node.child("patternProperties", pattern)))
            for pattern in _mapping(value)
        )

    def additional_names(self, node: Node) -> Term:
        """The names that `additionalProperties` is for."""
        named = self._terms.without(("string", name) for name in _mapping(node.schema.get("properties", {})))
        patterns = [self._terms.pattern(each) for each in _mapping(node.schema.get("patternProperties", {}))]
        return unmatched(self._terms, named, patterns)

    def _additionalProperties(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.each_name(self.additional_names(node), self.term(node.child("additionalProperties")))

    def _propertyNames(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.each_name(self._terms.opposite(self.term(node.child("propertyNames"))), self._terms.false)

    def _dependentRequired(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.all_of(
            self._if_has(name, self._terms.all_of(map(self.has, needed))) for name, needed in value.items()
        )

    def _dependentSchemas(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.all_of(self._if_has(name, self.term(node.child("dependentSchemas", name))) for name in value)

    def _dependencies(self, node: Node, value: Any) -> Term:
        return self._terms.all_of(
            self._if_has(
                name,
                self._terms.all_of(map(self.has, needed))
                if isinstance(needed, list)
                else self.term(node.child("dependencies", name)),
            )
            for name, needed in value.items()
        )

    def _if_has(self, name: str, term: Term) -> Term:
        # What is no object has no properties, and is not what this speaks of.
        return self._terms.any_of([self._terms.each_name(self._terms.named(name), self._terms.false), term])

    def _unevaluatedProperties(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._unevaluated.properties(node)

    # Combinations.

    def arms(self, node: Node, keyword: str) -> list[Term]:
        """The schemas of `allOf` and its like."""
        return [self.term(node.child(keyword, index)) for index in range(len(_list(node.schema[keyword])))]

    def _allOf(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.all_of(self.arms(node, "allOf"))

    def _anyOf(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.any_of(self.arms(node, "anyOf"))

    def _oneOf(self, node: Node, value: Any) -> Term:  # noqa: N802
        return self._terms.one_of(self.arms(node, "oneOf"))

    def _not(self, node: Node, value: Any) -> Term:
        return self._terms.opposite(self.term(node.child("not")))

    def _if(self, node: Node, value: Any) -> Term:
        condition = self.term(node.child("if"))
        parts: list[Term] = []
        if "then" in node.schema:
            parts.append(self._terms.any_of([self._terms.opposite(condition), self.term(node.child("then"))]))
        if "else" in node.schema:
            parts.append(self._terms.any_of([condition, self.term(node.child("else"))]))
        return self._terms.all_of(parts)


def unmatched(terms: Terms, named: Term, patterns: list[Term]) -> Term:
    """Names, of some, that no pattern matches; the types of what is no text are left out as they do not matter."""
    opposites = [terms.opposite(each) for each in patterns]
    return terms.all_of([named, *opposites])


def _has(node: Node, keyword: str) -> bool:
    return keyword in node.schema and keyword in node.document.keywords


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("no object")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        raise TypeError("no number")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or value != int(value):
        raise TypeError("no whole number")
    return int(value)
