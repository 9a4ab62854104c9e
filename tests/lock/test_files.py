"""The lock: what it says, what it finds, and what it refuses to overwrite."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, make_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from versioned_serde import LockError, Parameter, Registry, Schema, Version, add, remove, rename, retype, within
from versioned_serde.evolution.steps.step import Step
from versioned_serde.lock.files import Difference, check_lock, write_lock


@dataclass
class Line:
    sku: str
    amount: int = 1


@dataclass
class Order:
    buyer: str
    total: Decimal
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


CENTS = retype("total", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda amount: int(amount * 100))
VERSIONS = (
    Version(1, codec="json", framing="envelope"),
    Version(2, add("note")),
    Version(3, rename("customer", "buyer"), CENTS, remove("fax", was=str | None)),
)
HEARTBEAT = Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=1)


def orders(*versions: Version, model: Any = Order, writes: int = 3, **named: Any) -> Schema[Any]:
    return Schema("shop.order", model, *(versions or VERSIONS), writes=writes, keys={"lines": "sku"}, **named)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The lock of a release."""
    write_lock(Registry(orders(), HEARTBEAT), tmp_path / "serde-lock")
    return tmp_path / "serde-lock"


def found(folder: Path, *declared: Any) -> Difference:
    findings = check_lock(declared, folder)
    assert len(findings) == 1
    return findings[0]


def with_more(*fields: Any, of: type = Order) -> type:
    return make_dataclass(of.__name__, fields, bases=(of,), kw_only=True)


def test_what_is_locked_is_in_order(folder: Path) -> None:
    assert check_lock(Registry(orders(), HEARTBEAT), folder) == []
    assert write_lock(Registry(orders(), HEARTBEAT), folder) == []
    assert sorted(path.name for path in folder.iterdir()) == ["shop.heartbeat.json", "shop.order.json"]


def test_the_text_is_this(folder: Path) -> None:
    locked = json.loads((folder / "shop.order.json").read_text())
    versions = locked.pop("versions")
    assert locked == {
        "format": 1,
        "what": "schema",
        "name": "shop.order",
        "id": orders().id.hex(),
        "writes": 3,
        "listed": [1, 2, 3],
        "written": [3],
        "keys": {"lines": "sku"},
        "reserved": [],
    }
    assert list(versions) == ["1", "2", "3"]
    assert versions["3"] == {
        "codec": "json",
        "codec_id": 1,
        "coding": "none",
        "coding_id": 0,
        "framing": "envelope",
        "checksum": True,
        "min_reader": 3,
        "raised_by": ['rename("customer", "buyer")', 'retype("total", was=..., up=..., down=...)'],
        "steps": [
            'rename("customer", "buyer")',
            'retype("total", was=..., up=..., down=...)',
            'remove("fax", was=...)',
        ],
        "shape": {
            "buyer": "str",
            "lines": "list[object] = computed",
            "lines.amount": "int = 1",
            "lines.sku": "str",
            "note": "str | None = null",
            "total": "Decimal",
        },
        "digest": "3ca1b52c7cf62ee5",
    }
    assert json.loads((folder / "shop.heartbeat.json").read_text()) == {
        "format": 1,
        "what": "parameter",
        "name": "shop.heartbeat",
        "kind": "at_most",
        "writes": 1,
        "listed": [1, 2],
        "tolerates": 10.0,
        "versions": {"1": 5.0, "2": 10.0},
    }


def test_a_version_that_is_not_locked_is_a_draft(folder: Path) -> None:
    grown = orders(*VERSIONS, Version(4, add("color")), model=with_more(("color", str, "red")))
    assert [(each.rule, each.version) for each in check_lock([grown, HEARTBEAT], folder)] == [
        ("unlocked", 4),
        ("stale", None),
    ]
    assert [path.name for path in write_lock([grown, HEARTBEAT], folder)] == ["shop.order.json"]
    assert check_lock([grown, HEARTBEAT], folder) == []
    # It is frozen now, unless somebody says that no release has had it.
    other = orders(*VERSIONS, Version(4, add("hue")), model=with_more(("hue", str, "red")))
    with pytest.raises(LockError, match=r"--serde-lock-update --serde-lock-draft=shop\.order:4`"):
        write_lock([other, HEARTBEAT], folder)
    assert check_lock([grown, HEARTBEAT], folder) == []
    write_lock([other, HEARTBEAT], folder, drafts={"shop.order": 4})
    assert check_lock([other, HEARTBEAT], folder) == []


def test_drafts_do_not_open_what_is_below_them(folder: Path) -> None:
    with pytest.raises(LockError, match="you added `color`"):
        write_lock([orders(model=with_more(("color", str, "red")))], folder, drafts={"shop.order": 4})


