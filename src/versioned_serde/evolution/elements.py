"""Which elements of a list or map still are as a lossy way wrote them, so that what it lost of each can come back.

Other elements may be edited, inserted, deleted or moved in between: what is kept for an element holds while the element
itself is unchanged. In a map the key says which element is which. In a list the value has to, so an element is found
again only if there are as many of that value as the step wrote, and all of them came from the same. Where different
elements became equal, that cannot be told, and the list is kept and restored only as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from versioned_serde.errors import ReadError
from versioned_serde.shape import ListType, MapType, NullableType, Type
from versioned_serde.tree import Entry, same

Decoded = Callable[[str, Type, Any], Any]
"""`Binding.typed`."""
_PLAIN = (str, int, bool, Decimal)
ELEMENT = "[*]"
"""An element in a path; a map's keys are payload values too."""


def alike(values: Sequence[Any]) -> list[list[int]]:
    """The indexes of the values, those of values that are the same together."""
    rough: dict[Hashable, list[list[int]]] = {}
    for index, value in enumerate(values):
        groups = rough.setdefault(_rough(value), [])
        group = next((group for group in groups if same(values[group[0]], value)), None)
        if group is None:
            groups.append([index])
        else:
            group.append(index)
    return [group for groups in rough.values() for group in groups]


def _rough(value: Any) -> Hashable:
    """Equal for values that are the same, and mostly different for others, so that few are compared in full."""
    kind: type = type(value)
    if kind is dict:
        return frozenset((name, _rough(item)) for name, item in value.items() if type(item) in _PLAIN)
    if kind is list:
        return (len(value), *(_rough(item) for item in value if type(item) in _PLAIN))
    if kind is Decimal:
        exact: Hashable = value.as_tuple()  # a signalling NaN cannot be compared
        return exact
    return (kind, value) if isinstance(value, Hashable) and value == value else kind


def element_type(type_: Type) -> Type | None:
    """The type of the elements of a list or map that may be null; None for another type."""
    match type_.inner if isinstance(type_, NullableType) else type_:
        case ListType(item=inner) | MapType(value=inner):
            return inner
        case _:
            return None


def standing(entry: Entry, type_: Type, value: Any, typed: Decoded) -> dict[Any, str]:
    """Where the elements now are that an entry is about: index or key -> the element's name in the entry.

    Args:
        entry: one with `each`; what does not stand any more is noted in `gone`, and in `stale` if nothing is left.
        type_: of the list or map, in the form that the entry's step made.
        value: the list or map, or what there is instead.
        typed: see `Decoded`.
    """
    found: dict[Any, str] = {}
    inner = element_type(type_)
    if inner is not None and type(value) is list:
        found = _in_list(entry, inner, value, typed)
    elif inner is not None and type(value) is dict:
        for name in entry.kept.keys() & value.keys():
            if name not in entry.witness or any(same(each, value[name]) for each in _read(entry, name, inner, typed)):
                found[name] = name
    entry.gone = frozenset({*entry.kept} - {*found.values()})
    entry.stale = not found
    return found


def _in_list(entry: Entry, inner: Type, elements: list[Any], typed: Decoded) -> dict[Any, str]:
    found: dict[Any, str] = {}
    written = [(name, value) for name in entry.kept for value in _read(entry, name, inner, typed)]
    for group in alike([*(value for _, value in written), *elements]):
        names = [written[index][0] for index in group if index < len(written)]
        places = [index - len(written) for index in group if index >= len(written)]
        if len(names) == len(places):
            found.update(zip(places, names, strict=True))
    return found


def _read(entry: Entry, name: str, inner: Type, typed: Decoded) -> Iterator[Any]:
    if name in entry.witness:
        try:
            yield typed(ELEMENT, inner, entry.witness[name])
        except ReadError:
            return  # not of the elements' type, so it is none of those that stand there


def drop_gone(entry: Entry) -> Entry:
    """The entry without the elements that do not stand any more."""
    if not entry.gone:
        return entry
    witness, kept = (
        {name: value for name, value in values.items() if name not in entry.gone}
        for values in (entry.witness, entry.kept)
    )
    return replace(entry, witness=witness, kept=kept, gone=frozenset())
