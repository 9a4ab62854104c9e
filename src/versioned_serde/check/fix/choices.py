"""Changes -> steps. What nobody but a person knows is asked, or left open as `...`, which every declaration refuses."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from versioned_serde.check.fix.source import Entry
from versioned_serde.lock.suggestion import ObjectChange, in_one_version, steps

_OPEN = re.compile(r"(\w+)=\.\.\.")
_MEANING = {
    "fill": "a value, or a function of the object's other attributes",
    "up": "a function: older value -> newer value",
    "down": "a function: newer value -> older value",
    "was": "what it was before",
    "default": "the default that it had",
}


class Ask(Protocol):
    """Who decides."""

    def choose(self, question: str, options: list[str]) -> int:
        """The index of the option that is meant; the first one is the safe one."""
        ...

    def say(self, question: str, safe: str) -> str:
        """What `...` stands for, as Python; `...` if that is to stay open.

        Args:
            question: what is asked.
            safe: what is right unless somebody knows better; `...` if nothing is.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Undecided:
    """An attribute that is gone, and the new ones that it may have become."""

    change: ObjectChange
    old: str
    news: tuple[str, ...]


def decided(changes: Iterable[ObjectChange], ask: Ask | None) -> list[Entry]:
    """The steps of a new version line, in their order.

    Args:
        changes: what changed, object by object.
        ask: who decides; without one, what is not sure stays open.
    """
    sure: list[ObjectChange] = []
    undecided: list[_Undecided] = []
    renamed: dict[tuple[str, str], str] = {}
    for change in changes:
        for each in _choices(change):
            news = tuple(new for new in each.news if new not in _taken(change, renamed, undecided))
            if not news:
                continue
            if ask is None:
                undecided.append(replace(each, news=news))
            elif (chosen := _chosen(replace(each, news=news), ask)) is not None:
                renamed[change.path, each.old] = chosen
        sure.append(change)
    left = [_without(change, [each for each in undecided if each.change is change]) for change in sure]
    found = [_entry(step, sure, ask) for step in steps([each for each in left if _holds(each)], renamed)]
    found += [_open(each.change.path, _ways(each)) for each in undecided]
    return found + [
        _open(change.path, f"`{name}`: the type now, with the default that it had; the default in a later version")
        for change in sure
        for name, texts in change.changed.items()
        if not in_one_version(*texts)
    ]


def _choices(change: ObjectChange) -> Iterator[_Undecided]:
    for old in change.removed:
        news = change.could_be(old)
        if not news and len(change.added) == len(change.removed) == 1:
            # Under another name and with another type.
            news = [new for new, each in change.added.items() if in_one_version(change.removed[old], each.line)]
        if news:
            yield _Undecided(change, old, tuple(news))


def _taken(change: ObjectChange, renamed: dict[tuple[str, str], str], undecided: list[_Undecided]) -> set[str]:
    taken = {new for (path, _), new in renamed.items() if path == change.path}
    return taken.union(*(each.news for each in undecided if each.change is change))


def _chosen(each: _Undecided, ask: Ask) -> str | None:
    options = [", ".join(_renaming(each, new)) for new in each.news]
    where = f" in `{each.change.path}`" if each.change.path else ""
    question = f"`{each.old}`{where} is gone. Is it {', or '.join(f'`{new}`' for new in each.news)} now?"
    index = ask.choose(question, [*options, ", ".join(_both(each))])
    return each.news[index] if index < len(each.news) else None


def _renaming(each: _Undecided, new: str) -> list[str]:
    """The steps if it got another name."""
    alone = replace(_only(each), path="")
    return steps([replace(alone, added={new: each.change.added[new]})], {("", each.old): new})


def _both(each: _Undecided) -> list[str]:
    """The steps if they are different attributes."""
    return steps([replace(_only(each), path="")])


def _only(each: _Undecided) -> ObjectChange:
    change = each.change
    added = {new: change.added[new] for new in each.news}
    return replace(change, added=added, removed={each.old: change.removed[each.old]}, changed={})


def _without(change: ObjectChange, undecided: list[_Undecided]) -> ObjectChange:
    news = {new for each in undecided for new in each.news}
    olds = {each.old for each in undecided}
    return replace(
        change,
        added={name: each for name, each in change.added.items() if name not in news},
        removed={name: each for name, each in change.removed.items() if name not in olds},
        changed={name: texts for name, texts in change.changed.items() if in_one_version(*texts)},
    )


def _holds(change: ObjectChange) -> bool:
    return bool(change.added or change.removed or change.changed)


def _ways(each: _Undecided) -> str:
    """The ways to go on."""
    ways = [" and ".join(_renaming(each, new)) for new in each.news]
    return f"choose {', or '.join([*ways, ' and '.join(_both(each))])}"


def _open(path: str, comment: str) -> Entry:
    """`...` in the place of steps of the objects at a path."""
    place = "..." if "[" in path else json.dumps(path, ensure_ascii=False)
    return Entry(f"within({place}, ...)" if path else "...", f"serde-check: {comment}")


def _entry(step: str, changes: list[ObjectChange], ask: Ask | None) -> Entry:
    if ask is not None:
        for place in list(_OPEN.finditer(step))[::-1]:
            about = _about(step, place.start())
            question = f"{about}: what is `{place[1]}`, {_MEANING[place[1]]}?"
            answer = ask.say(question, _safe(about, place[1], changes))
            step = step[: place.start()] + f"{place[1]}={answer}" + step[place.end() :]
    return Entry(step, "serde-check: say what ... is" if _is_open(step) else "")


def _is_open(step: str) -> bool:
    """Whether a step is given `...` somewhere; in a function's body it may stand."""
    calls = [each for each in ast.walk(ast.parse(step, mode="eval")) if isinstance(each, ast.Call)]
    given = [value for call in calls for value in (*call.args, *(each.value for each in call.keywords))]
    return any(isinstance(value, ast.Constant) and value.value is ... for value in given)


def _about(step: str, place: int) -> str:
    """The innermost step that a place is in, as far as its first argument."""
    found = [each for each in re.finditer(r"\w+\((?:\"(?:[^\"\\]|\\.)*\"|[\w.]+)", step) if each.start() < place]
    return f"{found[-1][0]})"


def _safe(about: str, name: str, changes: list[ObjectChange]) -> str:
    """What is right for records from before unless somebody knows better: no elements in a new list or map."""
    if name == "fill":
        for change in changes:
            for new, each in change.added.items():
                if about == f"add({json.dumps(new, ensure_ascii=False)})" and each.line.endswith(" = computed"):
                    return {"list": "[]", "dict": "{}"}.get(each.line.partition("[")[0], "...")
    return "..."


def is_expression(text: str) -> bool:
    """Whether a text is one expression of Python."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True
