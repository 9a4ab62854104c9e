"""What models do beyond their shapes, in the lock: one line of text for each attribute or object that does anything.

No bytes depend on it. It is what makes a release refuse, or change, values that the one before took as they were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from versioned_serde import plugins
from versioned_serde.protocols import HasBehaviour
from versioned_serde.shape import Attribute, Shape


def behaviour(attributes: Iterable[tuple[str, Attribute, Shape]], outermost: str) -> dict[str, str]:
    """Path of an attribute -> its facts; path of an object, which ends with a dot -> those of the object.

    Args:
        attributes: path, attribute and the shape that has it, as `description.attributes` gives them.
        outermost: what the outermost object is called.
    """
    told: dict[str, list[str]] = {}
    known: dict[int, Mapping[str, list[str]]] = {}
    for path, attribute, shape in attributes:
        if id(shape.model) not in known:
            kind = plugins.kind(shape.model)
            assert kind is not None  # it has described the shape
            known[id(shape.model)] = kind.behaviour(shape) if isinstance(kind, HasBehaviour) else {}
        found = known[id(shape.model)]
        told[path] = found.get(attribute.name, [])
        name = attribute.name if attribute.name.isidentifier() else json.dumps(attribute.name)
        told[path.removesuffix(name) or outermost] = found.get("", [])
    return {path: "; ".join(sorted({*facts})) for path, facts in sorted(told.items()) if facts}
