"""Views in the lock: what is frozen of them, their owner's lock says."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass
from pathlib import Path
from typing import Any

import pytest

from versioned_serde import LockError, Schema, Version, check_lock, write_lock


@dataclass
class Charge:
    total: int


def view(model: Any = Charge, *lines: Version, **named: Any) -> Schema[Any]:
    lines = lines or (Version(4, codec="json", framing="envelope", min_reader=2),)
    return Schema("billing.charge", model, *lines, **{"view": True, **named})


def test_a_view_says_so(tmp_path: Path) -> None:
    [file] = write_lock([view()], tmp_path)
    content = json.loads(file.read_text())
    assert (content["view"], content["listed"], content["versions"]["4"]["min_reader"]) == (True, [4], 2)
    assert check_lock([view()], tmp_path) == []


def test_another_part_is_no_change_of_a_version(tmp_path: Path) -> None:
    write_lock([view()], tmp_path)
    more = view(make_dataclass("Charge", [("total", int), ("due", str)]))
    [difference] = check_lock([more], tmp_path)
    assert (difference.rule, difference.refreshed) == ("stale", True)
    write_lock([more], tmp_path)
    assert check_lock([more], tmp_path) == []
    newer = view(Charge, Version(5, codec="json", framing="envelope"))
    [file] = write_lock([newer], tmp_path)
    assert list(json.loads(file.read_text())["versions"]) == ["5"]


def test_a_schema_does_not_become_a_view(tmp_path: Path) -> None:
    own = view(view=False)
    write_lock([own], tmp_path)
    with pytest.raises(LockError, match="it was a schema of its own, and is a view"):
        write_lock([view()], tmp_path)
    (tmp_path / "billing.charge.json").unlink()
    write_lock([view()], tmp_path)
    [difference] = check_lock([own], tmp_path)
    assert difference.message == "it was a view, and is a schema of its own."
