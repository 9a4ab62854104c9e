"""Places at which two schemas refer to others, so that those can be compared by themselves, and once.

A large document is a net of schemas. Taken as a whole, each message would be compared with all that it leads to, and a
change would be told for each message that leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from versioned_serde.check.contracts.openapi.documents import Node
from versioned_serde.check.contracts.openapi.schemas import Key, flagged, members

_NOT_PLAIN: Final = frozenset(
    {
        "anyOf",
        "const",
        "contains",
        "dependentSchemas",
        "enum",
        "if",
        "not",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)
"""What says more of a part of a value than the schema of that part does."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas of one place.

    Attributes:
        steps: the way to the place, from the schemas that were compared: keywords, each with the property that it is
            of, or for `additionalProperties` with those that it is not of.
        written: the writer's schema, a reference; `read` the reader's.
    """

    steps: tuple[tuple[str, tuple[str, ...]], ...]
    written: Node
    read: Node

    @property
    def attribute(self) -> str:
        """The place for people, such as `lines[].sku`."""
        found = ""
        for keyword, names in self.steps:
            found += "[]" if keyword != "properties" else f".{names[0]}" if found else names[0]
        return found

    def absent(self) -> dict[str, Any]:
        """A schema of all values that have nothing at this place."""
        schema: Any = False
        for keyword, names in reversed(self.steps):
            if keyword == "properties":
                schema = {"properties": {names[0]: schema}}
            else:
                schema = {"properties": dict.fromkeys(names, True), keyword: schema}
        return dict(schema)


def pairs(written: Node, read: Node, flag: str) -> list[Pair]:
    """The places at which both refer to another schema, and nothing else is said of what is there.

    Args:
        written: the writer's schema.
        read: the reader's.
        flag: `readOnly` or `writeOnly`: properties with it are left out.
    """
    found: list[Pair] = []
    waiting = [Pair((), written, read)]
    met: dict[Key, int] = {}
    while waiting:
        around = waiting.pop()
        for pair in _inner(around, flag):
            if _refers(pair.written) and _refers(pair.read):
                found.append(pair)
                for each in (pair.written.key, pair.read.key):
                    met[each] = met.get(each, 0) + 1
            elif not _refers(pair.written) and not _refers(pair.read):
                waiting.append(pair)
    # A part of a schema that is met at two places may have another partner at each.
    return [each for each in found if met[each.written.key] == met[each.read.key] == 1]


def same(written: Node, read: Node, cut: frozenset[Key]) -> bool:
    """Whether two schemas say the same in the same words, with all that they refer to but what is cut out."""
    waiting, seen = [(written, read)], set[tuple[Key, Key]]()
    while waiting:
        one, other = waiting.pop()
        if (one.key, other.key) in seen or (one.key in cut and other.key in cut):
            continue
        seen.add((one.key, other.key))
        mine, theirs = one.value, other.value
        if isinstance(mine, dict) and isinstance(theirs, dict):
            if mine.keys() != theirs.keys():
                return False
            if isinstance(mine.get("$ref"), str) and isinstance(theirs.get("$ref"), str):
                waiting.append((one.target(mine["$ref"]), other.target(theirs["$ref"])))
            names: Any = mine.keys() - {"$ref"} if isinstance(mine.get("$ref"), str) else mine.keys()
        elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
            names = range(len(mine))
        elif type(mine) is not type(theirs) or mine != theirs:
            return False
        else:
            continue
        for name in names:
            parts = one.raw(name), other.raw(name)
            assert parts[0] is not None
            assert parts[1] is not None
            waiting.append((parts[0], parts[1]))
    return True


def _inner(around: Pair, flag: str) -> Iterator[Pair]:
    mine, theirs = _parts(around.written), _parts(around.read)
    if mine is None or theirs is None:
        return
    for name, each in _once(mine, "properties").items():
        other = _once(theirs, "properties").get(name)
        if each is not None and other is not None and not flagged(each, flag) and not flagged(other, flag):
            yield Pair((*around.steps, ("properties", (name,))), each, other)
    declared = tuple(_once(mine, "properties"))
    for keyword, names in (("items", ()), ("additionalProperties", declared)):
        one, another = ([part for each in parts if (part := each.raw(keyword))] for parts in (mine, theirs))
        if len(one) == len(another) == 1:
            yield Pair((*around.steps, (keyword, names)), one[0], another[0])


def _parts(node: Node) -> list[Node] | None:
    """A schema and those that it joins by `allOf` or a reference; None if one of them says too much."""
    waiting, found = [node], dict[Key, Node]()
    while waiting:
        each = waiting.pop()
        if not isinstance(each.value, dict) or each.value.keys() & _NOT_PLAIN or each.key in found:
            return None
        found[each.key] = each
        if _refers(each):
            waiting.append(each.target(each.value["$ref"]))
        joined = each.raw("allOf")
        if joined is not None:
            waiting += [part for index in range(len(joined.value)) if (part := joined.raw(index)) is not None]
    return list(found.values())


def _once(parts: list[Node], keyword: str) -> dict[str, Node | None]:
    """The members of a keyword of all parts; None for a name that more than one has."""
    found: dict[str, Node | None] = {}
    for part in parts:
        held = part.raw(keyword)
        for name, each in members(held) if held is not None else ():
            found[name] = None if name in found else each
    return found


def _refers(node: Node) -> bool:
    return isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str)
