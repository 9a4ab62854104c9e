"""Discriminators of schemas without branches, which others extend by `allOf`.

JSON Schema says nothing of them; where there are branches, they are part of the schemas that are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from versioned_serde.check.contracts.openapi.documents import Node


def changes(writer: Node, reader: Node, seen: set[tuple[Any, ...]]) -> Iterator[tuple[str, Node, Node]]:
    """What a reader's discriminators do not know: what, and where it is on the two sides.

    Places are compared that have the same way in both schemas; those in `seen` were compared before.
    """
    waiting = [(writer, reader)]
    while waiting:
        before, after = (each.followed() for each in waiting.pop())
        if (before.key, after.key) in seen or not isinstance(before.value, dict) or not isinstance(after.value, dict):
            continue
        seen.add((before.key, after.key))
        written, read = before.raw("discriminator"), after.raw("discriminator")
        if written is not None and read is not None and not before.value.keys() & {"anyOf", "oneOf"}:
            yield from _change(written, read)
        for name in before.at("properties", {}).keys() & after.at("properties", {}).keys():
            waiting += _pair(before, after, "properties", name)
        for keyword in ("items", "additionalProperties"):
            waiting += _pair(before, after, keyword)
        for keyword in ("allOf", "anyOf", "oneOf"):
            for index in range(len(before.at(keyword, ()))):
                waiting += _pair(before, after, keyword, index)


def _change(written: Node, read: Node) -> Iterator[tuple[str, Node, Node]]:
    names = written.value["propertyName"], read.value["propertyName"]
    unknown = sorted(written.at("mapping", {}).keys() - read.at("mapping", {}).keys())
    if names[0] != names[1]:
        yield f"the discriminator is `{names[0]}` where it is written and `{names[1]}` where it is read", written, read
    elif unknown and read.at("mapping"):
        listed = ", ".join(f"`{each}`" for each in unknown)
        yield f"the discriminator `{names[1]}` does not know {listed} where it is read", written, read


def _pair(before: Node, after: Node, *steps: str | int) -> list[tuple[Node, Node]]:
    one, other = before.raw(*steps), after.raw(*steps)
    return [(one, other)] if one is not None and other is not None else []
