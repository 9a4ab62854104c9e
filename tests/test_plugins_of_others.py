"""Plug-ins of other distributions, found by their entry points; here from folders, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ACME = Path(__file__).parent / "plugin_distribution"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the distribution as pip installs it."""
    target = tmp_path_factory.mktemp("installed")
    source = tmp_path_factory.mktemp("source")
    for path in ACME.rglob("*"):  # setuptools builds beside what it builds from
        if path.suffix in (".py", ".toml"):
            copy = source / path.relative_to(ACME)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=target)
    return target


def told(code: str, *folders: Path) -> str:
    """What a process prints that has the folders on its path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


USE = """
import sys
from typing import NamedTuple
from versioned_serde import Schema, Version

class Line(NamedTuple):
    sku: str

class Order(NamedTuple):
    buyer: str
    lines: list[Line] = []

assert not [name for name in sys.modules if name.startswith("acme")], "imported before it was asked for"
orders = Schema("shop.order", Order, Version(1, codec="acme_json", coding="bz2", framing="envelope"))
order = Order("ada", [Line("a")])
record = orders.dumps(order)
assert orders.loads(record) == order
assert record[3:5] == bytes([201, 200])
assert orders.loads(record).lines[0].sku == "a"
print("read")
"""


def test_what_is_installed_is_found_by_its_names(installed: Path) -> None:
    assert told(USE, installed) == "read\n"


def test_a_built_in_name_means_the_built_in_plug_in(installed: Path) -> None:
    code = "from versioned_serde import plugins; print(type(plugins.coding('gzip')).__module__)"
    assert told(code, installed) == "versioned_serde.codings.gzip\n"


CONFORMANCE = """
from typing import NamedTuple
from hypothesis import settings, strategies as st
from acme_serde.codec import AcmeJson
from acme_serde.coding import Bz2
from acme_serde.kind import NamedTupleKind
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.codings import CodingConformance
from versioned_serde.testing.conformance.kinds import KindConformance

settings.register_profile("few", max_examples=8, derandomize=True, deadline=None, database=None)
settings.load_profile("few")


class Order(NamedTuple):
    buyer: str
    count: int = 1


class TestCodec(CodecConformance):
    codec = AcmeJson()


class TestCoding(CodingConformance):
    coding = Bz2()


class TestKind(KindConformance):
    kind = NamedTupleKind()
    model = Order
    instances = st.builds(Order, st.text(), st.integers())
"""


def ran(folder: Path, code: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    """Runs pytest on a file of another distribution, in a folder that knows nothing of this one."""
    (folder / "test_acme.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "test_acme.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_its_author_runs_the_conformance_suite(installed: Path, tmp_path: Path) -> None:
    run = ran(tmp_path, CONFORMANCE, installed)
    assert run.returncode == 0, run.stdout
    assert "skipped" not in run.stdout


def test_a_failure_says_what_was_promised_and_what_was_found(installed: Path, tmp_path: Path) -> None:
    code = CONFORMANCE.partition("class TestCodec")[0] + (
        "class Late(Bz2):\n    id = 1\n\n\nclass TestLate(CodingConformance):\n    coding = Late()\n"
    )
    run = ran(tmp_path, code, installed)
    assert run.returncode == 1
    assert "FAILED test_acme.py::TestLate::test_the_name_and_the_id_are_fit_for_a_tag" in run.stdout
    assert "128 to 255 are for codings of others" in run.stdout
    assert "assert 1 in range(128, 256)" in run.stdout  # pytest shows what an assert of the suite compared


def offered(folder: Path, name: str, group: str, entry: str, code: str) -> Path:
    """A folder with a distribution that offers one entry point."""
    module = name.replace("-", "_")
    information = folder / f"{module}-3.1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.1\n")
    (information / "entry_points.txt").write_text(f"[versioned_serde.{group}]\n{entry} = {module}:plugin\n")
    (folder / f"{module}.py").write_text(code)
    return folder


ASK = """
from versioned_serde import DeclarationError, plugins
for ask in ({asks}):
    try:
        ask()
    except DeclarationError as error:
        print(error.problem)
