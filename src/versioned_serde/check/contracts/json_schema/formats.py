"""Attributes whose `format` is another than before. That excludes nothing, but readers may go by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from versioned_serde.check.contracts.json_schema.documents import Node
from versioned_serde.check.contracts.json_schema.obstacles import followed

_ONE = ("items", "additionalProperties", "not", "if", "then", "else")
_BY_NAME = ("properties", "patternProperties")
_IN_ORDER = ("prefixItems", "items", "allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class FormatChange:
    """A `format` that is another than before.

    Attributes:
        attribute: path in the instance.
        pointer: to the schema, in the newer document; None if it is in another one.
        old: the format before; None if there was none.
        new: the format now.
    """

    attribute: str
    pointer: str | None
    old: Any
    new: Any


def format_changes(old: Node, new: Node) -> Iterator[FormatChange]:
    """Each change at a place that both documents have."""
    seen: set[tuple[Any, ...]] = set()
    todo = [(old, new, "")]
    while todo:
        before, after, attribute = todo.pop()
        before, after = followed(before), followed(after)
        pair = (before.identity, after.identity)
        if pair in seen or not isinstance(before.schema, dict) or not isinstance(after.schema, dict):
            continue
        seen.add(pair)
        was, is_ = before.schema.get("format"), after.schema.get("format")
        if was != is_:
            yield FormatChange(attribute, after.pointer, was, is_)
        todo.extend(_pairs(before, after, attribute))


def _pairs(before: Node, after: Node, attribute: str) -> Iterator[tuple[Node, Node, str]]:
    for keyword in sorted({*_ONE, *_BY_NAME, *_IN_ORDER} & before.schema.keys() & after.schema.keys(), reverse=True):
        was, is_ = before.schema[keyword], after.schema[keyword]
        if keyword in _BY_NAME and isinstance(was, dict) and isinstance(is_, dict):
            for name in [each for each in was if each in is_][::-1]:
                below = f"{attribute}.{name if keyword == 'properties' else '*'}".removeprefix(".")
                yield before.child(keyword, name), after.child(keyword, name), below
        elif isinstance(was, list) and isinstance(is_, list):
            below = f"{attribute}[]" if keyword in ("items", "prefixItems") else attribute
            for index in range(min(len(was), len(is_))):
                yield before.child(keyword, index), after.child(keyword, index), below
        elif keyword in _ONE and isinstance(was, dict) and isinstance(is_, dict):
            steps = {"items": "[]", "additionalProperties": ".*"}
            below = f"{attribute}{steps.get(keyword, '')}".removeprefix(".")
            yield before.child(keyword), after.child(keyword), below
