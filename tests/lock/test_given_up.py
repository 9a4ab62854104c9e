"""What drafts gave up when they were locked anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.lock.test_files import HEARTBEAT, VERSIONS, Line, Order, orders, with_more
from versioned_serde import LockError, Schema, Version, add, rename
from versioned_serde.lock.description import described
from versioned_serde.lock.files import check_lock, write_lock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The lock of a release."""
    write_lock([orders(), HEARTBEAT], tmp_path)
    return tmp_path


def drafted(*attribute: Any) -> Schema[Any]:
    """Version 4 has an attribute more; without one, it is compressed."""
    last = Version(4, add(attribute[0])) if attribute else Version(4, coding="gzip")
    return orders(*VERSIONS, last, model=with_more(attribute) if attribute else Order)


def test_a_name_that_a_draft_gave_up(folder: Path) -> None:
    for each in (drafted("hue", str, "red"), drafted()):
        write_lock([each, HEARTBEAT], folder, drafts={"shop.order": 4})
    assert json.loads((folder / "shop.order.json").read_text())["given_up"] == {"hue": ['str = "red"']}
    assert check_lock([drafted(), HEARTBEAT], folder) == []
    again = drafted("hue", int, 0)
    with pytest.raises(LockError, match="`hue` had that name in a draft that was locked anew without it"):
        write_lock([again, HEARTBEAT], folder, drafts={"shop.order": 4})
    # What is added as what it was is what the records hold.
    write_lock([drafted("hue", str, "red"), HEARTBEAT], folder, drafts={"shop.order": 4})
    assert "given_up" not in json.loads((folder / "shop.order.json").read_text())


def test_a_draft_may_change_its_mind_more_than_once(folder: Path) -> None:
    for each in (drafted("hue", str, "red"), drafted("hue", int, 0), drafted("hue", int, 1), drafted("hue", str, "a")):
        write_lock([each, HEARTBEAT], folder, drafts={"shop.order": 4})
        assert check_lock([each, HEARTBEAT], folder) == []
    remembered = json.loads((folder / "shop.order.json").read_text())["given_up"]
    assert remembered == {"hue": ["int = 0", "int = 1", 'str = "red"']}
    more = Version(4, add("hue")), Version(5, coding="gzip")
    write_lock([orders(*VERSIONS, *more, model=with_more(("hue", str, "a")), writes=4)], folder)
    assert json.loads((folder / "shop.order.json").read_text())["given_up"] == remembered


def test_a_name_that_a_draft_gave_up_is_not_made_of_another(folder: Path) -> None:
    """Under it, old records hold what was added."""
    for each in (drafted("hue", str | None, None), drafted()):
        write_lock([each, HEARTBEAT], folder, drafts={"shop.order": 4})

    @dataclass
    class Renamed:
        buyer: str
        total: Decimal
        lines: list[Line] = field(default_factory=list)
        hue: str | None = None

    renamed = orders(*VERSIONS, Version(4, rename("note", "hue")), model=Renamed)
    with pytest.raises(LockError, match="`hue` had that name in a draft"):
        write_lock([renamed, HEARTBEAT], folder, drafts={"shop.order": 4})


def test_what_a_lock_remembers_and_no_release_lists_is_not_there(tmp_path: Path) -> None:
    """Somebody put a version back that was dropped; a retired one is in the lock, too."""
    for each in (drafted("hue", str, "red"), drafted()):
        write_lock([each, HEARTBEAT], tmp_path, drafts={"shop.order": 4})
    file = tmp_path / "shop.order.json"
    content = json.loads(file.read_text())
    content["versions"]["5"] = described(drafted("hue", str, "red"))["versions"]["4"]
    file.write_text(json.dumps(content))
    with pytest.raises(LockError, match="`hue` had that name in a draft"):
        write_lock([drafted("hue", int, 0), HEARTBEAT], tmp_path, drafts={"shop.order": 4})
