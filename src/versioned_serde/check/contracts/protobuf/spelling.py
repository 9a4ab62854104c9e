"""Places in sources that protoc records otherwise than buf's own compiler does.

In a descriptor set both find the same places, because they are in the set. Where we compile, protoc made them, so a
finding would be some columns beside the one that buf shows for the same file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from versioned_serde.check.descriptors.elements import GROUP, Field, Path
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.finding import Place

_DEFAULT: Final = 7  # numbers of fields in descriptor.proto's FieldDescriptorProto
_TYPE_NAME: Final = 6
_TYPE: Final = 5
_WORD: Final = re.compile(r"\bdefault\s*=\s*$")


def places_of(hit: Hit) -> list[Path]:
    """Where a hit may be: a group's type is at the word `group`."""
    paths = hit.paths()
    group = isinstance(hit.element, Field) and hit.element.proto.type == GROUP
    if group and paths and hit.inner == ((_TYPE_NAME,),):
        return [(*paths[0][:-1], _TYPE), *paths]
    return paths


def spelled(hit: Hit, path: Path, place: Place, lines: Sequence[str]) -> Place:
    """Where it is: a default begins at the word `default`, and not at the value."""
    if hit.inner != ((_DEFAULT,),) or path[-1] != _DEFAULT or place.line is None or place.column is None:
        return place
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    word = _WORD.search(before)
    return place if word is None else replace(place, column=word.start() + 1)
