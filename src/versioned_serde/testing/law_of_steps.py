"""L3 and L4 for a declared schema: each step by itself and all together, with the service's own functions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from versioned_serde.evolution.lineage import Single
from versioned_serde.evolution.steps.step import Path, Step
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import ABSENT, Attribute, Shape
from versioned_serde.testing.subject import Subject
from versioned_serde.testing.trees import plain, redrawn, touched
from versioned_serde.tree import Raw, Tree, copied, same

_ALIEN = "no release knows this"


def there_and_back(subject: Subject, data: st.DataObject) -> None:
    """A newest value down through every step, and up again from each; old values up, and down again."""
    value = data.draw(subject.values)
    tree = subject.dump(value)
    singles = subject.schema.lineage.singles
    for index in reversed(range(len(singles))):
        single = singles[index]
        older = subject.ran(single, "down", tree)
        if index == 0 or singles[index - 1].version < single.version:
            with subject.expecting("L3", plain(older, single.older), single.version - 1):
                subject.accepted(single.version - 1, older)
        back = subject.ran(single, "up", older)
        _same(subject, single, "up(down(x))", single.newer, tree, back)
        _old_record(subject, index, older, data)
        tree = older


def _old_record(subject: Subject, index: int, older: Tree, data: st.DataObject) -> None:
    """What a release from before the step wrote: the same, with other values where the step does something."""
    singles = subject.schema.lineage.singles
    single = singles[index]
    paths = touched(single.step, single.older, single.newer)
    first = index == 0 or singles[index - 1].version < single.version
    if first and single.version - 1 in subject.older:
        old = copied(data.draw(subject.older[single.version - 1]))
    else:
        old = plain(older, single.older)

        def drawn(shape: Shape, attribute: Attribute) -> Any:
            values = subject.drawn.attribute(shape, attribute)
            return data.draw(st.just(ABSENT) | values if attribute.optional else values)

        redrawn(old, single.older, paths, drawn)
    shown = copied(old)
    old[_ALIEN] = Raw("json", b'"as it came"')
    newer = subject.ran(single, "up", old)
    _kept(subject, single, old, newer, paths)
    back = subject.ran(single, "down", newer)
    if not _purges(single.step):
        _same(subject, single, "down(up(x))", single.older, old, back)
    del newer[_ALIEN]
    with subject.expecting("L3", shown, single.version - 1):
        for later in singles[index + 1 :]:
            later.bound.up(newer)
        subject.build(newer)


def _same(subject: Subject, single: Single, law: str, shape: Shape, given: Tree, found: Tree) -> None:
    wanted, result = plain(given, shape, explicit=True), plain(found, shape, explicit=True)
    if not same(wanted, result):
        raise subject.broken(
            "L3",
            f"`{law}` is not `x`, but {result!r}.",
            wanted,
            "Let its functions return the same for the same value, and change nothing that others see.",
            version=single.version,
            step=repr(single.step),
        )


def _kept(subject: Subject, single: Single, old: Tree, newer: Tree, paths: frozenset[Path]) -> None:
    """L4: what the step does not declare is as it was."""
    differing = [] if same(old[_ALIEN], newer.get(_ALIEN)) else [_ALIEN]
    for attribute in single.newer.attributes:
        path = single.step.before((attribute.name,), single.newer)
        name = path[-1]
        if path[:-1]:
            continue  # it was moved out of another object, which the step declares
        before = single.older.get(name)
        if before is None or before.type != attribute.type or before.default != attribute.default:
            continue
        if (name,) not in paths and not same(old.get(name), newer.get(attribute.name)):
            differing.append(attribute.name)
    if differing:
        raise subject.broken(
            "L4",
            f"it changes {', '.join(f'`{name}`' for name in differing)}, which it does not declare.",
            plain(old, single.older),
            "Leave everything alone that the step's `converts` does not name.",
            version=single.version,
            step=repr(single.step),
        )


def _purges(step: Step) -> bool:
    """Whether it drops values for good, so that there is no way back to them."""
    inner = step.steps if isinstance(step, within) else ()
    return bool(getattr(step, "purge", False)) or any(map(_purges, inner))
