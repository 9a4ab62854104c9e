"""No two steps of one version convert the same attribute.

A step that loses something leaves what it wrote as a witness, which every host compares with what the record holds, old
hosts too, which know nothing of the step. If another step of the same version converted that value once more, what the
first one wrote would be in no record at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from versioned_serde.evolution.steps.step import Path, Step
from versioned_serde.shape import Shape


def check_overlap(steps: Sequence[Step], shapes: Sequence[Shape]) -> None:
    """Checks the steps of one version.

    Args:
        steps: in the order in which they lead up.
        shapes: of the object before the first step, after it, ... after the last.

    Raises:
        DeclarationError: two of them convert the same attribute, or one converts what the other changes within.
    """
    converted: dict[Path, Step] = {}
    reached: dict[Path, Step] = {}
    for step, older, newer in reversed(list(zip(steps, shapes, shapes[1:], strict=False))):
        reaches, converts = sorted(step.reaches(newer)), sorted(step.converts(newer))
        clashes = [(other, at) for path in reaches for at, other in converted.items() if path[: len(at)] == at]
        clashes += [(other, path) for path in converts for at, other in reached.items() if at[: len(path)] == path]
        for other, path in clashes:
            raise step.refuse(
                f"and {other!r} both change the value of `{'.'.join(path).replace('.[', '[')}` in one version.",
                "Do it in one step, or in two versions.",
            )
        converted = {(step.before(path[0]), *path[1:]): other for path, other in converted.items()}
        converted.update(dict.fromkeys(step.converts(older), step))
        reached = {(step.before(path[0]), *path[1:]): other for path, other in reached.items()}
        reached.update(dict.fromkeys(step.reaches(older), step))