def test_activation_is_only_stale(folder: Path) -> None:
    prepared = orders(writes=2)
    finding = found(folder, prepared, HEARTBEAT)
    assert (finding.rule, finding.refreshed) == ("stale", True)
    assert "`writes`" in finding.message
    write_lock([prepared], folder)
    assert check_lock([prepared, HEARTBEAT], folder) == []


@pytest.mark.parametrize(
    ("versions", "version", "told"),
    [
        (
            [Version(1, codec="msgpack", framing="envelope"), *VERSIONS[1:]],
            1,
            '`codec` is "msgpack", and was locked as',
        ),
        ([VERSIONS[0], Version(2, add("note"), coding="gzip"), VERSIONS[2]], 2, '`coding` is "gzip"'),
        ([VERSIONS[0], Version(2, add("note"), checksum=False), VERSIONS[2]], 2, "`checksum` is false"),
        (
            [*VERSIONS[:2], Version(3, rename("client", "buyer"), *VERSIONS[2].steps[1:])],
            1,
            "the steps lead back to another shape than was locked, in `client`, `customer`",
        ),
        (
            [*VERSIONS[:2], Version(3, VERSIONS[2].steps[1], VERSIONS[2].steps[0], VERSIONS[2].steps[2])],
            3,
            "`steps` is ",
        ),
    ],
    ids=["codec", "coding", "checksum", "shape", "steps"],
)
def test_a_locked_version_that_changed(folder: Path, versions: list[Version], version: int, told: str) -> None:
    changed = orders(*versions)
    finding = check_lock([changed, HEARTBEAT], folder)[0]
    assert (finding.rule, finding.version, finding.refreshed) == ("changed", version, False)
    assert told in finding.message
    with pytest.raises(LockError, match="A version's bytes never change"):
        write_lock([changed, HEARTBEAT], folder)


def test_nothing_is_written_where_one_is_refused(folder: Path, tmp_path: Path) -> None:
    new = Schema("shop.new", Line, VERSIONS[0])
    with pytest.raises(LockError):
        write_lock([new, orders(model=with_more(("x", int, 1)))], folder)
    assert not (folder / "shop.new.json").exists()


def test_retired_versions_stay_in_the_lock(folder: Path) -> None:
    first = Version(2, codec="json", framing="envelope", min_reader=1)
    retired = orders(first, VERSIONS[2])
    assert found(folder, retired, HEARTBEAT).rule == "stale"
    write_lock([retired], folder)
    assert check_lock([retired, HEARTBEAT], folder) == []
    assert list(json.loads((folder / "shop.order.json").read_text())["versions"]) == ["1", "2", "3"]


def test_retirement_changes_no_min_reader(folder: Path) -> None:
    finding = found(folder, orders(Version(2, codec="json", framing="envelope"), VERSIONS[2]), HEARTBEAT)
    assert (finding.rule, finding.version) == ("changed", 2)
    assert "Say `min_reader=1` in its line" in finding.message


def test_a_version_that_is_taken_back(folder: Path) -> None:
    @dataclass
    class Before:
        customer: str
        total: int
        lines: list[Line] = field(default_factory=list)
        note: str | None = None
        fax: str | None = None

    back = orders(*VERSIONS[:2], model=Before, writes=2)
    finding = found(folder, back, HEARTBEAT)
    assert (finding.rule, finding.version) == ("withdrawn", 3)
    write_lock([back], folder, drafts={"shop.order": 3})
    assert check_lock([back, HEARTBEAT], folder) == []


def test_a_name_that_a_retired_version_used(folder: Path) -> None:
    again = orders(
        Version(3, codec="json", framing="envelope"), Version(4, add("fax")), model=with_more(("fax", int, 0))
    )
    finding = check_lock([again, HEARTBEAT], folder)[0]
    assert (finding.rule, finding.version) == ("reused", 4)
    assert "`fax` had that name before" in finding.message


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<<<<<<< ours", "unreadable"),
        ("[]", "unreadable"),
        ('{"format": 2, "versions": {}}', "unreadable"),
        ('{"format": 1, "versions": {"x": {}}}', "unreadable"),
        ('{"format": 1, "what": "parameter", "versions": {}}', "changed"),
    ],
)
def test_a_file_that_is_no_lock(folder: Path, text: str, rule: str) -> None:
    (folder / "shop.order.json").write_text(text)
    assert found(folder, orders(), HEARTBEAT).rule == rule
    with pytest.raises(LockError):
        write_lock([orders()], folder)
    assert (folder / "shop.order.json").read_text() == text


def test_a_lock_that_somebody_edited(folder: Path) -> None:
    path = folder / "shop.order.json"
    path.write_text(path.read_text().replace('"note": "str | None = null"', '"note": "str"'))
    assert found(folder, orders(), HEARTBEAT).rule == "edited"


