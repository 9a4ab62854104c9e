"""`fix`, end to end in a project on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.check.fix.project import MODULE, Project, Safe, inside
from versioned_serde.check.fix import looking
from versioned_serde.settings import SettingsError

TEXT = """\
from dataclasses import dataclass, field

from versioned_serde import Parameter, Registry, Schema, Version


@dataclass
class Line:
    sku: str


@dataclass
class Order:
    customer: str
    lines: list[Line] = field(default_factory=list)


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    keys={"lines": "sku"},
)
registry = Registry(orders, Parameter("shop.beat", {1: 5.0}, kind="at_most", writes=1))
"""
IMPORTS = "from versioned_serde import Parameter, Registry, Schema, Version"
VERSION = '    Version(1, codec="json", framing="envelope"),\n'


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that need not import the library; but for the tests of the process itself."""
    if "cannot_be_imported" not in request.node.name and "new_project" not in request.node.name:
        monkeypatch.setattr(looking, "started", inside)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.made(tmp_path, TEXT)


def test_a_new_project_gets_a_lock_and_a_test(project: Project) -> None:
    assert project.text == TEXT
    assert sorted(file.name for file in (project.root / "serde-lock").iterdir()) == [
        "shop.beat.json",
        "shop.order.json",
    ]
    test = (project.root / "tests" / "test_serde_shop_order.py").read_text()
    assert "from shop.serde import registry\n" in test
    assert not list((project.root / "tests").glob("*beat*"))
    again = project.fixed()
    assert (again.patch.changed, again.notes, again.problems) == ([], [], [])
    assert "test_laws()" in test + project.run(test + "\ntest_laws()") + "test_laws()"


def test_one_release(project: Project) -> None:
    before = project.change(("    customer: str\n", "    customer: str\n    note: str | None = None\n"))
    made = project.apply()
    assert project.text == before.replace(IMPORTS, IMPORTS + ", add").replace(
        VERSION, VERSION + '    Version(2, add("note")),\n    writes=2,\n'
    )
    assert made.notes == ["shop.order: one release. The releases beside this one read version 2 as it is."]
    assert made.problems == []
    assert json.loads((project.root / "serde-lock" / "shop.order.json").read_text())["writes"] == 2
    assert project.fixed().patch.changed == []


def test_two_releases(project: Project) -> None:
    project.change(("customer: str", "buyer: str"))
    made = project.apply(Safe())
    told = "shop.order: two releases. This one lists version 2 and writes 1; the second says `writes=2`, when every"
    assert made.notes == [f"{told} host runs this one."]
    assert '    Version(2, rename("customer", "buyer")),\n    writes=1,\n    keys' in project.text
    project.change(("writes=1,\n    keys", "writes=2,\n    keys"))
    second = project.apply()
    assert (second.notes, second.problems, "writes=2" in project.text) == ([], [], True)


def test_a_change_in_one_release_that_needs_two_becomes_the_first_of_them(project: Project) -> None:
    project.change(
        ("customer: str", "buyer: str"),
        (VERSION, VERSION + '    Version(2, rename("customer", "buyer")),  # mine\n    writes = 2,\n'),
        (IMPORTS, IMPORTS + ", rename"),
    )
    made = project.apply()
    assert project.changes(made) == ["-    writes = 2,", "+    writes = 1,"]
    assert made.notes[0].startswith(
        "shop.order: two releases. This one lists version 2 and writes 1, because the releases beside it cannot read"
    )
    assert project.fixed().patch.changed == []


def test_a_declaration_that_is_refused_as_it_is(project: Project) -> None:
    """The developer said `writes=2`, and forgot the version; or a step is about an attribute that is gone."""
    project.change(("customer: str", "buyer: str"), ("    keys", "    writes=2,\n    keys"))
    made = project.apply(Safe())
    assert project.changes(made)[2:] == [
        '+    Version(2, rename("customer", "buyer")),',
        "-    writes=2,",
        "+    writes=1,",
    ] or ('    Version(2, rename("customer", "buyer")),\n    writes=1,\n' in project.text)
    assert made.problems == []
    project.change(("writes=1,\n    keys", "writes=2,\n    keys"))
    project.apply()
    project.change(("buyer: str", "payer: str"))
    assert project.apply(Safe()).problems == []
    assert '    Version(3, rename("buyer", "payer")),\n    writes=2,\n' in project.text


