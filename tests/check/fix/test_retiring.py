"""`fix --retire`: what a certificate allows, and nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.check.fix.project import Project, inside
from versioned_serde.check.fix import looking
from versioned_serde.check.fix.editing import Fix
from versioned_serde.check.fix.retiring import retire
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.settings import SettingsError

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TEXT = """\
from dataclasses import dataclass

from versioned_serde import Parameter, Registry, Schema, Version, add, remove, rename, within


@dataclass
class Address:
    street: str
    zip: str


@dataclass
class Order:
    buyer: str
    address: Address
    greeting: str
    note: str | None = None
    tags: str = "x"


orders = Schema(
    "shop.order",
    Order,
    # From before.
    Version(1, codec="json", framing="envelope", checksum=False, coding="gzip"),  # the first
    Version(2, remove("fax", was=str | None), rename("customer", "buyer")),
    Version(3, add("greeting", fill=lambda order: f"Dear {order['buyer']}"), add("note"), add("tags", fill="x")),
    Version(
        4,
        within("address", add("zip", fill="?")),
        # Gone.
        remove("age", was=int, default=0),
    ),
    Version(5, framing="headers"),  # newer
    writes=5,
)
beat = Parameter("shop.beat", {1: 5.0, 2: 10.0}, kind="at_most", writes=2)
registry = Registry(orders, beat)
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "started", inside)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.made(tmp_path, TEXT)


def certificate(project: Project, of: int, **changed: Any) -> str:
    lock = json.loads((project.root / "serde-lock" / "shop.order.json").read_text())
    digest = version_digest(lock["versions"][str(of)])
    made = {"schema": "shop.order", "version": of, "digest": digest, "fenced_at": NOW, "began_at": NOW}
    return Certificate(**{**made, "ended_at": NOW, "counts": {(of + 1, 2, False): 7}, **changed}).text()


def retired(project: Project, version: int, text: str | None, name: str = "shop.order") -> Fix:
    return retire(project.settings, project.releases(), version, name, text)


def lines(project: Project, version: int) -> str:
    made = retired(project, version, certificate(project, version))
    assert (made.writable, made.problems) == (True, [])
    made.patch.apply()
    text = project.text
    assert text.startswith(TEXT.partition("    # From before.\n")[0])
    return text.partition("    # From before.\n")[2].partition("beat = ")[0]


def test_a_line_that_keeps_fills_and_its_min_reader(project: Project) -> None:
    dumped = "import shop.serde as s; print(s.orders.lines[-2].min_reader)"
    assert lines(project, 3) == (
        '    Version(4, add("greeting", fill=lambda order: f"Dear {order[\'buyer\']}"),'
        ' within("address", add("zip", fill="?")), codec="json", coding="gzip", framing="envelope", checksum=False,'
        ' min_reader=2),\n    Version(5, framing="headers"),  # newer\n    writes=5,\n'
        '    reserved={"age", "customer", "fax"},\n)\n'
    )
    assert project.run(dumped) == "2\n"
    stored = (project.root / "serde-lock" / "retired" / "shop.order.3.json").read_text()
    assert Certificate.parsed(stored).counts == {(4, 2, False): 7}
    assert retired(project, 3, certificate(project, 3)).patch.changed == []
    assert project.fixed().patch.changed == []


CHECK = """\
from pathlib import Path
from versioned_serde.check.asked import Asked
from versioned_serde.check.run import checked
from versioned_serde.check.settings import Settings
found = checked(Settings.load(Path('.')), Asked(('v1',), (), ())).findings
print([(each.severity, each.attribute) for each in found if each.rule == 'fill-removed'])
"""


def test_the_fills_that_it_keeps_are_those_that_the_check_asks_for(tmp_path: Path) -> None:
    """Also of a line that goes; not of what is gone again, or has a default."""
    project = Project.made(
        tmp_path,
        """\
from dataclasses import dataclass, field

from versioned_serde import Registry, Schema, Version, add, remove, within


@dataclass
class Line:
    sku: str
    amount: int
    unit: str
    size: int = 0


@dataclass
class Order:
    lines: list[Line] = field(default_factory=list)


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    Version(2, within("lines", add("amount", fill=1), add("size", fill=0), add("color", fill="red"))),
    Version(3, within("lines", add("unit", fill="kg"), remove("color", was=str, default="red"))),
    writes=3,
    keys={"lines": "sku"},
)
registry = Registry(orders)
""",
    )
    shutil.copytree(project.root / "serde-lock", project.root / "v1")
    made = retired(project, 2, certificate(project, 2))
    assert made.problems == []
    made.patch.apply()
    kept = 'within("lines", add("amount", fill=1)), within("lines", add("unit", fill="kg")), '
    assert f'    Version(3, {kept}codec="json", framing="envelope", min_reader=1),\n' in project.text
    assert project.run(CHECK) == "[]\n"
    project.change(('within("lines", add("amount", fill=1)), ', ""))
    assert project.run(CHECK) == "[('error', 'lines.amount')]\n"


