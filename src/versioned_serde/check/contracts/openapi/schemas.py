"""Schemas of messages, as JSON Schema 2020-12 says them for the one who writes a message and for the one who reads it.

- A writer sends what its contract declares and no property else, unless `additionalProperties` or the like says that
  there are others. JSON Schema alone would let it send anything under the name of a property that only the reader has,
  and then no property could ever be added.
- Where there is a discriminator, its value alone chooses the branch.
- What is `readOnly` is not in requests, and what is `writeOnly` is not in responses, `required` or not. A reader of
  such a message takes whatever is there.
- Version 3.0 has `nullable`, and bounds that are exclusive by a flag; there, what stands beside `$ref` counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from versioned_serde.check.contracts.located import Pointer
from versioned_serde.check.contracts.openapi.documents import Node
from versioned_serde.check.finding import Place

Side = Literal["writer", "reader"]
Message = Literal["request", "response"]
Key = tuple[str, Pointer]
"""`Node.key`."""

FLAGS: Final[Mapping[Message, str]] = {"request": "readOnly", "response": "writeOnly"}
"""Kind of message -> what properties have that are not in it."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_HOLDS: Final = {
    "properties": "value",
    "patternProperties": "value",
    "additionalProperties": "value",
    "unevaluatedProperties": "value",
    "prefixItems": "value",
    "items": "value",
    "unevaluatedItems": "value",
    "contains": "value",
    "allOf": "in place",
    "anyOf": "branches",
    "then": "in place",
    "else": "in place",
    "dependentSchemas": "in place",
    "oneOf": "branches",
    "not": "test",
    "if": "test",
    "propertyNames": "test",
}
"""Keyword -> what its schemas are of: a part of the value, the value itself, or what only tells values apart."""
_LISTS: Final = frozenset({"prefixItems", "allOf", "anyOf", "oneOf"})
_BY_NAME: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_NOT_SCHEMA: Final = frozenset(
    {
        "$defs",
        "$id",
        "$ref",
        "$schema",
        "deprecated",
        "discriminator",
        "example",
        "externalDocs",
        "nullable",
        "readOnly",
        "writeOnly",
        "xml",
    }
)
_OPEN: Final = frozenset({"additionalProperties", "unevaluatedProperties"})
_NONE: Final[Mapping[Key, Any]] = {}


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

    def __init__(self, version: str, side: Side, message: Message, cuts: Mapping[Key, Any] = _NONE) -> None:
        """Makes room for schemas.

        Args:
            version: of the specification, such as `3.0`.
            side: who has them.
            message: in what they are.
            cuts: parts of schemas that are not looked at -> the one value that they shall allow.
        """
        self._cuts = cuts
        self.root: dict[str, Any] = {"schemas": {}}
        self._old = version == "3.0"
        self._side = side
        self._flag = FLAGS[message]
        self._keys: dict[tuple[Any, ...], str] = {}
        self._nodes: dict[str, Node] = {}
        self._waiting: list[tuple[str, Node, _Mode]] = []

    def schema(self, node: Node) -> dict[str, str]:
        """A reference, in `root`, to a schema."""
        found = self._reference(node, self._outer(node))
        while self._waiting:
            key, each, mode = self._waiting.pop()
            self.root["schemas"][key] = self._translated(each, mode)
        return found

    def place(self, pointer: str) -> Place | None:
        """Where something stands, by its JSON pointer in `root`; None if it is not in there."""
        if not pointer.startswith("/schemas/"):
            return None
        key, *rest = (each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[2:])
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
            self._waiting.append((key, node, mode))
        return {"$ref": f"#/schemas/{key}"}

    def _outer(self, node: Node) -> _Mode:
        """How the schema of a whole value is read: of a message, a property or an element."""
        parts = list(self._in_place(node))
        hidden = frozenset(
            name for part in parts for name, each in _named(part, "properties") if flagged(each, self._flag)
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
            for keyword in each.value:
                if _HOLDS.get(keyword) == "in place" or keyword == "anyOf" or (branches and keyword == "oneOf"):
                    waiting += _subschemas(each, keyword)

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
        closing = self._closing(node, mode) if mode.closed else []
        if closing:
            made["allOf"] = [*made.get("allOf", ()), *closing]
        return made

    def _closing(self, node: Node, mode: _Mode) -> list[dict[str, Any]]:
        """What forbids all that is not declared. Branches of `oneOf` are closed each with what is beside them."""
        if "oneOf" in node.value:
            names = mode.names | self._declared(node, branches=False)
            inner = _Mode(closed=True, names=names, hidden=mode.hidden)
            return [{"anyOf": [self._branch(node, each, inner) for each in _subschemas(node, "oneOf")]}]
        declared = mode.names | self._declared(node)
        only = {"properties": dict.fromkeys(sorted(declared), True), "additionalProperties": False}
        return [only] if declared else []

    def _declared(self, node: Node, branches: bool = True) -> set[str]:
        parts = list(self._in_place(node, branches))
        discriminators = (part.value.get("discriminator") for part in parts)
        names = {name for part in parts for name, _ in _named(part, "properties")}
        return names | {each["propertyName"] for each in discriminators if each is not None}

    def _keywords(self, node: Node, mode: _Mode) -> dict[str, Any]:
        value = node.value
        inner = _Mode(hidden=mode.hidden, test=mode.test)
        made = {keyword: each for keyword, each in value.items() if keyword not in _NOT_SCHEMA}
        for keyword in (each for each in value if each in _HOLDS):
            part = node.raw(keyword)
            assert part is not None
            match _HOLDS[keyword]:
                case "value":
                    made[keyword] = self._each(part, lambda each: self._part(each, mode))
                case "in place":
                    made[keyword] = self._each(part, lambda each: self._translated(each, inner))
                case "branches":
                    made[keyword] = self._each(part, lambda each: self._branch(node, each, inner))
                case "test":
                    made[keyword] = self._translated(part, _Mode(test=True))
        self._hide(made, mode)
        if self._old:
            _modernize(made, value)
        return made

    def _each(self, part: Node, translated: Callable[[Node], Any]) -> Any:
        """A schema, or each of a list or an object of them; which of these, the keyword says."""
        keyword = part.pointer[-1]
        if keyword in _LISTS:
            return [translated(each) for each in _elements(part)]
        if keyword in _BY_NAME:
            return {name: translated(each) for name, each in members(part)}
        return translated(part)

    def _branch(self, node: Node, branch: Node, mode: _Mode) -> Any:
        """A branch; where there is a discriminator, it is chosen by its value alone."""
        made = self._translated(branch, mode)
        discriminator = node.value.get("discriminator")
        ref = branch.value.get("$ref") if isinstance(branch.value, dict) else None
        if discriminator is None or not isinstance(ref, str) or not isinstance(made, dict):
            return made
        name = ref.rpartition("/")[2]
        mapping = discriminator.get("mapping", {})
        values = sorted(value for value, target in mapping.items() if target in {ref, name}) or [name]
        known = {"properties": {discriminator["propertyName"]: {"enum": values}}}
        chosen = {**known, "required": [discriminator["propertyName"]]}
        return {**made, "allOf": [*made.get("allOf", ()), chosen]}

    def _part(self, node: Node, mode: _Mode) -> Any:
        """A schema of something in the value."""
        if node.key in self._cuts:
            return {"const": self._cuts[node.key]}
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


def _subschemas(node: Node, keyword: str) -> list[Node]:
    part = node.raw(keyword)
    if part is None:
        return []
    if keyword in _LISTS:
        return _elements(part)
    return [each for _, each in members(part)] if keyword in _BY_NAME else [part]


def _named(node: Node, keyword: str) -> list[tuple[str, Node]]:
    part = node.raw(keyword)
    return [] if part is None else members(part)


def members(node: Node) -> list[tuple[str, Node]]:
    """The members of an object, not followed if they are references; none of what is no object."""
    names = node.value if isinstance(node.value, dict) else ()
    return [(name, each) for name in names if (each := node.raw(name)) is not None]


def _elements(node: Node) -> list[Node]:
    count = len(node.value) if isinstance(node.value, list) else 0
    return [each for index in range(count) if (each := node.raw(index)) is not None]


def flagged(node: Node, flag: str) -> bool:
    """Whether a schema, or what it refers to, has a flag."""
    chain = (node, node.followed())
    return any(isinstance(each.value, dict) and each.value.get(flag) is True for each in chain)


def meant(node: Node, version: str) -> Node:
    """What a schema stands for that is a reference and says nothing else."""
    while isinstance(node.value, dict) and isinstance(ref := node.value.get("$ref"), str):
        if version != "3.0" and len(node.value) > 1:
            break
        node = node.target(ref)
    return node
