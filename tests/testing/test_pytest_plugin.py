"""The pytest plugin, in services that are made here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import versioned_serde
from versioned_serde import codecs, testing
from versioned_serde.codecs import json
from versioned_serde.models import dataclass

# A run within this process forgets what it imports. Imported here, it is known before, and stays the same.
for package in (versioned_serde, testing):
    for name in package.__all__:
        getattr(package, name)
assert [codecs, json, dataclass]

pytest_plugins = ["pytester"]

SERVICE = """
from dataclasses import dataclass
from versioned_serde import Parameter, Registry, Schema, Version, add

@dataclass
class Order:
    buyer: str
    note: str | None = None

orders = Schema(
    "shop.order", Order,
    Version(1, codec="json", framing="envelope"),
    Version(2, add("note")),
    writes=2,
)
heartbeat = Parameter("shop.heartbeat", {1: 5.0}, kind="at_most", writes=1)
registry = Registry(orders, heartbeat)
"""
SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["."]
serde_registries = ["shop:registry"]
"""
WITHOUT_LAWS = SETTINGS + 'serde_own_laws = ["shop.order"]\n'


@pytest.fixture
def service(pytester: pytest.Pytester) -> pytest.Pytester:
    """Without laws, which take their time."""
    pytester.makepyprojecttoml(WITHOUT_LAWS)
    pytester.makepyfile(shop=SERVICE)
    return pytester


def run(service: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return service.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def locked(service: pytest.Pytester) -> None:
    run(service, "--serde-lock-update").assert_outcomes(passed=2)


def test_without_the_setting_there_are_no_tests_and_nothing_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("[tool.pytest.ini_options]")
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            own = sorted(name for name in sys.modules if name.startswith("versioned_serde"))
            assert own == ["versioned_serde", "versioned_serde.testing", "versioned_serde.testing.pytest_plugin"]
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_view_has_no_laws_of_its_own(service: pytest.Pytester) -> None:
    service.makepyprojecttoml(SETTINGS)
    view = SERVICE.replace("    writes=2,\n", "    view=True,\n")
    service.makepyfile(shop=view)
    result = run(service, "-v", "--serde-lock-update")
    result.assert_outcomes(passed=2)
    assert "shop.order::laws" not in result.stdout.str()


def test_each_schema_has_tests_that_nobody_wrote(service: pytest.Pytester) -> None:
    service.makepyprojecttoml(SETTINGS)
    result = run(service, "-v", "--serde-lock-update")
    result.stdout.fnmatch_lines_random(
        [
            "pyproject.toml::serde: shop.order::laws PASSED*",
            "pyproject.toml::serde: shop.order::lock PASSED*",
            "pyproject.toml::serde: shop.heartbeat::lock PASSED*",
            "wrote serde-lock/shop.order.json",
            "wrote serde-lock/shop.heartbeat.json",
        ]
    )
    result.assert_outcomes(passed=3)
    run(service, "pyproject.toml::serde: shop.order::laws").assert_outcomes(passed=1)
    service.makepyprojecttoml(WITHOUT_LAWS)
    again = run(service)
    again.assert_outcomes(passed=2)
    again.stdout.no_fnmatch_line("wrote*")


def test_they_can_be_chosen(service: pytest.Pytester) -> None:
    locked(service)
    service.makepyfile(test_own="def test_own(): pass")
    run(service, "test_own.py").assert_outcomes(passed=1)
    run(service, "pyproject.toml").assert_outcomes(passed=2)
    run(service, "pyproject.toml::serde: shop.order::lock").assert_outcomes(passed=1)
    run(service).assert_outcomes(passed=3)
    run(service, "-k", "heartbeat").assert_outcomes(passed=1, deselected=2)


def test_they_run_where_the_tests_are_in_a_folder(service: pytest.Pytester) -> None:
    locked(service)
    service.makepyprojecttoml(WITHOUT_LAWS + 'testpaths = ["tests"]\n')
    service.mkdir("tests").joinpath("test_own.py").write_text("def test_own(): pass")
    run(service).assert_outcomes(passed=3)
    run(service, "-n", "1").assert_outcomes(passed=3)


def test_what_is_not_locked_fails_and_says_what_to_run(service: pytest.Pytester) -> None:
    result = run(service)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["shop.order: it is not in the lock yet.", "Run `pytest --serde-lock-update`*"])


