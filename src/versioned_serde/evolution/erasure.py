"""What a record holds for the sake of versions that are gone, and how it is taken out.

Values that a newer version does not declare stay in records, so that hosts of the older version find them. Once the
older version is retired nobody does, and data that has to go must be able to go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from versioned_serde.evolution.path import shapes_at
from versioned_serde.evolution.visits import Visit, at_every_level, visits
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
    everywhere = [_forgetting(shape, at_root)]
    for place, names in places.items():
        nested = iter([_forgetting(each, names) for each in shapes_at(shape, place)])
        everywhere.append(at_every_level(visits(shape, place, nested.__next__), shape, inner_first=True))

    def erase(tree: Tree) -> None:
        for visit in everywhere:
            visit(tree)
        for node in list(objects(tree)):
            if entries := complement(node):
                node[COMPLEMENT] = [entry for entry in entries if not _is_of_the_past(entry, first)]
                if not node[COMPLEMENT]:
                    del node[COMPLEMENT]

    return erase


def _forgetting(shape: Shape, names: set[str]) -> Visit:
    return at_every_level(lambda node: _forget(node, names), shape, inner_first=True)


def _forget(node: Tree, names: set[str]) -> None:
    for name in names & node.keys():
        if type(node[name]) is Raw or type(node[name]) is Typed:
            del node[name]


def _is_of_the_past(entry: Entry, first: int) -> bool:
    version = entry.step.partition(".")[0]
    return version.isdecimal() and int(version) <= first
