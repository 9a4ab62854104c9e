"""Changes of pydantic models, and the very lines that `fix` writes for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.fix.project import Project, Safe, inside
from versioned_serde.check.fix import looking

TEXT = """\
import datetime as dt
from enum import Enum
from typing import Literal

from pydantic import BaseModel, Field
from versioned_serde import Registry, Schema, Version


class Color(Enum):
    RED = "red"


class Line(BaseModel):
    sku: str
    amount: int = 1


class Card(BaseModel):
    kind: Literal["card"] = "card"
    number: str


class Cash(BaseModel):
    kind: Literal["cash"] = "cash"


class Order(BaseModel):
    buyer: str
    color: Color | str = Color.RED
    size: Literal["s", "m"] = "s"
    first: Line | None = None
    lines: list[Line] = []
    pay: Card | Cash = Field(discriminator="kind")
    price: int = 0
    when: dt.datetime | None = None


orders = Schema("shop.order", Order, Version(1, codec="json", framing="envelope"), writes=1, keys={"lines": "sku"})
registry = Registry(orders)
"""
HEAD = '+orders = Schema("shop.order", Order, Version(1, codec="json", framing="envelope"), '
TAIL = ', keys={"lines": "sku"})'
IMPORT = "from versioned_serde import Registry, Schema, Version"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "started", inside)


@pytest.mark.parametrize(
    ("change", "imports", "line"),
    [
        (
            ("    amount: int = 1\n", "    amount: int = 1\n    gift: bool = False\n"),
            ["+" + IMPORT + ", add, within"],
            'Version(2, within(Line, add("gift"))), writes=2',
        ),
        (
            ("    number: str\n", "    number: str\n    bank: str | None = None\n"),
            ["+" + IMPORT + ", add, within"],
            'Version(2, within(Card, add("bank"))), writes=2',
        ),
        (
            ('    RED = "red"\n', '    RED = "red"\n    BLUE = "blue"\n'),
            ["+" + IMPORT + ", widen_enum"],
            'Version(2, widen_enum("color", "blue")), writes=2',
        ),
        (
            ("    price: int = 0\n", "    price: int = 5\n"),
            ["+" + IMPORT + ", redefault"],
            'Version(2, redefault("price", was=0)), writes=1',
        ),
        (
            ("    when: dt.datetime | None = None\n", ""),
            ["+from datetime import datetime", "+" + IMPORT + ", remove"],
            'Version(2, remove("when", was=datetime | None)), writes=2',
        ),
        (
            ("    lines: list[Line]", "    parts: list[Line]"),
            ["+" + IMPORT + ", rename"],
            'Version(2, rename("lines", "parts")), writes=1',
        ),
    ],
    ids=["everywhere", "arm", "enum", "default", "removed", "renamed"],
)
def test_a_change(tmp_path: Path, change: tuple[str, str], imports: list[str], line: str) -> None:
    project = Project.made(tmp_path, TEXT)
    pairs = [change, ('keys={"lines"', 'keys={"parts"')] if "parts" in change[1] else [change]
    project.change(*pairs)
    made = project.apply(Safe())
    assert made.problems == []
    tail = TAIL.replace('"lines"', '"parts"') if "parts" in change[1] else TAIL
    assert [each for each in project.changes(made) if each[0] == "+"] == [*imports, HEAD + line + tail]
    assert project.fixed().patch.changed == []


def test_a_closed_enum_needs_a_person(tmp_path: Path) -> None:
    project = Project.made(tmp_path, TEXT)
    project.change(('"s", "m"', '"s", "m", "l"'))
    made = project.apply()
    assert len(made.problems) == 1
    assert '    widen_enum("size", "l", down=...),  # serde-check: say what ... is\n' in project.text


def test_a_type_and_whether_there_is_a_default(tmp_path: Path) -> None:
    project = Project.made(tmp_path, TEXT)
    project.change(("price: int = 0", "price: float"))
    project.apply(Safe())
    assert (
        "    ...,  # serde-check: `price`: the type now, with the default that it had; the default in a later version\n"
        in project.text
    )


def test_models_of_another_module(tmp_path: Path) -> None:
    """The class is not known where the schema is declared, so its places are named."""
    models, _, declared = TEXT.partition("orders = ")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_text(models)
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text('[tool.serde-check]\nregistries = ["shop.serde:registry"]\n')
    project = Project(tmp_path)
    project.write(
        f"import versioned_serde as vs\nfrom versioned_serde import *\nfrom shop import models\norders = {declared}"
    )
    project.change(("Order, Version", "models.Order, Version"))
    project.apply()
    (tmp_path / "shop" / "models.py").write_text(models.replace("    amount: int = 1\n", "    count: int = 1\n"))
    made = project.apply(Safe())
    assert made.problems == []
    assert (
        'Version(2, within("first", rename("amount", "count")), within("lines", rename("amount", "count"))), writes=1'
        in project.text
    )
    assert project.text.startswith(
        "import versioned_serde as vs\nfrom versioned_serde import *\nfrom shop import models\n"
    )
