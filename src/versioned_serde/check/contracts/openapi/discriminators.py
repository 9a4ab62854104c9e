"""Discriminators: the property by which a reader tells the branches of a schema apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from versioned_serde.check.contracts.openapi.documents import Node


def changes(writer: Node, reader: Node) -> Iterator[tuple[str, Node, Node]]:
    """What a reader's discriminators do not know: what, and where it is on the two sides.

    Places are compared that have the same way in both schemas.
    """
    waiting = [(writer, reader)]
    seen = set[tuple[Any, ...]]()
    while waiting:
        before, after = (each.followed() for each in waiting.pop())
        if (before.key, after.key) in seen or not isinstance(before.value, dict) or not isinstance(after.value, dict):
            continue
        seen.add((before.key, after.key))
        written, read = before.raw("discriminator"), after.raw("discriminator")
        if written is not None and read is not None:
            yield from _change(before, after, written, read)
        for name in before.at("properties", {}).keys() & after.at("properties", {}).keys():
            waiting += _pair(before, after, "properties", name)
        for keyword in ("items", "additionalProperties"):
            waiting += _pair(before, after, keyword)
        for keyword in ("allOf", "anyOf", "oneOf"):
            for index in range(len(before.at(keyword, ()))):
                waiting += _pair(before, after, keyword, index)


def _change(writer: Node, reader: Node, written: Node, read: Node) -> Iterator[tuple[str, Node, Node]]:
    names = written.value["propertyName"], read.value["propertyName"]
    if names[0] != names[1]:
        yield f"the discriminator is `{names[0]}` where it is written and `{names[1]}` where it is read", written, read
        return
    unknown = sorted(_values(writer, written) - _values(reader, read))
    if unknown and _values(reader, read):
        listed = ", ".join(f"`{each}`" for each in unknown)
        yield f"a reader's discriminator `{names[1]}` does not know {listed}", written, read


def _values(node: Node, discriminator: Node) -> set[str]:
    """The values that lead to a branch: those of the mapping, and the names of the branches' schemas."""
    refs = [each.get("$ref") for keyword in ("oneOf", "anyOf") for each in node.value.get(keyword, ())]
    mapping = discriminator.value.get("mapping", {})
    mapped = {str(each).rpartition("/")[2] for each in mapping.values()}
    return {str(each) for each in mapping} | {
        name for ref in refs if ref and (name := ref.rpartition("/")[2]) not in mapped
    }


def _pair(before: Node, after: Node, *steps: str | int) -> list[tuple[Node, Node]]:
    one, other = before.raw(*steps), after.raw(*steps)
    return [(one, other)] if one is not None and other is not None else []