def test_what_nothing_declares(folder: Path) -> None:
    finding = found(folder, orders())
    assert (finding.schema, finding.rule) == ("shop.heartbeat", "unclaimed")


@pytest.mark.parametrize("value", [6.0, 5])
def test_a_parameter_whose_value_changed(folder: Path, value: float) -> None:
    values = {1: value, 2: 10.0} if type(value) is float else {1: 5, 2: 10}
    finding = check_lock([orders(), Parameter("shop.heartbeat", values, kind="at_most", writes=1)], folder)[0]
    assert (finding.rule, finding.version) == ("changed", 1)
    assert str(finding).startswith(f"shop.heartbeat version 1: its value is {value!r}, and was locked as 5.0.")


def test_reserved_names_stay(folder: Path) -> None:
    write_lock([orders(reserved=["old"])], folder)
    write_lock([orders(reserved=["older"])], folder)
    assert json.loads((folder / "shop.order.json").read_text())["reserved"] == ["old", "older"]


MORE: Any = with_more(("size", int, 0), ("amount", float, 1.0), of=Line)
UNDECLARED: list[tuple[type, Any, list[Step], str]] = [
    (Order, [("x", int | None, None)], [], '`x`; append `Version(4, add("x"))`.'),
    (Order, [("x", int)], [], 'append `Version(4, add("x", fill=...))`. What `...` stands for only you know.'),
    (
        Order,
        [("note", str, "")],
        [],
        'changed `note`; append `Version(4, retype("note", was=str | None, up=..., down=..., default=None))',
    ),
    (Order, [("note", str | None, "none")], [], 'append `Version(4, redefault("note", was=None))`'),
    (
        Order,
        [("lines", list[MORE], field(default_factory=list))],
        [],
        'append `Version(4, within("lines", add("size"), retype("amount", was=int, up=..., down=..., default=1)))`',
    ),
    (
        Order,
        [("x", int, 0), ("y", int, 0)],
        [add("y")],
        'you added `x`; put `add("x")` into the line of version 4.',
    ),
]


@pytest.mark.parametrize(("base", "fields", "steps", "told"), UNDECLARED, ids=range(len(UNDECLARED)))
def test_a_change_that_no_version_declares(folder: Path, base: type, fields: Any, steps: list[Step], told: str) -> None:
    versions = [*VERSIONS, Version(4, *steps)] if steps else VERSIONS
    finding = found(folder, orders(*versions, model=with_more(*fields, of=base)), HEARTBEAT)
    assert (finding.rule, finding.refreshed) == ("undeclared", False)
    assert told in str(finding)


def test_an_attribute_that_is_gone_may_have_another_name(folder: Path) -> None:
    @dataclass
    class Renamed:
        buyer: str
        total: Decimal
        parts: list[Line] = field(default_factory=list)
        note: str | None = None

    schema = Schema("shop.order", Renamed, *VERSIONS, writes=3, keys={"parts": "sku"})
    text = str(found(folder, schema, HEARTBEAT))
    assert (
        'you added `parts` and removed `lines`; append `Version(4, add("parts", fill=...), remove("lines", was=...'
        in text
    )
    assert 'then say `rename("lines", "parts")` instead of both' in text


def test_a_nested_model_at_two_places(tmp_path: Path) -> None:
    def schema(line: type) -> Schema[Any]:
        order = make_dataclass("Order", [("first", line), ("lines", list[line])])  # type: ignore[valid-type]
        return Schema("shop.order", order, VERSIONS[0], keys={"lines": "sku"})

    write_lock([schema(Line)], tmp_path)
    finding = found(tmp_path, schema(with_more(("size", int, 0), of=Line)))
    assert 'append `Version(2, within(Line, add("size")))`.' in str(finding)


def test_a_class_may_move_and_change_its_name(folder: Path) -> None:
    item = make_dataclass("Item", [("amount", int, 1), ("sku", str)], kw_only=True)
    moved = make_dataclass(
        "Purchase",
        [
            ("note", str | None, None),
            ("lines", tuple[item, ...], field(default_factory=tuple)),  # type: ignore[valid-type]
            ("total", Decimal),
            ("buyer", str),
        ],
        kw_only=True,
    )
    assert check_lock([orders(model=moved), HEARTBEAT], folder) == []


def test_a_step_of_a_class_does_not_tell_its_name(tmp_path: Path) -> None:
    def schema(line: type) -> Schema[Any]:
        order = make_dataclass("Order", [("lines", list[line])])  # type: ignore[valid-type]
        steps = within(line, add("amount"))
        return Schema("shop.order", order, VERSIONS[0], Version(2, steps), writes=2, keys={"lines": "sku"})

    write_lock([schema(Line)], tmp_path)
    assert check_lock([schema(make_dataclass("Item", [("sku", str), ("amount", int, 1)]))], tmp_path) == []
