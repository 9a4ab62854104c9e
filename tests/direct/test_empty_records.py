"""A message of no bytes: nowhere a bare record, since nobody reads an empty one; elsewhere a record like any other."""

from __future__ import annotations

import pytest

from tests.protos.build import classes
from versioned_serde import Schema, UnwritableValueError, Version

NOTE = classes("message Note\noptional string text = 1")["Note"]


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("verb", ["dumps", "pack"])
def test_a_bare_record_is_never_empty(verb: str, trusted: bool) -> None:
    notes = Schema("note", NOTE, Version(1, codec="protobuf", framing="bare"), trusted=trusted)
    with pytest.raises(UnwritableValueError, match="would be empty") as failure:
        getattr(notes, verb)(NOTE())
    assert (failure.value.schema, failure.value.version) == ("note", 1)
    assert notes.loads(notes.dumps(NOTE(text=""))) == NOTE(text="")


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize(
    "form", [{"framing": "envelope"}, {"framing": "headers"}, {"framing": "bare", "coding": "gzip"}]
)
def test_other_records_hold_a_message_of_no_bytes(form: dict[str, str], trusted: bool) -> None:
    version = Version(1, codec="protobuf", **form)  # type: ignore[arg-type]
    notes = Schema("note", NOTE, version, trusted=trusted)
    assert notes.unpack(*notes.pack(NOTE())) == NOTE()
