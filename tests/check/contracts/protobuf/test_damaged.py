"""Descriptor sets that are damaged, or that nobody's compiler wrote: an error that says so, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.check.contracts.protobuf.drawing import Drawing
from tests.check.contracts.protobuf.rendering import rendered
from tests.check.contracts.protobuf.side_by_side import set_of_protoc, write
from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.protobuf.contract import compare


@cache
def sets() -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder:
        drawing = Drawing(19, "case_19")
        before = drawing.tree()
        sides = Path(folder, "old"), Path(folder, "new")
        write(sides[0], rendered(before))
        write(sides[1], rendered(drawing.changed(before)))
        old, new = (set_of_protoc(side).read_bytes() for side in sides)
        return old, new


@given(st.data())
def test_a_damaged_set_is_compared_or_refused(data: st.DataObject) -> None:
    old, new = sets()
    damaged = bytearray(new)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        match data.draw(st.sampled_from(("set", "cut", "drop", "repeat"))):
            case "set":
                damaged[at] = data.draw(st.integers(0, 255))
            case "cut":
                del damaged[at + 1 :]
            case "drop":
                del damaged[at : at + data.draw(st.integers(1, 9))]
            case _:
                damaged[at:at] = damaged[at : at + data.draw(st.integers(1, 9))]
        damaged = damaged or bytearray(b"\x0a")
    with TemporaryDirectory() as folder:
        sides = Path(folder, "old.binpb"), Path(folder, "new.binpb")
        sides[0].write_bytes(old)
        sides[1].write_bytes(bytes(damaged))
        for pair in (sides, sides[::-1]):
            try:
                compare(*pair, ())
            except ContractError as error:
                assert "is not a descriptor set" in str(error)  # noqa: PT017 - most damage is none to a comparison
