"""Which element of an edited list is which element of the list that was read.

It decides where unknown attributes go, so it never guesses and never goes by position: a declared key decides, then the
identity of the objects in memory, then a value that is unique on both sides.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Sequence
from typing import Any

from versioned_serde.errors import AmbiguousEditError
from versioned_serde.tree import Raw, Typed, holds_undeclared, same


def match_by_key(
    base: Sequence[Any], before: Sequence[Any], after: Sequence[Any], identities: Sequence[int | None], key: str
) -> list[int | None]:
    """For each element of `after`, the index of the element of `before` that it is, or None for a new one.

    Args:
        base: the elements as retained, with what is unknown in them.
        before: the elements as they were shown to the editor, one for each of `base`.
        after: the elements as the editor left them.
        identities: for each of `after`, the index in `before` of the same object in memory, or None.
        key: wire name of the attribute that identifies an element.

    Raises:
        AmbiguousEditError: two elements with the same key, one of which holds something unknown; or one without its
            key that does, and it cannot be told what became of it.
    """
    if len(before) == len(after) and all(map(same, before, after)):
        return list(range(len(after)))
    at = _indexes(before, key)
    to = _indexes(after, key)
    result: list[int | None] = [None] * len(after)
    for value, targets in to.items():
        sources = at.get(value, [])
        if not sources:
            continue
        if len(sources) == len(targets) == 1:
            result[targets[0]] = sources[0]
        elif any(holds_undeclared(base[source]) for source in sources):
            raise AmbiguousEditError(
                f"Several elements have the same `{key}`, and at least one of them holds unknown attributes.",
                hint=f"Make `{key}` unique in the list, or declare another key.",
            )
    _by_identity(result, identities)
    keyless = [index for index, element in enumerate(before) if _key(element, key) is None]
    if keyless:
        lost = _lost(keyless, result)
        fresh = [target for target in _fresh(result) if _key(after[target], key) is None]
        _by_value(result, before, after, lost, fresh)
        _refuse_if_ambiguous(result, base, _lost(lost, result))
    return result


def match(
    base: Sequence[Any], before: Sequence[Any], after: Sequence[Any], identities: Sequence[int | None]
) -> list[int | None]:
    """The same without a declared key.

    Raises:
        AmbiguousEditError: a new element and a lost one that holds something unknown remain, which might be the same.
    """
    result: list[int | None] = [None] * len(after)
    _by_identity(result, identities)
    if not any(index is not None for index in result) and len(before) == len(after) and all(map(same, before, after)):
        return list(range(len(after)))
    lost = _lost(range(len(before)), result)
    _by_value(result, before, after, lost, _fresh(result))
    _refuse_if_ambiguous(result, base, _lost(lost, result))
    return result


def places(base: Sequence[Any], before: Sequence[Any], key: str | None, *, ordered: bool) -> list[int] | None:
    """For each element of `before`, the index of the element of `base` that it was made from.

    A model may sort or thin out a list when it is built, and a set has no order at all.

    Args:
        base: the elements as retained.
        before: the elements as they were shown to the editor.
        key: wire name of the attribute that identifies an element, or None.
        ordered: whether an element is where it was, unless its key says otherwise.

    Returns:
        None if it cannot be told.
    """
    if len(base) != len(before):
        return None
    if key is None:
        return _shown(base, before) if ordered else None
    at = _indexes(base, key)
    result: list[int] = []
    for index, element in enumerate(before):
        found = at.get(_key(element, key), [])
        if len(found) == 1:
            result.append(found[0])
        elif ordered and (not found or index in found):
            result.append(index)
        else:
            return None
    return result if len(set(result)) == len(result) else None


def _shown(base: Sequence[Any], before: Sequence[Any]) -> list[int] | None:
    """`places` without a key: where they were, unless the model shows some in the place of others."""
    moved = [index for index, element in enumerate(before) if not _agrees(base[index], element)]
    common = _common([*(base[index] for index in moved), *(before[index] for index in moved)])
    at: dict[Hashable, list[int]] = {}
    for index in moved:
        at.setdefault(_rough(base[index], common), []).append(index)
    found = {
        index: [source for source in at.get(_rough(before[index], common), []) if _agrees(base[source], before[index])]
        for index in moved
    }
    result = list(range(len(base)))
    if not any(found.values()):
        return result  # a model may show values in another way, such as without spaces at the end
    for index, sources in found.items():
        if len(sources) != 1:
            return None
        result[index] = sources[0]
    return result if len(set(result)) == len(result) else None


def _agrees(base: Any, shown: Any) -> bool:
    """Whether what was shown of a value is what is retained of it. Either may have attributes that the other lacks."""
    if type(base) is dict and type(shown) is dict:
        return all(_agrees(value, shown[name]) for name, value in base.items() if name in shown)
    if type(base) is list and type(shown) is list:
        return len(base) == len(shown) and all(map(_agrees, base, shown))
    return type(base) is Raw or type(base) is Typed or same(base, shown)


def _common(elements: Sequence[Any]) -> set[str]:
    names = [set(element) if type(element) is dict else set[str]() for element in elements]
    return set.intersection(*names) if names else set()


def _by_identity(result: list[int | None], identities: Sequence[int | None]) -> None:
    used = {index for index in result if index is not None}
    for target, source in enumerate(identities):
        if source is not None and result[target] is None and source not in used:
            result[target] = source
            used.add(source)


def _by_value(
    result: list[int | None], before: Sequence[Any], after: Sequence[Any], lost: list[int], fresh: list[int]
) -> None:
    """Matches what is left by a value that is unique on both sides."""
    alike: dict[Hashable, list[_Alike]] = {}
    for values, indexes, side in ((before, lost, 0), (after, fresh, 1)):
        for index in indexes:
            groups = alike.setdefault(_rough(values[index]), [])
            group = next((group for group in groups if same(group.value, values[index])), None)
            if group is None:
                group = _Alike(values[index])
                groups.append(group)
            group.sides[side].append(index)
    for groups in alike.values():
        for group in groups:
            sources, targets = group.sides
            if len(sources) == len(targets) == 1:
                result[targets[0]] = sources[0]


class _Alike:
    """The elements of one value, by index: those lost, and those that are new."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.sides: tuple[list[int], list[int]] = [], []


