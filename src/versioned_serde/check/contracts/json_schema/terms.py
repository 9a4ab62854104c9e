"""What schemas say, as terms that a solver can take apart.

A term is a set of instances. Terms that are built alike are the same object, so that comparing two costs nothing. Those
that speak of one JSON type, such as `minimum`, hold for all instances of other types.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.values import Key

NULL: Final = 1
BOOLEAN: Final = 2
NUMBER: Final = 4
STRING: Final = 8
ARRAY: Final = 16
OBJECT: Final = 32
ANY: Final = 63
BITS: Final = {"null": NULL, "boolean": BOOLEAN, "number": NUMBER, "string": STRING, "array": ARRAY, "object": OBJECT}

TYPE_OF: Final = {
    "at_least": NUMBER,
    "at_most": NUMBER,
    "multiple": NUMBER,
    "not_multiple": NUMBER,
    "min_length": STRING,
    "max_length": STRING,
    "pattern": STRING,
    "not_pattern": STRING,
    "each_item": ARRAY,
    "some_item": ARRAY,
    "many": ARRAY,
    "few": ARRAY,
    "min_items": ARRAY,
    "max_items": ARRAY,
    "unique": ARRAY,
    "not_unique": ARRAY,
    "each_name": OBJECT,
    "some_name": OBJECT,
    "min_names": OBJECT,
    "max_names": OBJECT,
}
"""The type that a kind of term speaks of."""


class Term:
    """A set of instances.

    Attributes:
        kind: a key of `TYPE_OF`, or `true`, `false`, `and`, `or`, `one_of`, `not_one_of`, `types`, `values`,
            `not_values`, `ref`, `not_ref`, `opaque`, `not_opaque`.
        args: of the kind.
        number: in the order in which terms were made, so that runs are alike.
        refers: whether it has a reference in it.
    """

    __slots__: tuple[str, ...] = ("args", "kind", "number", "refers")

    def __init__(self, kind: str, args: tuple[Any, ...], number: int) -> None:
        self.kind: str = kind
        self.args: tuple[Any, ...] = args
        self.number: int = number
        self.refers: bool = kind in ("ref", "not_ref") or any(isinstance(each, Term) and each.refers for each in args)

    def __repr__(self) -> str:
        return f"{self.kind}{self.args}"


class Terms:
    """Makes terms; those of one comparison come from one of these."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Term] = {}
        self._opposites: dict[Term, Term] = {}
        self.true: Term = self._make("true")
        self.false: Term = self._make("false")
        self._opposites[self.true] = self.false
        self._opposites[self.false] = self.true

    def _make(self, kind: str, *args: Any) -> Term:
        key = (kind, *args)
        term = self._made.get(key)
        if term is None:
            term = self._made[key] = Term(kind, args, len(self._made))
        return term

    def all_of(self, terms: Iterable[Term]) -> Term:
        """What is in each of them."""
        parts: dict[Term, None] = {}
        for term in terms:
            if term.kind == "and":
                parts.update(dict.fromkeys(term.args))
            elif term is not self.true:
                parts[term] = None
        if self.false in parts:
            return self.false
        return self.true if not parts else next(iter(parts)) if len(parts) == 1 else self._make("and", *parts)

    def any_of(self, terms: Iterable[Term]) -> Term:
        """What is in one of them."""
        parts: dict[Term, None] = {}
        for term in terms:
            if term.kind == "or":
                parts.update(dict.fromkeys(term.args))
            elif term is not self.false:
                parts[term] = None
        if self.true in parts:
            return self.true
        return self.false if not parts else next(iter(parts)) if len(parts) == 1 else self._make("or", *parts)

    def one_of(self, terms: Iterable[Term]) -> Term:
        """What is in exactly one of them."""
        arms = list(terms)
        return self._make("one_of", *arms) if len(arms) > 1 else self.any_of(arms)

    def types(self, mask: int) -> Term:
        """The instances of some types, as a sum of their bits."""
        return self.true if mask == ANY else self.false if mask == 0 else self._make("types", mask)

    def values(self, keys: Iterable[Key]) -> Term:
        """The instances with these keys."""
        found = frozenset(keys)
        return self._make("values", found) if found else self.false

    def without(self, keys: Iterable[Key]) -> Term:
        """All others."""
        return self.opposite(self.values(keys))

    def ref(self, node: int) -> Term:
        """What the schema of this number allows; schemas that refer to themselves make terms finite that way."""
        return self._make("ref", node)

    def opaque(self, name: str, reason: str) -> Term:
        """Something that is not understood, but equal to itself."""
        return self._make("opaque", name, reason)

    def bound(self, kind: str, limit: Fraction, exclusive: bool) -> Term:
        """Numbers `at_least` or `at_most` a limit, without it if that is exclusive."""
        return self._make(kind, limit, exclusive)

    def multiple(self, factor: Fraction) -> Term:
        """Numbers that are a multiple of the factor, which is above 0."""
        return self._make("multiple", factor)

    def sized(self, kind: str, size: int) -> Term:
        """Strings, arrays and objects by size: `min_length`, `max_items` and the like."""
        if kind.startswith("min_") and size <= 0:
            return self.true
        if size < 0:
            return self.types(ANY - TYPE_OF[kind])
        return self._make(kind, size)

    def pattern(self, text: str) -> Term:
        """Strings in which a regular expression is found."""
        return self._make("pattern", text)

    def each_item(self, start: int, stop: int | None, term: Term) -> Term:
        """Arrays of which each item from `start` until before `stop` is in the term."""
        if term is self.true or (stop is not None and start >= stop):
            return self.true
        if term is self.false:
            return self.sized("max_items", start)
        return self._make("each_item", start, stop, term)

    def some_item(self, start: int, stop: int | None, term: Term) -> Term:
        """Arrays with an item from `start` until before `stop` that is in the term; what is no array is in it, too."""
        if term is self.false:
            return self.types(ANY - ARRAY)
        if term is self.true:
            return self.sized("min_items", start + 1)
        return self._make("some_item", start, stop, term)

    def many(self, least: int, term: Term) -> Term:
        """Arrays with at least so many items in the term."""
        if least <= 0:
            return self.true
        return self.some_item(0, None, term) if least == 1 else self._make("many", least, term)

    def few(self, most: int, term: Term) -> Term:
        """Arrays with at most so many items in the term."""
        if most < 0:
            return self.types(ANY - ARRAY)
        return self.each_item(0, None, self.opposite(term)) if most == 0 else self._make("few", most, term)

    def unique(self) -> Term:
        """Arrays without equal items."""
        return self._make("unique")

    def each_name(self, names: Term, term: Term) -> Term:
        """Objects of which each property with one of these names, a term of strings, has a value in the term."""
        names = self._texts(names)
        return self.true if self.true is term or names is self.false else self._make("each_name", names, term)

    def some_name(self, names: Term, term: Term) -> Term:
        """Objects with such a property; what is no object is in it, too."""
        names = self._texts(names)
        if self.false in (term, names):
            return self.types(ANY - OBJECT)
        return self._make("some_name", names, term)

    def _texts(self, names: Term) -> Term:
        """The same names without values that no name can be."""
        if names.kind not in ("values", "not_values"):
            return names
        texts = self.values(key for key in names.args[0] if key[0] == "string")
        return texts if names.kind == "values" else self.opposite(texts)

    def named(self, name: str) -> Term:
        """The one name, as a term of strings."""
        return self.values([("string", name)])

    def opposite(self, term: Term) -> Term:
        """All instances that are not in it."""
        found = self._opposites.get(term)
        if found is None:
            found = self._opposite(term)
            self._opposites[term] = found
            self._opposites.setdefault(found, term)
        return found

    def _opposite(self, term: Term) -> Term:
        match term.kind:
            case "and":
                return self.any_of(self.opposite(each) for each in term.args)
            case "or":
                return self.all_of(self.opposite(each) for each in term.args)
            case "types":
                return self.types(ANY - term.args[0])
            case "values" | "one_of" | "ref" | "opaque":
                return self._make(f"not_{term.kind}", *term.args)
            case "not_values" | "not_one_of" | "not_ref" | "not_opaque":
                return self._make(term.kind.removeprefix("not_"), *term.args)
        return self.all_of([self.types(TYPE_OF[term.kind]), self._within_type(term)])

    def _within_type(self, term: Term) -> Term:
        args = term.args
        match term.kind:
            case "at_least" | "at_most":
                return self._make("at_most" if term.kind == "at_least" else "at_least", args[0], not args[1])
            case "min_length" | "min_items" | "min_names":
                return self.sized(f"max_{term.kind[4:]}", args[0] - 1)
            case "max_length" | "max_items" | "max_names":
                return self.sized(f"min_{term.kind[4:]}", args[0] + 1)
            case "each_item":
                return self.some_item(args[0], args[1], self.opposite(args[2]))
            case "some_item":
                return self.each_item(args[0], args[1], self.opposite(args[2]))
            case "many":
                return self.few(args[0] - 1, args[1])
            case "few":
                return self.many(args[0] + 1, args[1])
            case "each_name":
                return self.some_name(args[0], self.opposite(args[1]))
            case "some_name":
                return self.each_name(args[0], self.opposite(args[1]))
        kind = term.kind
        return self._make(kind.removeprefix("not_") if kind.startswith("not_") else f"not_{kind}", *args)
