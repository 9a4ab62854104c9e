"""Puts a law to the test in every cell of the matrix: each made-up history is tried in all forms of its codec."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import ceil
from random import Random
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import settings

from tests.laws.cases import TRIED, TRIED_IN
from tests.laws.cells import Cell, meaningful
from tests.laws.promises import wanted
from versioned_serde.errors import UnwritableValueError
from versioned_serde.protocols import Codec
from versioned_serde.testing.carried import CODECS
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import History, Nested
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import drawn_history

VALUES = 4
"""How many values are tried with one history in one cell."""
MOST = 40
"""How many times as many histories are drawn as would do if each value came to a case."""

in_every_cell = pytest.mark.parametrize(("kind", "codec"), list(product(KINDS, CODECS)))


class Trial:
    """One history in one cell.

    Attributes:
        random: the source.
        cell: the cell.
        history: all versions have the cell's form, but those after a bare one.
    """

    def __init__(self, random: Random, cell: Cell, history: History, made: dict[tuple[int, bool], Release]) -> None:
        self.random = random
        self.cell = cell
        self.history = history
        self._made = made

    @property
    def root(self) -> Nested:
        """The type of the values."""
        return Nested(self.history.root)

    def release(self, newest: int, writes: int | None = None, *, frozen: bool = False) -> Release:
        """A release of the history; its classes are those of the other forms."""
        like = self._made.get((newest, frozen))
        release = Release(self.history, newest, writes or newest, self.cell.kind, frozen, like=like)
        self._made.setdefault((newest, frozen), release)
        return release

    def value(self, release: Release) -> Any:
        """An instance of a release's model."""
        return release.memory(self.root, values(self.random, self.history.root, release.newest, self.history.keyed))


Law = Callable[[Trial], int]
"""Puts one history in one cell to the test; returns the number of cases, or raises `AssertionError`."""


def try_in_cells(
    law: str, kind: str, codec: str | Codec, test: Law, *, versions: tuple[int, ...], additive: bool | None = None
) -> None:
    """Tries a law in every meaningful cell of a kind and a codec, until each has enough cases.

    Args:
        law: its name.
        kind: of the models.
        codec: of the payloads.
        test: the law.
        versions: how many versions a history may have.
        additive: as for `strategies.histories`.
    """
    enough = wanted(law)
    profile = settings.default
    assert profile is not None
    start = "" if profile.derandomize else token_hex(4)
    bare = [cell for cell in meaningful(law, kind, codec) if cell.framing == "bare"]
    others = [cell for cell in meaningful(law, kind, codec) if cell.framing != "bare"]
    for members in filter(None, (bare, others)):
        for number in range(MOST * ceil(enough / VALUES)):
            waiting = [cell for cell in members if TRIED_IN[law, str(cell)] < enough]
            if not waiting:
                break
            seed = f"{start} {law} {kind} {number}"
            random = Random(seed)
            form = replace(waiting[0].form, coding="none")
            history = drawn_history(
                random, kind, newest=random.choice(versions), additive=additive, codecs=(codec,), form=form
            )
            made: dict[tuple[int, bool], Release] = {}
            for cell in waiting:
                trial = Trial(random, cell, _in_form(history, cell), made)
                try:
                    count = test(trial)
                    TRIED[law] += count
                    TRIED_IN[law, str(cell)] += count
                except Exception as error:
                    if isinstance(error, UnwritableValueError) and "would be empty" in error.problem:
                        continue  # a message may be no bytes at all, which no bare record can be
                    error.add_note(f"{law} in the cell {cell}, of the seed {seed!r}: {trial.history}")
                    raise
        else:
            raise AssertionError(f"{law} was put to the test too seldom in {members[0]} and its like")


def _in_form(history: History, cell: Cell) -> History:
    """The history with the coding, framing and checksum of a cell in the place of those of the cell before."""
    first = history.forms[0].framing
    forms = [cell.form if form.framing == first else replace(cell.form, framing=form.framing) for form in history.forms]
    return replace(history, forms=forms)
