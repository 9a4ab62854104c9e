"""How often the laws are put to the test: what the thorough profile promises, and what a run came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from math import ceil

from hypothesis import settings

from tests.laws.cells import every_cell, why_not

QUICK = 2
OF_A_CELL = 200
OF_A_LAW = 100_000
"""Cases that the thorough profile promises, of each law in each cell and in all of them."""
OF_OTHERS = 1_000
"""And of what is more than one law."""


def thorough() -> bool:
    """Whether the run is one that promises something."""
    return settings.get_current_profile_name() == "thorough"


@cache
def cells_of(law: str) -> tuple[str, ...]:
    """The cells in which a law means something, by their text."""
    return tuple(str(cell) for cell in every_cell() if why_not(law, cell) is None)


def wanted(law: str) -> int:
    """Cases of a law that each cell is to have."""
    if not thorough():
        return QUICK
    return max(OF_A_CELL, ceil(OF_A_LAW / len(cells_of(law))))


def counts(laws: Mapping[str, int], in_cells: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """What a run came to."""
    if laws:
        told = ", ".join(f"{law} {number:,}" for law, number in sorted(laws.items()))
        yield f"cases in which a law was put to the test: {told}"
    for law in sorted({law for law, _ in in_cells}):
        there = [number for (other, _), number in in_cells.items() if other == law]
        yield (
            f"  {law} in {len(there)} of {len(cells_of(law))} cells of the matrix: {sum(there):,},"
            f" at least {min(there)} in each"
        )


def too_few(laws: Mapping[str, int], in_cells: Mapping[tuple[str, str], int]) -> list[str]:
    """What the thorough profile promises and a run did not do. What did not run at all was not asked for."""
    if not thorough():
        return []
    in_matrix = {law for law, _ in in_cells}
    ran = {(law, *cell.split(", ")[:2]) for law, cell in in_cells}
    enough = {law: OF_A_LAW if law in in_matrix else OF_OTHERS for law in laws}
    return [
        *(f"fewer than {enough[law]:,} cases of {law}" for law in sorted(laws) if laws[law] < enough[law]),
        *(
            f"fewer than {OF_A_CELL} cases of {law} in the cell {cell}"
            for law in sorted(in_matrix)
            for cell in cells_of(law)
            if (law, *cell.split(", ")[:2]) in ran and in_cells.get((law, cell), 0) < OF_A_CELL
        ),
    ]
