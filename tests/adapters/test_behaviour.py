"""What models do beyond their shapes, as texts that only a change of it changes."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import annotated_types
import pytest
from pydantic import AfterValidator, AwareDatetime, Field, PositiveInt, StringConstraints

from versioned_serde.adapters.behaviour import annotation_facts, body, factory_facts


def trimmed(value: str) -> str:
    """Without blanks."""
    result: str = value.strip()
    return result


class Other:
    @staticmethod
    @functools.lru_cache
    def trimmed(value):  # type: ignore[no-untyped-def]
        # The same, without a docstring, annotations and line breaks.
        result = value.strip()
        return result  # noqa: RET504

    def lowered(self, value: str) -> str:
        result = value.lower()
        return result  # noqa: RET504


def test_a_body_is_what_a_function_does() -> None:
    assert body(trimmed) == body(Other.trimmed) == "9c36e0ea"
    assert body(trimmed) != body(Other().lowered)
    assert len(body(Other().lowered)) == 8
    assert body(functools.partial(trimmed)) == body(trimmed)


def test_two_functions_of_one_line_are_told_apart() -> None:
    one, other = lambda value: value + 1, lambda value: value + 2
    assert body(one) != body(other)
    assert body(one) == body(lambda value: value + 1)
    outer: Callable[[], Callable[[], int]] = lambda: lambda: 3  # noqa: E731
    assert body(outer()) == body(lambda: 3)
    assert body(outer) != body(outer())


def test_defaults_of_arguments_count() -> None:
    assert body(lambda value, by=1: value + by) != body(lambda value, by=2: value + by)


def test_what_is_not_python_has_its_name() -> None:
    assert body(len) == "len"
    assert body(str.strip) == "str.strip"
    assert body(Other) == "..."
    assert body(eval("lambda: 1")) == "..."  # noqa: S307


def test_an_empty_container_is_no_fact() -> None:
    assert [*factory_facts(list), *factory_facts(tuple)] == []
    assert [*factory_facts(int)] == ["factory int"]


Checked = Annotated[str, AfterValidator(trimmed)]


@pytest.mark.parametrize(
    ("annotation", "facts"),
    [
        (int, []),
        (Annotated[int, "a note"], []),
        (Annotated[int, annotated_types.Ge(0), annotated_types.Le(9)], ["ge=0", "le=9"]),
        (Annotated[int, annotated_types.Interval(ge=0, lt=9)], ["ge=0", "lt=9"]),
        (PositiveInt, ["gt=0"]),
        (PositiveInt | None, ["gt=0"]),
        (list[PositiveInt], ["each gt=0"]),
        (dict[str, list[PositiveInt]], ["each each gt=0"]),
        (Annotated[str, Field(max_length=3, pattern="a+")], ["max_length=3", "pattern='a+'"]),
        (
            Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)],
            ["strip_whitespace=True", "to_lower=True"],
        ),
        (Annotated[str, StringConstraints(pattern=re.compile("a+"))], ["pattern='a+'"]),
        (Annotated[int, Field(strict=True)], ["strict=True"]),
        (Checked, [f"check {body(trimmed)}"]),
        (AwareDatetime, ["AwareDatetime"]),
    ],
)
def test_annotations_say_what_is_refused(annotation: Any, facts: list[str]) -> None:
    assert sorted({*annotation_facts(annotation)}) == facts


def test_a_digest_is_the_same_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(
        "import decimal\n\n\nclass Moved:\n    def other(value):\n"
        "        'Another text.'\n        result: decimal.Decimal = value.strip()\n        return result\n"
    )
    code = "import elsewhere; from versioned_serde.adapters.behaviour import body; print(body(elsewhere.Moved.other))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == body(trimmed)


def both(first: Callable[..., Any], second: Callable[..., Any]) -> bool:
    return body(first) == body(second)


def test_what_does_nothing_does_not_count() -> None:
    def one(values: list[int]) -> list[int]:
        """One."""
        total: int
        total = 0
        return [each for each in values if each > total]

    def other(values):  # type: ignore[no-untyped-def]
        total = 0

        return [each for each in values if each > total]

    def another(values: list[int]) -> list[int]:
        total = 0
        return [each for each in values if each >= total]

    assert both(one, other)
    assert not both(one, another)
