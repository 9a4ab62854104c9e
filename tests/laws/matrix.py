"""Writes the page that says which law holds where, and why not.

    python -m tests.laws.matrix

Everything on it is found out by declaring: see `cells` and `versioned_serde.testing.carried`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from tests.laws.cells import LAWS, Cell, cells, why_not
from tests.laws.promises import OF_A_CELL, OF_A_LAW
from versioned_serde.shape import ABSENT, REQUIRED, Constant
from versioned_serde.testing.carried import CODECS, CODINGS, PROBES, refusals
from versioned_serde.testing.histories import Field
from versioned_serde.testing.releases import KINDS

T = TypeVar("T", bound=Hashable)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "matrix.md"
_INTRODUCTION = f"""\
# What works with what

Which laws hold for which kind of model, codec, coding and framing, and which types each of them carries. `make matrix`
writes this page by declaring a schema for every combination, so the reasons are those that a declaration gives.
`make test-thorough` puts each law to the test in at least {OF_A_CELL} cases in each of these combinations, and in at
least {OF_A_LAW:,} cases in all.
"""


class _Notes:
    """Reasons, numbered in the order in which they come up."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, reason: str) -> str:
        reason = re.sub(r"`made\d+\.", "`", reason)
        return f"({self._numbers.setdefault(reason, len(self._numbers) + 1)})"

    def lines(self) -> Iterator[str]:
        """The list of the reasons."""
        yield ""
        for reason, number in self._numbers.items():
            yield f"- ({number}) {reason}"


def page() -> str:
    """The whole page."""
    lines = [_INTRODUCTION]
    lines += _table(("law", "what it says"), LAWS.items())
    lines += ["", "## Codecs, codings and framings", ""]
    lines += list(_combinations())
    lines += ["", "## Types and codecs", "", "For every kind of model that has the type.", ""]
    lines += list(_types())
    lines += ["", "## Types and kinds of models", "", "Whether a class of the kind can have such an attribute.", ""]
    lines += _table(("type", *KINDS), ((name, *(_yes(_has(kind, name)) for kind in KINDS)) for name in PROBES))
    lines += [
        "",
        "`TypedDict` and `Shape` are the two ways to declare plain mappings. Messages have optional fields instead of",
        "nulls.",
    ]
    return "\n".join(lines) + "\n"


def _combinations() -> Iterator[str]:
    notes = _Notes()

    def told(cell: Cell) -> str:
        reasons = {law: why_not(law, cell) for law in LAWS}
        holds = [law for law, reason in reasons.items() if reason is None]
        why = "".join(notes(reason) for reason in dict.fromkeys(reasons.values()) if reason is not None)
        return " ".join(filter(None, ("all" if len(holds) == len(LAWS) else " ".join(holds) or "none", why)))

    def of(kind: str) -> tuple[tuple[str, ...], ...]:
        in_codecs = [{(cell.framed, cell.coding): told(cell) for cell in cells(kind, codec)} for codec in CODECS]
        framings = dict.fromkeys(framed for framed, _ in in_codecs[0])
        rows: list[tuple[str, ...]] = []
        for framed in framings:

            def row(coding: str, framed: str = framed) -> tuple[str, ...]:
                return tuple(found[framed, coding] for found in in_codecs)

            for told_here, codings in _alike(CODINGS, row):
                rows.append((framed, "any" if len(codings) == len(CODINGS) else ", ".join(codings), *told_here))
        return tuple(rows)

    for table, kinds in _alike(KINDS, of):
        yield f"For models of the kinds {', '.join(kinds)}:"
        yield ""
        yield from _table(("framing", "coding", *CODECS), table)
        yield ""
    yield from list(notes.lines())[1:]


def _types() -> Iterator[str]:
    notes = _Notes()

    def told(name: str, codec: str) -> str:
        having = [kind for kind in KINDS if _has(kind, name)]
        refused = {kind: reason for kind in having if (reason := refusals(kind, codec).get(name)) is not None}
        why = "".join(notes(reason) for reason in dict.fromkeys(refused.values()))
        if len(refused) in (0, len(having)):
            return f"no {why}" if refused else "yes"
        return f"not in {', '.join(refused)} {why}"

    yield from _table(("type", *CODECS), [(name, *(told(name, codec) for codec in CODECS)) for name in PROBES])
    yield from notes.lines()


def _has(kind: str, name: str) -> bool:
    """Whether models of a kind can have an attribute of a type, with any default."""
    says = KINDS[kind]().says
    return any(says(Field("a", PROBES[name], default)) for default in (REQUIRED, ABSENT, Constant([]), Constant({})))


def _yes(found: bool) -> str:
    return "yes" if found else "no"


def _alike(names: Iterable[str], of: Callable[[str], T]) -> list[tuple[T, list[str]]]:
    """Names by what is told of them, in order."""
    groups: dict[T, list[str]] = {}
    for name in names:
        groups.setdefault(of(name), []).append(name)
    return list(groups.items())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(row)} |" for row in lines]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
