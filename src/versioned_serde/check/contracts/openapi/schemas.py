"""Schemas of messages, as JSON Schema 2020-12 says them for the one who writes a message and for the one who reads it.

- A writer sends what its contract declares and no property else, unless `additionalProperties` or the like says that
  there are others. JSON Schema alone would let it send anything under the name of a property that only the reader has,
  and then no property could ever be added.
- What is `readOnly` is not in requests, and what is `writeOnly` is not in responses, `required` or not. A reader of
  such a message takes whatever is there.
- Version 3.0 has `nullable`, and bounds that are exclusive by a flag; there, what stands beside `$ref` counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from versioned_serde.check.contracts.openapi.documents import Node
from versioned_serde.check.finding import Place

Side = Literal["writer", "reader"]
Message = Literal["request", "response"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_ONE: Final = ("items", "additionalProperties", "contains", "unevaluatedItems", "unevaluatedProperties")
_TEST: Final = ("not", "if", "propertyNames")
"""Where a schema tells values apart, and does not say what is sent."""
_LISTS: Final = ("prefixItems",)
_BY_NAME: Final = ("properties", "patternProperties")
_IN_PLACE: Final = ("allOf", "anyOf")
_BRANCHES: Final = ("then", "else")
_NOT_SCHEMA: Final = frozenset(
    ("$defs", "$id", "$ref", "$schema", "deprecated", "discriminator", "example", "externalDocs", "nullable", "readOnly")
    + ("writeOnly", "xml")
)
_OPEN: Final = frozenset({"additionalProperties", "unevaluatedProperties"})


@dataclass(frozen=True, slots=True)
class _Mode:
    """How a schema is read.

    Attributes:
        closed: whether properties that it does not declare are forbidden.
        names: those that are declared around it, if it is closed.
        hidden: those that are not in this kind of message.
        test: whether it only tells values apart.
    """

    closed: bool = False
    names: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    test: bool = False


class Schemas:
    """The schemas of one document, for one side of one kind of message.

    Attributes:
        root: a document in which each schema that was asked for is found, with all that it refers to.
    """

    def __init__(self, version: str, side: Side, message: Message) -> None:
        self.root: dict[str, Any] = {"schemas": {}}
        self._old = version == "3.0"
        self._side = side
        self._flag = "readOnly" if message == "request" else "writeOnly"
        self._keys: dict[tuple[Any, ...], str] = {}
        self._nodes: dict[str, Node] = {}

    def schema(self, node: Node) -> dict[str, str]:
        """A reference, in `root`, to a schema."""
        return self._reference(node, self._outer(node))

    def place(self, pointer: str) -> Place:
        """Where something stands, by its JSON pointer in `root`."""
        _, _, key, *rest = (each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/"))
        node = self._nodes[key]
        for step in rest:
            # Not every part of `root` is in the document: then what is around it is shown.
            deeper = node.raw(int(step) if isinstance(node.value, list) and step.isdecimal() else step)
            if deeper is None:
                break
            node = deeper
        return node.place

    def _reference(self, node: Node, mode: _Mode) -> dict[str, str]:
        identity = (*node.key, mode)
        key = self._keys.get(identity)
        if key is None:
            key = self._keys[identity] = str(len(self._keys))
            self._nodes[key] = node
            self.root["schemas"][key] = self._translated(node, mode)
        return {"$ref": f"#/schemas/{key}"}

    def _outer(self, node: Node) -> _Mode:
        """How the schema of a whole value is read: of a message, a property or an element."""
        parts = list(self._in_place(node))
        hidden = frozenset(
            name
            for part in parts
            for name, each in _named(part, "properties")
            if any(isinstance(some.value, dict) and some.value.get(self._flag) is True for some in _chain(each))
        )
        return _Mode(closed=self._side == "writer" and not any(map(_is_open, parts)), hidden=hidden)

    def _in_place(self, node: Node, branches: bool = True) -> Iterator[Node]:
        """A schema, and all that speak of the same value; of what is under `oneOf` only if `branches`."""
        waiting, seen = [node], set[tuple[Any, ...]]()
        while waiting:
            each = waiting.pop()
            if each.key in seen or not isinstance(each.value, dict):
                continue
            seen.add(each.key)
            ref = each.value.get("$ref")
            if isinstance(ref, str):
                waiting.append(each.target(ref))
                if self._old:
                    continue
            yield each
            for keyword in (*_IN_PLACE, *(("oneOf",) if branches else ())):
                waiting += _listed(each, keyword)
            waiting += [some for keyword in _BRANCHES if (some := each.raw(keyword)) is not None]
            waiting += [some for _, some in _named(each, "dependentSchemas")]

    def _translated(self, node: Node, mode: _Mode) -> Any:
        value = node.value
        if not isinstance(value, dict):
            return value  # true or false
        ref = value.get("$ref")
        if isinstance(ref, str) and (self._old or value.keys() == {"$ref"}):
            return self._reference(node.target(ref), mode)
        made = self._keywords(node, mode)
        if isinstance(ref, str):
            made |= self._reference(node.target(ref), _Mode(hidden=mode.hidden, test=mode.test))
        if mode.closed and "oneOf" not in value:  # whose branches are closed one by one
            declared = mode.names | {name for part in self._in_place(node) for name, _ in _named(part, "properties")}
            if declared:
                only = {"properties": dict.fromkeys(sorted(declared), True), "additionalProperties": False}
                made["allOf"] = [*made.get("allOf", ()), only]
        return made

    def _keywords(self, node: Node, mode: _Mode) -> dict[str, Any]:
        value = node.value
        inner = _Mode(hidden=mode.hidden, test=mode.test)
        made = {keyword: each for keyword, each in value.items() if keyword not in _NOT_SCHEMA}
        for keyword in _ONE:
            if (part := node.raw(keyword)) is not None:
                made[keyword] = self._part(part, mode)
        for keyword in _TEST:
            if (part := node.raw(keyword)) is not None:
                made[keyword] = self._translated(part, _Mode(test=True))
        for keyword in _LISTS:
            if keyword in value:
                made[keyword] = [self._part(each, mode) for each in _listed(node, keyword)]
        for keyword in _BY_NAME:
            if keyword in value:
                made[keyword] = {name: self._part(each, mode) for name, each in _named(node, keyword)}
        for keyword in _IN_PLACE:
            if keyword in value:
                made[keyword] = [self._translated(each, inner) for each in _listed(node, keyword)]
        for keyword in _BRANCHES:
            if (part := node.raw(keyword)) is not None:
                made[keyword] = self._translated(part, inner)
        if "dependentSchemas" in value:
            made["dependentSchemas"] = {
                name: self._translated(each, inner) for name, each in _named(node, "dependentSchemas")
            }
        if "oneOf" in value:
            made["oneOf"] = [self._branch(node, each, mode) for each in _listed(node, "oneOf")]
        self._hide(made, mode)
        if self._old:
            _modernize(made, value)
        return made

    def _branch(self, node: Node, branch: Node, mode: _Mode) -> Any:
        """A branch of `oneOf`, closed for itself with what is declared beside it."""
        if not mode.closed:
            return self._translated(branch, _Mode(hidden=mode.hidden, test=mode.test))
        beside = {name for part in self._in_place(node, branches=False) for name, _ in _named(part, "properties")}
        return self._translated(branch, _Mode(closed=True, names=mode.names | beside, hidden=mode.hidden))

    def _part(self, node: Node, mode: _Mode) -> Any:
        """A schema of something in the value."""
        if mode.test:
            return self._translated(node, _Mode(test=True))
        return self._translated(node, self._outer(node))

    def _hide(self, made: dict[str, Any], mode: _Mode) -> None:
        for name in mode.hidden & made.get("properties", {}).keys():
            made["properties"][name] = self._side == "reader"
        if mode.hidden and "required" in made:
            made["required"] = [name for name in made["required"] if name not in mode.hidden]


def _modernize(made: dict[str, Any], value: dict[str, Any]) -> None:
    """What version 3.0 says otherwise. `nullable` counts only where there is a type, as 3.0.3 makes clear."""
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        made["type"] = [value["type"], "null"]
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(exclusive), bool) and made.pop(exclusive) and inclusive in made:
            made[exclusive] = made.pop(inclusive)


def _is_open(part: Node) -> bool:
    declares = "patternProperties" in part.value or "propertyNames" in part.value
    return declares or any(part.value.get(keyword, False) is not False for keyword in _OPEN)


def _named(node: Node, keyword: str) -> list[tuple[str, Node]]:
    parts = node.value.get(keyword) if isinstance(node.value, dict) else None
    found = [(name, node.raw(keyword, name)) for name in parts] if isinstance(parts, dict) else []
    return [(name, each) for name, each in found if each is not None]


def _listed(node: Node, keyword: str) -> list[Node]:
    parts = node.value.get(keyword)
    found = [node.raw(keyword, index) for index in range(len(parts))] if isinstance(parts, list) else []
    return [each for each in found if each is not None]


def _chain(node: Node) -> Iterator[Node]:
    """A schema, and what it refers to."""
    yield node
    if isinstance(node.value, dict) and "$ref" in node.value:
        yield node.followed()
