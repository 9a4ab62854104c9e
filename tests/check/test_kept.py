"""What hosts keep in records beside what a version declares: what is told of it, and what real readers say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from versioned_serde import (
    Schema,
    SerdeError,
    Shape,
    Version,
    add,
    rename,
    retype,
    widen_enum,
    within,
)
from versioned_serde.check.kept import clash
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.evolution.steps.step import Step
from versioned_serde.shape import ABSENT, Attribute, EnumType, ObjectType, Scalar, Type

INT, STR = Scalar("int"), Scalar("str")
OPEN, OTHER, WIDE = (EnumType(members, open=True) for members in (("r", "g"), ("r", "b"), ("r", "g", "b")))
VALUES: dict[Type, tuple[Any, Any]] = {INT: (9, 8), STR: ("9", "8"), **dict.fromkeys((OPEN, OTHER, WIDE), ("g", "r"))}
"""Of each type, what is written and what an editor makes of it; of two types, one is the other converted."""
AS_TEXT = retype("c", was=int, up=str, down=int)


def prepared(type_: Type, *steps: Step, names: tuple[str, str] = ("a", "c")) -> Schema[Any]:
    """Lists a version 2 in which the second attribute is of a type, and writes version 1."""
    shape = Shape("Made", (Attribute(names[0], INT), Attribute(names[1], type_)))
    return Schema("made", shape, Version(1, codec="json", framing="envelope"), Version(2, *steps), writes=1)


def locked(schema: Schema[Any]) -> SchemaLock:
    return Release.of_declared("v", [schema]).schemas[schema.name]


def value(schema: Schema[Any], which: int) -> dict[str, Any]:
    return {each.name: VALUES[each.type][which] for each in schema.lines[-1].shape.attributes}


def get_on(one: Schema[Any], other: Schema[Any]) -> bool:
    """Whether each reads what the other wrote, as what it was, and edits it so that both read that."""
    try:
        for writer, editor in ((one, other), (other, one)):
            document = editor.read(writer.dumps(value(writer, 0)))
            assert document.version == 1
            read = document.value
            document.set(value(editor, 1))
            edited = editor.write(document)
            if read != value(editor, 0) or any(each.loads(edited) != value(each, 1) for each in (one, other)):
                return False
    except SerdeError:
        return False
    return True


ADDED = prepared(INT, add("c", fill=0))
CONVERTED = prepared(STR, add("c", fill=0), AS_TEXT)
CASES = [
    ("the same", ADDED, prepared(INT, add("c", fill=1)), True),
    ("another type", ADDED, prepared(STR, add("c", fill="")), False),
    ("added as the other one, then converted", ADDED, CONVERTED, True),
    ("added as another one, then converted", prepared(STR, add("c", fill="")), CONVERTED, False),
    ("open enums", prepared(OPEN, add("c", fill="r")), prepared(OTHER, add("c", fill="r")), True),
    ("one wider", prepared(OPEN, add("c", fill="r")), prepared(WIDE, add("c", fill="r"), widen_enum("c", "b")), True),
    ("made of another", ADDED, prepared(INT, rename("a", "c"), add("b", fill=9), names=("b", "c")), False),
    ("under another name", ADDED, prepared(INT, add("c", fill=0), rename("c", "d"), names=("a", "d")), True),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_what_is_told_is_what_real_readers_and_writers_do(one: Schema[Any], other: Schema[Any], expected: bool) -> None:
    assert get_on(one, other) is expected
    assert clash(locked(one), locked(other), [1]) is not expected
    assert clash(locked(other), locked(one), [1]) is not expected


def test_of_versions_that_nobody_meets_nothing_is_kept() -> None:
    one, other = (locked(prepared(type_, add("c", fill=fill))) for type_, fill in ((INT, 0), (STR, "")))
    assert not clash(one, other, [])
    assert not clash(one, other, [2, 7])
    assert clash(one, other, [1, 7])
    assert not clash(one, replace(other, listed=(2,)), [1])


def test_records_without_a_tag_hold_nothing_undeclared() -> None:
    shapes = (Shape("Made", (Attribute("a", INT), Attribute("c", type_, ABSENT))) for type_ in (INT, STR))
    lines = Version(1, codec="json", framing="bare"), Version(2, add("c"), framing="envelope")
    one, other = (locked(Schema("made", shape, *lines, writes=1)) for shape in shapes)
    assert not clash(one, other, [1])


def test_what_is_added_within_an_object() -> None:
    def holding(type_: Type, fill: Any) -> SchemaLock:
        inner = Shape("Inner", (Attribute("x", INT), Attribute("c", type_)))
        lines = Version(1, codec="json", framing="envelope"), Version(2, within("a", add("c", fill=fill)))
        return locked(Schema("made", Shape("Made", (Attribute("a", ObjectType(inner)),)), *lines, writes=1))

    assert clash(holding(INT, 0), holding(STR, ""), [1])
    assert not clash(holding(INT, 0), holding(INT, 1), [1])
