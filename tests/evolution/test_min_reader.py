"""Which readers cope with a change: what each step says over the versions that may read its records."""

from __future__ import annotations

from dataclasses import replace as replaced
from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, shape
from versioned_serde.evolution.min_reader import Change, min_readers
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.redefault import redefault
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.widen_enum import widen_enum
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import ABSENT, FACTORY, EnumType, ListType, MapType, NullableType, ObjectType, Shape

OPEN, CLOSED = EnumType(("s", "m"), open=True), EnumType(("s", "m"))
BARE = shape()
HAS, HAS_DEFAULT = shape(x=NUMBER), shape(x=(NUMBER, 0))
COMPUTED, MAYBE = shape(x=(NUMBER, FACTORY)), shape(x=(NUMBER, ABSENT))
REMOVE = remove("x", was=NUMBER, fill=0)
PURGE = remove("x", was=NullableType(NUMBER), purge=True)
WIDEN = widen_enum("x", "m")
CASES: list[tuple[Step, list[Shape], bool]] = [
    (add("x"), [BARE], True),
    (rename("y", "x"), [HAS], False),
    (retype("x", was=TEXT, up=int, down=str), [HAS], False),
    (redefault("x", was=1), [HAS_DEFAULT], False),
    (replace(was=BARE, up=dict, down=dict), [HAS], False),
    (REMOVE, [HAS_DEFAULT, COMPUTED, MAYBE], True),
    (REMOVE, [HAS], False),
    (REMOVE, [HAS_DEFAULT, HAS], False),
    (REMOVE, [BARE, HAS_DEFAULT], True),  # who never knew it, copes without it
    (PURGE, [HAS_DEFAULT], False),
    (WIDEN, [shape(x=OPEN), shape(x=OPEN)], True),
    (WIDEN, [shape(x=CLOSED)], False),
    (WIDEN, [shape(x=CLOSED), shape(x=OPEN)], False),
    (WIDEN, [BARE, shape(x=OPEN)], True),  # who does not know it, keeps it as it came
    (WIDEN, [shape(x=NullableType(ListType(OPEN)))], True),
    (WIDEN, [shape(x=NUMBER)], False),
]


@pytest.mark.parametrize(("step", "span", "keeps"), CASES)
def test_what_each_step_keeps(step: Step, span: list[Shape], keeps: bool) -> None:
    assert step.keeps_min_reader(span) is keeps
    nested = [shape(lines=ListType(ObjectType(each))) for each in span]
    assert within("lines", step).keeps_min_reader(nested) is keeps
    assert within("lines", add("note"), step).keeps_min_reader([BARE, *nested]) is keeps


def test_readers_that_do_not_have_the_place_keep_the_whole_of_it() -> None:
    assert within("lines", rename("y", "x")).keeps_min_reader([BARE, HAS])


def changed(number: int, *steps: Step, form: tuple[str, ...] = (), shape: Shape = BARE, retains: bool = True) -> Change:
    return Change(number, steps, form, shape, retains)


def test_a_version_keeps_the_min_reader_of_the_one_before_or_is_its_own() -> None:
    step = rename("y", "x")
    changes = [
        changed(1),
        changed(2, add("a")),
        changed(3, add("b"), step),
        changed(4, add("c")),
        changed(5, form=("codec", "checksum")),
        changed(6, add("d"), retains=False),
    ]
    assert min_readers(1, changes) == [
        (1, ()),
        (1, ()),
        (3, ("rename('y', 'x')",)),
        (3, ()),
        (5, ("codec", "checksum")),
        (6, ("a codec that does not retain unknown attributes",)),
    ]


TAGS = shape(lines=ListType(ObjectType(shape(tags=ListType(TEXT)))), tags=MapType(TEXT))


@pytest.mark.parametrize(
    ("step", "raises"),
    [
        (add("tags", fill={"a": "b"}), True),
        (add("tags", fill=lambda older: {}), True),
        (within("lines", add("tags", fill=["a"])), True),
        (add("tags", fill=None), True),
        (add("tags", fill={}), False),
        (within("lines", add("tags", fill=[])), False),
        (within("lines", add("note")), False),
    ],
)
def test_what_is_filled_and_cannot_be_seen_to_be_absent_needs_readers_that_fill(step: Step, raises: bool) -> None:
    implied = frozenset({("tags",), ("lines",), ("lines", "tags")})
    number, why = min_readers(1, [changed(1), replaced(changed(2, step, shape=TAGS), implied=implied)])[-1]
    assert (number, any("does not tell an empty value" in each for each in why)) == (
        (2, True) if raises else (1, False)
    )
    assert min_readers(1, [changed(1), changed(2, step, shape=TAGS)])[-1] == (1, ())


def test_all_readers_from_min_reader_on_are_asked() -> None:
    # Version 1 requires what version 2 gives a default; both read the records of version 2, so both are asked.
    assert min_readers(1, [changed(1, shape=HAS), changed(2, shape=HAS_DEFAULT), changed(3, REMOVE)])[-1][0] == 3
    raised = [changed(1, shape=HAS), changed(2, form=("codec",), shape=HAS_DEFAULT), changed(3, REMOVE)]
    assert min_readers(1, raised)[-1] == (2, ())


def test_the_first_line_keeps_what_it_had_when_it_was_not_the_first() -> None:
    assert min_readers(2, [changed(4, rename("y", "x"), form=("codec",)), changed(5, add("a"))]) == [(2, ()), (2, ())]


@pytest.mark.parametrize("type_", [OPEN, NullableType(OPEN)])
def test_retiring_a_version_that_did_not_know_the_enum_changes_nothing(type_: Any) -> None:
    having = shape(x=(type_, "s"))
    listed = [changed(1), changed(2, add("x"), shape=having), changed(3, WIDEN, shape=having)]
    assert [reader for reader, _ in min_readers(1, listed)] == [1, 1, 1]
    assert [reader for reader, _ in min_readers(1, listed[1:])] == [1, 1]