def test_a_change_without_a_version_is_told_with_the_line_to_append(service: pytest.Pytester) -> None:
    locked(service)
    changed = SERVICE.replace("note: str | None = None", 'note: str | None = None\n    color: str = "red"')
    service.makepyfile(shop=changed)
    result = run(service)
    result.assert_outcomes(passed=1, failed=1)
    told = 'shop.order: you added `color`; append `Version(3, add("color"))`.*'
    result.stdout.fnmatch_lines([told])
    before = Path("serde-lock/shop.order.json").read_text()
    refused = run(service, "--serde-lock-update")
    refused.assert_outcomes(passed=1, failed=1)
    refused.stdout.fnmatch_lines([told])
    assert Path("serde-lock/shop.order.json").read_text() == before
    run(service, "--serde-lock-update", "--serde-lock-draft=shop.order:1").assert_outcomes(passed=2)
    assert '"color"' in Path("serde-lock/shop.order.json").read_text()
    wrong = run(service, "--serde-lock-update", "--serde-lock-draft=shop.order")
    wrong.stdout.fnmatch_lines(["*--serde-lock-draft: `shop.order` is not of the form SCHEMA:VERSION.*"])


def test_what_nothing_declares_any_more_is_told(service: pytest.Pytester) -> None:
    locked(service)
    service.makepyfile(shop=SERVICE.replace("shop.heartbeat", "shop.pulse"))
    result = run(service, "--serde-lock-update")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["shop.heartbeat: it is in the lock, and nothing declares it. Delete*"])


def test_a_broken_law_is_told_without_the_insides_of_the_library(service: pytest.Pytester) -> None:
    service.makepyprojecttoml(SETTINGS)
    step = 'retype("buyer", was=int, up=lambda number: str(10 // number), down=len)'
    service.makepyfile(shop=SERVICE.replace('add("note")', f'add("note"), {step}').replace("add\n", "add, retype\n"))
    result = run(service, "-k", "laws")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            "shop.order breaks L3 *at `retype('buyer')` of version 2: *failed on the way up with ZeroDivisionError.*",
            "  with: {'buyer': 0*",
            "  what to do: *",
            "  raised: ZeroDivisionError",
            "  *shop.py:*: in <lambda>",
        ]
    )
    result.stdout.no_fnmatch_line("*law_of_steps*")


def test_the_lock_can_be_elsewhere(service: pytest.Pytester) -> None:
    service.makepyprojecttoml(WITHOUT_LAWS + 'serde_lock = "contracts/lock"\n')
    locked(service)
    assert Path("contracts/lock/shop.order.json").exists()


@pytest.mark.parametrize(
    ("registry", "source", "told"),
    [
        ("shop", SERVICE, "serde_registries: `shop` is not of the form `module:name`."),
        ("shops:registry", SERVICE, "serde_registries: importing `shops` raised ModuleNotFoundError: *pythonpath*"),
        ("shop:registry", "1 / 0", "serde_registries: importing `shop` raised ZeroDivisionError: division by zero"),
        ("shop:registri", SERVICE, "serde_registries: `shop:registri` has no such name; it has to be a `Registry`."),
        ("shop:orders", SERVICE, "serde_registries: `shop:orders` is a `Schema` there; it has to be a `Registry`."),
    ],
    ids=["no name", "no module", "broken module", "wrong name", "no registry"],
)
def test_a_registry_that_is_not_there_is_told(pytester: pytest.Pytester, registry: str, source: str, told: str) -> None:
    pytester.makepyprojecttoml(SETTINGS.replace("shop:registry", registry))
    pytester.makepyfile(shop=source)
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    result.stdout.no_fnmatch_line("*import_module*")


def test_registries_need_a_file(pytester: pytest.Pytester) -> None:
    result = run(pytester, "-o", "serde_registries=shop:registry")
    result.stderr.fnmatch_lines(["*`serde_registries` has to stand in a configuration file*"])


def test_dropping_what_is_not_known_is_an_error(service: pytest.Pytester) -> None:
    locked(service)
    service.makepyfile(
        test_own="""
        import pytest
        from versioned_serde.testing import assert_laws, from_newer
        from shop import Order, orders

        RECORD = from_newer(orders, Order("ada"), gift="x")

        def test_drops():
            assert orders.dumps(orders.loads(RECORD))

        def test_keeps():
            assert orders.write(orders.read(RECORD))

        @pytest.mark.serde_may_drop
        def test_may_drop():
            assert orders.loads(RECORD)

        def test_laws():
            assert_laws(orders, cases=5)

        def test_fails_by_itself():
            assert orders.loads(RECORD) is None
        """
    )
    result = run(service, "test_own.py", "-v", "--strict-markers")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(
        [
            "test_own.py::test_drops FAILED*",
            "test_own.py::test_keeps PASSED*",
            "test_own.py::test_may_drop PASSED*",
            "test_own.py::test_laws PASSED*",
            "test_own.py::test_fails_by_itself FAILED*",
            "shop.order: the test read a record with attributes that this release does not know, and dropped them.*",
            "*assert Order(*",
        ]
    )


def test_it_is_found_by_its_entry_point() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True, cwd="/"
    )
    for told in ("--serde-lock-update", "--serde-lock-draft=SCHEMA:VERSION", "serde_registries (args)"):
        assert told in run.stdout
