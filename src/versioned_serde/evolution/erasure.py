"""What a record holds for the sake of versions that are gone, and how it is taken out.

Values that a newer version does not declare stay in records, so that hosts of the older version find them. Once the
older version is retired nobody does, and data that has to go must be able to go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from versioned_serde.evolution.path import shapes_at, visits
from versioned_serde.shape import Shape
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, complement, objects

Erase = Callable[[Tree], None]
"""Takes it out of a tree of the newest version."""


def eraser(shape: Shape, reserved: Collection[str], first: int) -> Erase:
    """Compiled for a schema.

    Args:
        shape: the newest shape.
        reserved: paths of attributes that versions before the first listed one used.
        first: the first listed version.
    """
    places: dict[str, set[str]] = {}
    for path in reserved:
        place, _, name = path.rpartition(".")
        places.setdefault(place, set()).add(name)
    at_root = places.pop("", set[str]())
    below = [
        visits(shape, place, lambda names=names: lambda node: _forget(node, names))  # type: ignore[misc]
        for place, names in places.items()
        if shapes_at(shape, place)
    ]

    def erase(tree: Tree) -> None:
        _forget(tree, at_root)
        for visit in below:
            visit(tree)
        for node in list(objects(tree)):
            if entries := complement(node):
                node[COMPLEMENT] = [entry for entry in entries if not _is_of_the_past(entry, first)]
                if not node[COMPLEMENT]:
                    del node[COMPLEMENT]

    return erase


def _forget(node: Tree, names: set[str]) -> None:
    for name in names & node.keys():
        if type(node[name]) is Raw or type(node[name]) is Typed:
            del node[name]


def _is_of_the_past(entry: Entry, first: int) -> bool:
    version = entry.step.partition(".")[0]
    return version.isdecimal() and int(version) <= first
