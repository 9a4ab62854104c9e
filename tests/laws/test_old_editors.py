"""L2: for newer additive data and any edit of known attributes, newer-read(old-edit) = newer-edit(newer-read)."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import trials
from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.oracle import may_read, min_readers
from tests.laws.reference import risen, same_plain
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.errors import AmbiguousEditError
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.drawing import values
from versioned_serde.testing.edits import Edit, do, drawn_edit
from versioned_serde.testing.histories import KEY, History, Nested, specs_in
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import histories, sources

EDITS = 4


@pytest.mark.parametrize("frozen", [False, True], ids=["in place", "by comparison"])
@pytest.mark.parametrize("kind", EITHER)
@cases(2)
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_an_old_editor_changes_what_it_changed(
    kind: str, frozen: bool, data: st.DataObject, random: Random, newest: int
) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest, additive=True))
    readers = [host for host in range(1, newest) if may_read(history, host, newest)]
    if not readers:
        return  # the only change was one of framing
    root = Nested(history.root)
    host = random.choice(readers)
    old = Release(history, host, random.randrange(min_readers(history)[host - 1], host + 1), kind, frozen)
    new = Release(history, newest, newest, kind)
    packed = new.schema.pack(new.memory(root, values(random, history.root, newest, history.keyed)))
    for _ in range(EDITS):
        edited = old_edit(random, old, new, packed)
        if edited is not None:
            tried("L2")
            packed = edited


def old_edit(random: Random, old: Release, new: Release, packed: Packed) -> Packed | None:
    """One edit by an old release, and the record as the newest release writes it then; None if it tells nothing."""
    history, root, newest, frozen = new.history, Nested(new.history.root), new.newest, old.frozen
    presence = new.classes.presence
    document = old.schema.read(*packed)
    plain = old.plain(root, document.value, presence=presence)
    edit = drawn_edit(random, old, plain)
    if edit.verb == "set" and any(specs_in(edit.type)):
        return None  # the same object with other attributes: the model of `test_fleets` says what stays
    if frozen and edit.where == KEY:
        return None  # a declared key decides: it is another element now
    if frozen:
        target = deepcopy(_bare(plain))
        do(edit, old, target, plain=True)
        if same_plain(target, _bare(plain)):
            return None  # such as two elements that look alike in each other's place: no comparison can see it
        document.set(old.memory(root, target))
    else:
        with document.edit() as edited:
            do(edit, old, edited, plain=False)
    try:
        written = old.schema.write_packed(document)
    except AmbiguousEditError as error:
        # In place, identity tells the elements apart, unless a declared key denies it.
        if not frozen and "have the same `id`" not in error.problem:
            raise
        return None
    wanted = _bare(new.plain(root, new.schema.unpack(*packed), presence=presence))
    for same_edit in _known_to(history, edit, old, newest):
        if not (not presence and _is_shown(plain, edit)):
            do(same_edit, new, wanted, plain=True)
    wanted = new.plain(root, new.memory(root, wanted), presence=presence)
    found = new.plain(root, new.schema.unpack(*written), presence=presence)
    assert same_plain(found, wanted), (history, edit, packed, written)
    assert new.schema.identify(*written).version == newest
    # What was derived for a new element is a seed, and independent once stored.
    return new.schema.write_packed(new.schema.read(*written))


def _known_to(history: History, edit: Edit, old: Release, newest: int) -> list[Edit]:
    """The same edit by the newest release; none if it removed the attribute that the old one changed."""
    type_: Any = Nested(history.root)
    for place in (*edit.at, edit.where):
        type_ = _inner(type_, place, newest)
        if type_ is None:
            return []
    if edit.type is None:
        return [edit]
    written = _bare(old.plain(edit.type, old.memory(edit.type, edit.value), presence=old.classes.presence))
    raised = risen(history, edit.type, written, old.newest, newest)
    return [Edit(edit.at, edit.verb, edit.where, edit.to, edit.type, raised)]


def _inner(type_: Any, place: str | int, version: int) -> Any:
    type_ = getattr(type_, "inner", type_)
    if hasattr(type_, "item"):
        return type_.item
    if hasattr(type_, "value"):
        return type_.value
    specs = [type_.spec] if isinstance(type_, Nested) else [spec for _, spec in type_.arms]
    fields = [spec.field(str(place), spec.stage(version)) for spec in specs]
    return next((each.type for each in fields if each is not None), None)


def _is_shown(plain: Any, edit: Edit) -> bool:
    """Whether the edit sets what was shown anyway; a dataclass cannot tell that from no edit."""
    for place in edit.at:
        plain = plain[place]
    return edit.verb == "set" and same_plain(plain.get(edit.where, ...), edit.value)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return value


def _old_editor(trial: Trial) -> int:
    history, random = trial.history, trial.random
    readers = [host for host in range(1, history.newest) if may_read(history, host, history.newest)]
    if not readers:
        return 0  # a field of protobuf cannot say that it is to be filled
    host = random.choice(readers)
    carries = KINDS[trial.cell.kind].kind == trial.cell.codec
    # A message that carries its own unknown fields is only edited in place: another one has others.
    frozen = not carries and random.random() < 0.5
    old = trial.release(host, random.randrange(min_readers(history)[host - 1], host + 1), frozen=frozen)
    new = trial.release(history.newest)
    packed = new.schema.pack(trial.value(new))
    done = 0
    for _ in range(trials.VALUES):
        edited = old_edit(random, old, new, packed)
        if edited is not None:
            packed = edited
            done += 1
    return done


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L2", kind, codec, _old_editor, versions=(2, 3), additive=True)