def test_a_line_that_is_its_own_min_reader(project: Project) -> None:
    assert lines(project, 1) == (
        '    Version(2, codec="json", coding="gzip", framing="envelope", checksum=False),\n'
        + TEXT.partition('"buyer")),\n')[2]
        .partition("beat = ")[0]
        .replace("    writes=5,\n", '    writes=5,\n    reserved={"customer", "fax"},\n')
    )


def test_a_line_with_another_framing(project: Project) -> None:
    assert lines(project, 4) == (
        '    Version(5, codec="json", coding="gzip", framing="headers"),  # newer\n    writes=5,\n'
        '    reserved={"age", "customer", "fax"},\n)\n'
    )


@pytest.mark.parametrize(
    ("version", "changed", "told"),
    [
        (1, None, "Nothing says that no record of version 1 of shop.order is left"),
        (1, {"schema": "shop.cart"}, "is about version 1 of shop.cart, not about version 1 of shop.order"),
        (2, {"version": 1}, "is about version 1 of shop.order, not about version 2"),
        (1, {"digest": "0"}, "it was made for another declaration"),
        (1, {"began_at": NOW - timedelta(hours=1)}, "did not begin after the fence"),
        (1, {"counts": {(1, 1, True): 2}}, "it counts 2 records of version 1 or older"),
        (5, {}, "shop.order writes version 5"),
    ],
)
def test_what_may_not_go(project: Project, version: int, changed: Any, told: str) -> None:
    text = None if changed is None else certificate(project, version, **changed)
    with pytest.raises(SettingsError, match=told):
        retired(project, version, text)
    assert project.text == TEXT


def test_what_is_no_certificate(project: Project) -> None:
    with pytest.raises(SettingsError, match="It is not a certificate"):
        retired(project, 1, "{}")
    with pytest.raises(SettingsError, match=r"No registry has `shop\.cart`"):
        retired(project, 1, None, "shop.cart")
    text = certificate(project, 4, version=9)
    with pytest.raises(SettingsError, match=r"Version 9 of shop\.order is not in the lock"):
        retired(project, 9, text)


def test_what_a_release_beside_still_writes(project: Project) -> None:
    text = certificate(project, 1)
    beside = [project.releases()[0]]
    content = json.loads((project.root / "serde-lock" / "shop.order.json").read_text())
    older = type(beside[0]).of_texts("v1", {"shop.order.json": json.dumps({**content, "writes": 1})})
    with pytest.raises(SettingsError, match=r"v1 writes version 1 of shop\.order"):
        retire(project.settings, [*beside, older], 1, "shop.order", text)
    with pytest.raises(SettingsError, match="nothing shows what is still written"):
        retire(project.settings, [], 1, "shop.order", text)


def test_a_parameter_needs_no_certificate(project: Project) -> None:
    made = retired(project, 1, None, "shop.beat")
    made.patch.apply()
    assert project.text == TEXT.replace("{1: 5.0, 2: 10.0}", "{2: 10.0}")
    assert retired(project, 1, None, "shop.beat").patch.changed == []
    with pytest.raises(SettingsError, match=r"shop\.beat writes version 2"):
        retired(project, 2, None, "shop.beat")


def test_a_declaration_that_is_computed(project: Project) -> None:
    text = certificate(project, 1)
    project.change(
        (
            "orders = Schema(",
            "FIRST = Version(1, codec='json', framing='envelope', checksum=False, coding='gzip')\norders = Schema(",
        )
    )
    project.change(('    Version(1, codec="json", framing="envelope", checksum=False, coding="gzip"),', "    FIRST,"))
    with pytest.raises(SettingsError, match=r"shop\.order: `FIRST` is not a `Version.*retire-a-version"):
        retired(project, 1, text)


def test_arms_of_unions_and_odd_names(tmp_path: Path) -> None:
    project = Project.made(
        tmp_path,
        """\
from dataclasses import dataclass
from typing import Literal

from versioned_serde import Registry, Schema, Shape, Version, remove, within
from versioned_serde.shape import Attribute, Scalar


@dataclass
class Card:
    number: str
    kind: Literal["card"] = "card"


@dataclass
class Cash:
    kind: Literal["cash"] = "cash"


@dataclass
class Order:
    pay: Card | Cash


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    Version(2, within(Card, remove("bank", was=str | None)), remove("a.b", was=str | None)),
    writes=2,
)
registry = Registry(orders)
""",
    )
    made = retired(project, 1, certificate(project, 1))
    made.patch.apply()
    assert 'reserved={"a.b", "pay.bank"}' in project.text
