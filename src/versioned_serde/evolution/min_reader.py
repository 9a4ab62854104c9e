"""min_reader: the lowest version whose readers can read a record, and edit it without harm.

It is fixed when a version is first declared. A version keeps the min_reader of the one before if nothing that decides
the bytes changed but what an old reader copes with; otherwise it is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from versioned_serde.evolution.steps.step import Path, Step
from versioned_serde.shape import Shape, object_types


@dataclass(frozen=True, slots=True)
class Change:
    """What one version changes.

    Attributes:
        number: the version.
        steps: its steps.
        form: the names of what changed beside the shape: codec, coding, framing, checksum.
        shape: the version's shape.
        retains_unknown: whether its codec keeps what the shape does not declare.
        implied: attributes whose empty value its codec does not tell from their absence; arms are left out.
    """

    number: int
    steps: tuple[Step, ...]
    form: tuple[str, ...]
    shape: Shape
    retains_unknown: bool
    implied: frozenset[Path] = frozenset()


def min_readers(first: int, changes: Sequence[Change]) -> list[tuple[int, tuple[str, ...]]]:
    """The min_reader of each version, and what raised it to the version itself (empty if nothing did).

    Args:
        first: of the first listed version.
        changes: of all listed versions, ascending; the first one's steps and form do not count.
    """
    result: list[tuple[int, tuple[str, ...]]] = [(first, ())]
    for change in changes[1:]:
        before = result[-1][0]
        # Versions below the first listed one are gone, and so are their readers.
        span = [other.shape for other in changes if before <= other.number < change.number]
        why = _raised_by(change, span)
        result.append((change.number if why else before, why))
    return result


def _raised_by(change: Change, span: Sequence[Shape]) -> tuple[str, ...]:
    reasons = list(change.form)
    reasons += [repr(step) for step in change.steps if not step.keeps_min_reader(span)]
    reasons += _changed_slots(change.shape, span)
    reasons += [f"a fill of `{path}`, whose field does not tell an empty value from none" for path in _unseen(change)]
    if change.steps and not change.retains_unknown:
        reasons.append("a codec that does not retain unknown attributes")
    return tuple(reasons)


def _unseen(change: Change) -> list[str]:
    """What is filled, though in an object that an old editor added no reader sees that it is absent."""
    seeded = (
        tuple(name for name in path if name[:1] != "[") for step in change.steps for path in step.seeds(change.shape)
    )
    return [".".join(path) for path in sorted({*seeded} & change.implied)]


def _changed_slots(shape: Shape, span: Sequence[Shape]) -> list[str]:
    """Slots that older readers know other members of: setting one, they would not evict those that they do not know."""
    known = [_slots(older, "") for older in span]
    return [
        f"other members of the oneof `{slot}`"
        for (path, slot), members in _slots(shape, "").items()
        if any(older.get((path, slot), members) != members for older in known)
    ]


def _slots(shape: Shape, path: str) -> dict[tuple[str, str], set[str]]:
    """The members of each slot, by the path of its object and its name."""
    found: dict[tuple[str, str], set[str]] = {}
    for attribute in shape.attributes:
        if attribute.slot is not None:
            found.setdefault((path, attribute.slot), set()).add(attribute.name)
        for nested in object_types(attribute.type):
            found.update(_slots(nested.shape, f"{path}.{attribute.name}"))
    return found