def _rough(value: Any, names: Container[str] | None = None) -> Hashable:
    """Equal for values that are the same, and mostly different for others, so that few are compared in full.

    Args:
        value: a tree value.
        names: the attributes to look at; all where it is left out.
    """
    if type(value) is dict:
        return frozenset(
            (name, item)
            for name, item in value.items()
            if (names is None or name in names) and type(item) in (str, int, bool)
        )
    return value if type(value) in (str, int, bool) else None


def _refuse_if_ambiguous(result: list[int | None], base: Sequence[Any], lost: list[int]) -> None:
    if _fresh(result) and any(holds_undeclared(base[source]) for source in lost):
        raise AmbiguousEditError(
            "An element that holds unknown attributes is gone and another one is new, and they may be the same.",
            hint="Declare what identifies an element with `keys={...}`, or change the elements in place.",
        )


def _lost(sources: Iterable[int], result: list[int | None]) -> list[int]:
    found = set(result)
    return [source for source in sources if source not in found]


def _fresh(result: list[int | None]) -> list[int]:
    return [target for target, source in enumerate(result) if source is None]


def _indexes(elements: Sequence[Any], key: str) -> dict[Hashable, list[int]]:
    indexes: dict[Hashable, list[int]] = {}
    for index, element in enumerate(elements):
        if (value := _key(element, key)) is not None:
            indexes.setdefault(value, []).append(index)
    return indexes


def _key(element: Any, key: str) -> Hashable:
    value = element.get(key) if type(element) is dict else None
    return (type(value), value) if value is not None and isinstance(value, Hashable) else None