"""
WHOLE = "class plugin:\n    name = 'broken'\n    id = {id}\n    def compress(self): ...\n    def inflate(self): ...\n"
CODING = "lambda: plugins.coding('broken'),"


@pytest.mark.parametrize(
    ("group", "asks", "code", "problem"),
    [
        (
            "codings",
            CODING,
            "import a_library_that_is_missing",
            "could not be loaded: ModuleNotFoundError: No module named 'a_library_that_is_missing'.",
        ),
        ("codings", CODING, "plugin = 5", "could not be loaded: TypeError: 'int' object is not callable."),
        (
            "codings",
            CODING,
            "",
            "could not be loaded: AttributeError: module 'broken_plugin' has no attribute 'plugin'.",
        ),
        (
            "codings",
            CODING,
            "class plugin:\n    name = 'broken'\n    id = 130",
            "gives no `Coding`: it lacks `compress`, `inflate`.",
        ),
        (
            "codecs",
            "lambda: plugins.codec('broken'),",
            "class plugin:\n    name = 'broken'\n    id = 130",
            "gives no `Codec`: it lacks `retains_unknown`, `check`, `payload`, `value`.",
        ),
        (
            "models",
            "lambda: plugins.kind(complex),",
            "class plugin:\n    name = 'broken'",
            "gives no `ModelKind`: it lacks `presence`, `owns`, `shape`, `unknown`, `take`, `make`.",
        ),
        (
            "codings",
            CODING,
            WHOLE.format(id=127),
            "has an `id` that is not from 128 to 255, as those of others are.",
        ),
        (
            "codings",
            CODING,
            WHOLE.format(id="130.0"),
            "has an `id` that is not from 128 to 255, as those of others are.",
        ),
        (
            "codings",
            CODING,
            WHOLE.format(id=130).replace("'broken'", "'other'"),
            "gives a plug-in that has another `name`.",
        ),
    ],
)
def test_a_broken_entry_point_is_named(tmp_path: Path, group: str, asks: str, code: str, problem: str) -> None:
    folder = offered(tmp_path, "broken-plugin", group, "broken", code)
    assert told(ASK.format(asks=asks), folder) == f"The entry point `broken` of `broken-plugin 3.1` {problem}\n"


def test_a_broken_kind_is_not_asked_for_models_of_other_kinds(tmp_path: Path) -> None:
    folder = offered(tmp_path, "broken-plugin", "models", "broken", "import a_library_that_is_missing")
    code = "from dataclasses import make_dataclass; from versioned_serde import Schema, Version; "
    code += "Schema('a.b', make_dataclass('A', [('x', int)]), Version(1, codec='json', framing='bare')); print('fine')"
    assert told(code, folder) == "fine\n"


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    folders = [
        offered(tmp_path / name, f"plugin-{name}", "codings", name, WHOLE.format(id=140).replace("broken", name))
        for name in ("one", "two")
    ]
    asks = "lambda: plugins.coding('one'), lambda: plugins.coding('one'), lambda: plugins.coding('two'),"
    assert told(ASK.format(asks=asks), *folders) == (
        "The entry point `two` of `plugin-two 3.1` has the `id` 140, "
        "which the entry point `one` of `plugin-one 3.1` has too.\n"
    )


def test_a_name_that_two_distributions_offer_is_refused(tmp_path: Path) -> None:
    folders = [
        offered(tmp_path / name, f"plugin-{name}", "codings", "broken", WHOLE.format(id=140)) for name in ("one", "two")
    ]
    assert told(ASK.format(asks=CODING), *folders) == (
        "`broken` is offered by `plugin-one 3.1` and by `plugin-two 3.1`.\n"
    )