def test_what_only_a_person_knows_stays_open(project: Project) -> None:
    before = project.change(("customer: str", "buyer: str"), ("    sku: str", "    sku: str\n    amount: int"))
    made = project.apply()
    opened = (
        "    Version(\n        2,\n"
        '        within(Line, add("amount", fill=...)),  # serde-check: say what ... is\n'
        '        ...,  # serde-check: choose rename("customer", "buyer"), or add("buyer", fill=...) and'
        ' remove("customer", was=str, fill=...)\n    ),\n    writes=1,\n'
    ).replace("within(Line,", 'within("lines",')
    assert project.text == before.replace(VERSION, VERSION + opened).replace(IMPORTS, IMPORTS + ", add, within")
    assert made.problems[0].startswith(f"shop.order: a version line says `...` ({MODULE}:18).")
    assert [file.name for file in made.patch.changed] == ["serde.py"]
    again = project.apply()
    assert (again.patch.changed, len(again.problems)) == ([], 1)

    project.change(
        ("...,  #", 'rename("customer", "buyer"),  #'), ("fill=...)),  #", "fill=1)),  #"), (", add,", ", add, rename,")
    )
    decided = project.apply()
    assert decided.problems == []
    assert [file.name for file in decided.patch.changed] == ["shop.order.json"]


def test_a_draft_gets_the_steps_that_it_lacks(project: Project) -> None:
    project.change(
        ("    customer: str\n", "    customer: str\n    note: str | None = None\n    gift: bool = False\n"),
        (VERSION, VERSION + '    Version(2, add("note")),\n    writes=1,\n'),
        (IMPORTS, IMPORTS + ", add"),
    )
    made = project.apply()
    assert project.changes(made) == ['-    Version(2, add("note")),', '+    Version(2, add("gift"), add("note")),']


def test_a_computed_declaration_is_left_alone(project: Project) -> None:
    project.change(
        ("orders = Schema(", 'VERSIONS = [Version(1, codec="json", framing="envelope")]\norders = Schema('),
        (VERSION, "    *VERSIONS,\n"),
        ("    customer: str\n", "    customer: str\n    note: str | None = None\n"),
    )
    made = project.fixed()
    assert not made.writable
    assert made.problems[0] == (
        'shop.order: its versions are computed. Put `Version(2, add("note"))` behind its last version line'
        f" ({MODULE}:19)."
    )


def test_a_change_that_is_refused_even_so_writes_nothing(project: Project) -> None:
    before = project.change(("customer: str", "customer: str\n    stamp: complex = 1j"))
    made = project.fixed()
    assert not made.writable
    assert project.text == before
    assert "stamp" in made.problems[0]


def test_only_what_was_named(project: Project) -> None:
    project.change(("customer: str", "customer: str\n    note: str | None = None"))
    assert not project.fixed(names=("shop.beat",)).writable
    assert project.fixed(names=("shop.order",)).writable


def test_a_value_that_changed_under_its_number(project: Project) -> None:
    project.change(("{1: 5.0}", "{1: 6.0}"))
    made = project.fixed()
    assert (made.writable, made.patch.changed) == (False, [])
    assert made.problems[0].startswith("shop.beat version 1: its value is 6.0, and was locked as 5.0.")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\nserde_registries = ["shop.serde:registry"]\n'),
        ("pyproject.toml", '[tool.pytest.ini_options]\nserde_registries = "shop.serde:registry"\n'),
        ("pytest.ini", "[pytest]\nserde_registries =\n  shop.serde:registry\n"),
        ("setup.cfg", "[tool:pytest]\nserde_registries = shop.serde:registry\n"),
        ("tests/test_serde_shop_order.py", "def test_mine() -> None: ...\n"),
    ],
)
def test_no_test_where_there_is_one(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / file).write_text(text)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    with (tmp_path / "pyproject.toml").open("a") as project:
        project.write('[tool.serde-check]\nregistries = ["shop.serde:registry"]\n')
    made = Project(tmp_path)
    made.write(TEXT)
    assert {each.suffix for each in made.fixed().patch.changed} == {".json"}


def test_a_project_that_cannot_be_imported(project: Project) -> None:
    project.write("import nowhere\n")
    with pytest.raises(SettingsError, match="nowhere"):
        project.fixed()
    project.write("import os\nos._exit(3)\n")
    with pytest.raises(SettingsError, match="ended the process that did it: 3"):
        project.fixed()
