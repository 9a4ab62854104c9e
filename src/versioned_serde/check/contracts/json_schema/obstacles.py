"""Why one schema does not include another: which keyword, at which attribute, and an instance that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from versioned_serde.check.contracts.json_schema.documents import Node, UnresolvableError, escaped
from versioned_serde.check.contracts.json_schema.terms import Term

UNDECIDED: Final = "json-schema-undecided"
RULES: Final = {
    "type": "json-schema-type-narrowed",
    "required": "json-schema-property-required",
    "additionalProperties": "json-schema-property-closed",
    "unevaluatedProperties": "json-schema-property-closed",
    "properties": "json-schema-property-closed",
    "patternProperties": "json-schema-property-closed",
    "propertyNames": "json-schema-property-closed",
    "minProperties": "json-schema-length-narrowed",
    "maxProperties": "json-schema-length-narrowed",
    "minLength": "json-schema-length-narrowed",
    "maxLength": "json-schema-length-narrowed",
    "minItems": "json-schema-length-narrowed",
    "maxItems": "json-schema-length-narrowed",
    "minimum": "json-schema-range-narrowed",
    "maximum": "json-schema-range-narrowed",
    "exclusiveMinimum": "json-schema-range-narrowed",
    "exclusiveMaximum": "json-schema-range-narrowed",
    "multipleOf": "json-schema-range-narrowed",
    "pattern": "json-schema-pattern-changed",
    "enum": "json-schema-enum-narrowed",
    "const": "json-schema-enum-narrowed",
    "items": "json-schema-items-changed",
    "prefixItems": "json-schema-items-changed",
    "additionalItems": "json-schema-items-changed",
    "unevaluatedItems": "json-schema-items-changed",
    "contains": "json-schema-items-changed",
    "uniqueItems": "json-schema-items-changed",
    "dependentRequired": "json-schema-property-required",
}
"""Keyword -> the rule that speaks of it."""
OTHERWISE: Final = "json-schema-combination-changed"
REMOVED: Final = "json-schema-property-removed"
ADDED: Final = "json-schema-property-added"

_LONG: Final = 60
_APPLIES_IN_PLACE: Final = frozenset(
    {"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "dependencies"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An instance that is valid under the one schema and invalid under the other.

    Attributes:
        instance: as `json.loads` gives it.
    """

    instance: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why one schema does not include another, or why that could not be decided.

    Attributes:
        rule: name of a rule of the family `json_schema`, such as `json-schema-property-required`;
            `json-schema-undecided` where there is neither a proof nor a witness.
        message: one sentence.
        sup_pointer: JSON pointer, in the document of `sup` (its root, where one was given), of the keyword that fails.
        sub_pointer: JSON pointer, in the document of `sub`, of what stands at the same place there, or around it; None
            if that is not known.
        attribute: path in the instance, such as `lines[].sku`; empty for the instance itself.
        witness: an instance that is valid under `sub` and invalid under `sup`; None where the rule is
            `json-schema-undecided`.
    """

    rule: str
    message: str
    sup_pointer: str
    sub_pointer: str | None = None
    attribute: str = ""
    witness: Witness | None = None


Path = tuple[str | None, ...]
"""A place in instances: names of properties, `*` for any of them, None for any item."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in both schemas and in instances.

    Attributes:
        node: the schema there that must allow all that is possible.
        beside: what stands at the same place in the other document, or around it.
        path: of the instances there.
        wrap: what fails here -> what fails as a whole because of it.
        within: whether `beside` allows all that the other schema allows at this place.
    """

    node: Node
    beside: Node | None
    path: Path
    wrap: Callable[[Term], Term]
    within: bool = True

    @property
    def attribute(self) -> str:
        """The path as text, such as `lines[].sku`."""
        text = "".join("[]" if each is None else f".{each}" for each in self.path)
        return text.removeprefix(".")

    @property
    def undeclared(self) -> frozenset[str]:
        """Names of properties that this schema has a schema for, and the other one, which is plain, has not."""
        beside = followed(self.beside) if self.beside is not None else None
        if beside is None or not isinstance(beside.schema, dict) or not _APPLIES_IN_PLACE.isdisjoint(beside.schema):
            return frozenset()
        declared = beside.schema.get("properties")
        if beside.schema.get("patternProperties") or isinstance(beside.schema.get("additionalProperties"), dict):
            return frozenset()
        return frozenset(self.node.schema["properties"]) - frozenset(declared if isinstance(declared, dict) else ())

    def below(self, keyword: str, key: str | int | None, step: Path, wrap: Callable[[Term], Term]) -> Spot:
        """The place of a child, below a keyword and maybe a name or index there.

        Args:
            keyword: the keyword.
            key: the name or index, if the keyword has several schemas.
            step: from the instances here to those there.
            wrap: what fails there -> what fails here because of it.
        """
        child = self.node.child(keyword) if key is None else self.node.child(keyword, key)
        beside = _beside(self.beside, keyword, key)
        same = beside is not None and beside is not self.beside and beside.schema is not self.beside_schema
        within = self.within and same and self._is_told(keyword)
        return Spot(child, beside, (*self.path, *step), lambda term: self.wrap(wrap(term)), within)

    @property
    def beside_schema(self) -> Any:
        """The schema that stands beside, behind its references."""
        return followed(self.beside).schema if self.beside is not None else None

    def _is_told(self, keyword: str) -> bool:
        """Whether the same keyword of the other schema says what is allowed at the place that this one is for."""
        if keyword == "properties":
            return True
        schemas = (self.node.schema, self.beside_schema)
        return keyword == "items" and not any(
            "prefixItems" in each or isinstance(each.get("items"), list) for each in schemas if isinstance(each, dict)
        )

    def obstacle(self, rule: str, message: str, witness: Witness | None, keyword: str, *keys: str | int) -> Obstacle:
        """An obstacle at a keyword of this schema, or at the schema if that is empty."""
        names = [each for each in (keyword, *map(str, keys)) if each]
        other = self.beside.pointer if self.beside is not None else None
        if other is not None and self.beside is not None and has_keyword(self.beside.schema, keyword):
            other = f"{other}/{escaped(keyword)}"
        text = f"`{self.attribute}`: {message}" if self.path else message[:1].upper() + message[1:]
        return Obstacle(
            rule=rule,
            message=text,
            sup_pointer="/".join([self.node.pointer or "", *map(escaped, names)]),
            sub_pointer=other,
            attribute=self.attribute,
            witness=witness,
        )


def followed(node: Node) -> Node:
    """The schema behind references that stand alone."""
    for _ in range(20):
        keyword = next(
            (each for each in ("$ref", "$dynamicRef", "$recursiveRef") if has_keyword(node.schema, each)), None
        )
        if keyword is None or keyword not in node.document.keywords:
            return node
        try:
            node = node.target(keyword)
        except UnresolvableError:
            return node
    return node


def _beside(node: Node | None, keyword: str, key: str | int | None) -> Node | None:
    if node is None:
        return None
    node = followed(node)
    keys = (keyword,) if key is None else (keyword, key)
    try:
        return node.child(*keys)
    except (TypeError, LookupError):
        return node


def has_keyword(schema: Any, keyword: str) -> bool:
    """Whether a schema has a keyword; a boolean has none."""
    return isinstance(schema, dict) and keyword in schema


def shown(value: Any) -> str:
    """A part of a schema, for a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."


def said(keyword: str, schema: Any) -> str:
    """What a message says of a keyword that does not allow enough."""
    if keyword in ("anyOf", "oneOf", "allOf", "not", "if", "dependentSchemas", "dependencies"):
        return f"`{keyword}` does not allow all that the other schema allows"
    return f"`{keyword}` {shown(schema[keyword])} does not allow all that the other schema allows"


def values_at(instance: Any, path: Path) -> Iterator[Any]:
    """The values at a place."""
    if not path:
        yield instance
        return
    step, rest = path[0], path[1:]
    below: Iterable[Any] = ()
    if step is None and isinstance(instance, list):
        below = instance
    elif step == "*" and isinstance(instance, dict):
        below = instance.values()
    elif isinstance(instance, dict) and step in instance:
        below = [instance[step]]
    for each in below:
        yield from values_at(each, rest)
