"""The matrix holds all plug-ins, its page is what the command makes of it, and its tests can fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.laws import trials
from tests.laws.cells import LAWS, Cell, cells, every_cell, why_not
from tests.laws.matrix import PAGE, page
from tests.laws.promises import OF_A_CELL, OF_A_LAW, cells_of, too_few
from tests.laws.trials import try_in_cells
from versioned_serde.testing.carried import CODECS, CODINGS, MODELS, PROBES, carried, needed
from versioned_serde.testing.releases import KINDS


def test_the_page_is_what_the_command_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make matrix`"


def test_every_plug_in_is_in_the_matrix() -> None:
    assert {classes.kind for classes in KINDS.values()} == set(MODELS)
    there = set(every_cell())
    assert {cell.codec for cell in there} == set(CODECS)
    assert {cell.coding for cell in there} == set(CODINGS)
    assert len({str(cell) for cell in there}) == len(there)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_and_a_codec_have_cells_for_every_law(kind: str) -> None:
    """In the envelope without a coding nothing but the codec can be a reason."""
    for law in LAWS:
        cell = Cell(kind, "json", "none", "envelope", checksum=True)
        assert why_not(law, cell) is None
        assert why_not(law, replace(cell, framing="bare")) == "The framing `bare` has no place for a checksum."


@pytest.mark.parametrize(("name", "type_"), PROBES.items())
def test_what_a_probe_needs_is_itself(name: str, type_: object) -> None:
    """Otherwise a refusal of one type would keep another one from being drawn."""
    assert name in needed(type_)
    assert needed(type_) <= carried("pydantic", ["json"])


@pytest.mark.parametrize("law", LAWS)
def test_a_law_that_fails_in_one_cell_fails(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Random(law).choice([cell for cell in cells("dataclass", "json") if why_not(law, cell) is None])

    def test(trial: trials.Trial) -> int:
        assert trial.cell != broken
        return trials.VALUES

    monkeypatch.setattr(trials, "TRIED", Counter())
    monkeypatch.setattr(trials, "TRIED_IN", Counter())
    with pytest.raises(AssertionError) as failure:
        try_in_cells(law, "dataclass", "json", test, versions=(2,))
    assert str(broken) in failure.value.__notes__[0]


def test_a_thorough_run_counts_each_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    full = {("L1", cell): OF_A_CELL for cell in cells_of("L1")}
    monkeypatch.setattr("tests.laws.promises.thorough", lambda: False)
    assert too_few({"L1": 1}, full) == []  # the other profiles promise nothing
    monkeypatch.setattr("tests.laws.promises.thorough", lambda: True)
    assert too_few({"L1": OF_A_LAW}, full) == []
    poor = next(iter(full))
    told = f"fewer than 200 cases of L1 in the cell {poor[1]}"
    assert too_few({"L1": OF_A_LAW}, {**full, poor: OF_A_CELL - 1}) == [told]
    assert too_few({"L1": OF_A_LAW}, {each: number for each, number in full.items() if each != poor}) == [told]
    assert too_few({"L1": OF_A_LAW - 1}, full) == ["fewer than 100,000 cases of L1"]
    assert too_few({"edits by mixed fleets": 999}, {}) == ["fewer than 1,000 cases of edits by mixed fleets"]
