"""What is sure becomes a step; what only a person knows is asked, or left open."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from versioned_serde.check.fix.choices import decided, is_expression
from versioned_serde.lock.suggestion import Added, ObjectChange


@dataclass
class Answers:
    """Answers in their order, and what was asked."""

    answers: list[object]
    asked: list[str] = field(default_factory=list)

    def choose(self, question: str, options: list[str]) -> int:
        self.asked.append(" | ".join([question, *options]))
        answer = self.answers.pop(0)
        assert isinstance(answer, int)
        return answer

    def say(self, question: str, safe: str) -> str:
        self.asked.append(f"{question} [{safe}]")
        return str(self.answers.pop(0))


TEXT = Added("str", always_written=True)
NOTE = Added("str | None = null", always_written=False)
RENAMED = ObjectChange("", "Order", {"buyer": TEXT}, {"customer": "str"})


def told(*changes: ObjectChange, ask: Answers | None = None) -> list[tuple[str, str]]:
    return [(each.text, each.comment) for each in decided(changes, ask)]


def test_what_is_sure() -> None:
    change = ObjectChange("", "Order", {"note": NOTE}, {}, {"size": ("int = 1", "int = 2")})
    assert told(change) == [('add("note")', ""), ('redefault("size", was=1)', "")]


def test_what_could_be_a_rename_stays_open() -> None:
    assert told(RENAMED) == [
        (
            "...",
            (
                'serde-check: choose rename("customer", "buyer"), or add("buyer", fill=...) and'
                ' remove("customer", was=str, fill=...)'
            ),
        )
    ]


def test_several_that_could_be_it() -> None:
    change = ObjectChange("", "O", {"a": NOTE, "b": NOTE, "c": TEXT}, {"x": NOTE.line, "y": NOTE.line})
    assert told(change) == [
        ('add("c", fill=...)', "serde-check: say what ... is"),
        ('remove("y", was=str | None)', ""),
        (
            "...",
            (
                'serde-check: choose rename("x", "a"), or rename("x", "b"), or add("a") and add("b") and'
                ' remove("x", was=str | None)'
            ),
        ),
    ]


def test_another_type_may_be_another_name_too() -> None:
    change = ObjectChange("", "O", {"cents": Added("int", always_written=True)}, {"total": "str"})
    [(text, comment)] = told(change)
    assert text == "..."
    assert 'rename("total", "cents") and retype("cents", was=str, up=..., down=...), or' in comment
    change = ObjectChange("", "O", {"size": Added("int = 2", always_written=False)}, {"amount": "int = 1"})
    assert 'choose rename("amount", "size") and redefault("size", was=1), or' in told(change)[0][1]


def test_objects_within() -> None:
    change = ObjectChange("lines", "Line", {"b": TEXT, "n": NOTE}, {"a": "str"})
    assert [text for text, _ in told(change)] == ['within("lines", add("n"))', 'within("lines", ...)']
    arm = ObjectChange("pay[card]", "", {"b": TEXT}, {"a": "str"})
    assert [text for text, _ in told(arm)] == ["within(..., ...)"]
    assert told(ObjectChange("pay[card]", "", {"n": NOTE})) == [
        ('within(..., add("n"))', "serde-check: say what ... is")
    ]


def test_a_person_says_that_it_is_a_rename() -> None:
    ask = Answers([0])
    assert told(RENAMED, ask=ask) == [('rename("customer", "buyer")', "")]
    assert ask.asked == [
        (
            '`customer` is gone. Is it `buyer` now? | rename("customer", "buyer")'
            ' | add("buyer", fill=...), remove("customer", was=str, fill=...)'
        )
    ]


def test_a_person_says_that_it_is_none() -> None:
    ask = Answers([1, "'?'", "..."])
    assert told(RENAMED, ask=ask) == [
        ("add(\"buyer\", fill='?')", ""),
        ('remove("customer", was=str, fill=...)', "serde-check: say what ... is"),
    ]
    assert ask.asked[1:] == [
        'add("buyer"): what is `fill`, a value, or a function of the object\'s other attributes? [...]',
        'remove("customer"): what is `fill`, a value, or a function of the object\'s other attributes? [...]',
    ]


def test_a_name_is_given_once() -> None:
    change = ObjectChange("", "O", {"a": NOTE, "b": NOTE}, {"x": NOTE.line, "y": NOTE.line})
    ask = Answers([1, 0])
    assert told(change, ask=ask) == [('rename("x", "b")', ""), ('rename("y", "a")', "")]
    assert "Is it `a` now?" in ask.asked[1]


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("list[str] = computed", "[]"),
        ("dict[str, int] = computed", "{}"),
        ("list[str]", "..."),
        ("str = computed", "..."),
    ],
)
def test_a_new_list_is_empty_unless_somebody_knows_better(line: str, safe: str) -> None:
    ask = Answers(["[1]"])
    change = ObjectChange("lines", "Line", {"tags": Added(line, always_written=True)})
    assert told(change, ask=ask) == [('within("lines", add("tags", fill=[1]))', "")]
    assert ask.asked[0].startswith('add("tags"): what is `fill`')
    assert ask.asked[0].endswith(f"[{safe}]")


def test_several_answers_in_one_step() -> None:
    ask = Answers(["lambda each: ...", "int"])
    change = ObjectChange("", "O", {}, {}, {"n": ("int", "str")})
    # The last one first, so that an answer with `...` in it is not asked for.
    assert told(change, ask=ask) == [('retype("n", was=int, up=int, down=lambda each: ...)', "")]


def test_expressions() -> None:
    assert is_expression("lambda order: order['a']")
    assert not is_expression("a = 1")
    assert not is_expression("")
    assert not is_expression("\0")
