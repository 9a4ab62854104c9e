"""How the program finds what it works on; each mistake is told, with what to do."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import Service
from versioned_serde.cli import backfill
from versioned_serde.cli.backfill.command import command

VERBS = sorted(
    path.stem
    for path in Path(backfill.__path__[0]).glob("*.py")
    if not path.stem.startswith("_") and path.stem != "command"
)
TABLE = '[tool.serde-backfill.orders]\nschema = "{module}:orders"\nstore = "{module}:store"\n'


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_examples(run: Run, verb: str) -> None:
    ran = run(verb, "--help")
    assert ran.code == 0
    assert re.search(rf"Examples:\s+serde-backfill {verb}\b", ran.out)


def test_the_program_lists_its_verbs(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert {
        "plan",
        "run",
        "status",
        "pause",
        "resume",
        "stop",
        "rate",
        "verify",
        "report",
        "quarantine",
        "forget",
    } <= set(VERBS)
    for verb in VERBS:
        assert f"\n  {verb} " in ran.out
        assert import_module(f"{backfill.__name__}.{verb}").command.help
    assert command.help


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("", ["status"], "No backfill is declared here. Add a table [tool.serde-backfill.<name>]"),
        ("no toml", ["status"], "is no TOML"),
        ("[tool]\nserde-backfill = 1\n", ["status"], "something else than tables"),
        ('[tool.serde-backfill]\nstore = "a:b"\n', ["status"], "something else than tables"),
        (TABLE + "batches = 3\n", ["status"], "has no setting `batches`. Did you mean `batch`?"),
        (
            TABLE + "batch = 0\n",
            ["status"],
            "`batch` in [tool.serde-backfill.orders] is not a whole number of 1 or more",
        ),
        (TABLE + 'rate = "fast"\n', ["status"], "is not a number above 0"),
        (TABLE + "purge = 1\n", ["status"], "is not true or false"),
        (TABLE + 'engine = "ray"\n', ["status"], "is not one of processes, dask"),
        (TABLE + 'path = "src"\n', ["status"], "is not a list of folders"),
        (TABLE + "state = 1\n", ["status"], "is not a text"),
        (TABLE, ["run", "ordres"], "No backfill is declared as `ordres`. Did you mean `orders`?"),
        (TABLE + TABLE.replace("orders]", "more]"), ["run"], "Several backfills are declared: `orders`, `more`."),
        ('[tool.serde-backfill.a]\nstore = "{module}:store"\n', ["status"], "has no `schema`"),
        (TABLE.replace(":orders", ""), ["status"], "is not of the form `module:name`"),
        (TABLE.replace(":orders", ":ordres"), ["status"], "has no `ordres`, which `schema` names"),
        (TABLE.replace(":orders", ":store"), ["status"], "as `schema` is a `function`; it has to be a `Schema`"),
        (TABLE.replace(":orders", ":several"), ["status"], "has 2 schemas."),
        (TABLE.replace(":orders", ":several:shop.c"), ["status"], "has no schema `shop.c`. Say `"),
        (TABLE.replace("{module}:store", "nowhere:store"), ["status"], "Importing `nowhere` failed"),
        (TABLE.replace(":store", ":broken"), ["status"], "`{module}:broken()` raised KeyError"),
        (TABLE.replace(":store", ":orders"), ["status"], "as `store` is a `Schema`; it has to be a store"),
        (TABLE + 'health = "{module}:health"\nto = 2\n', ["run"], "cannot be sent to the workers"),
        (TABLE + 'health = "{module}:orders"\nto = 2\n', ["run"], "it has to be a function"),
        (TABLE + 'engine = "dask"\nto = 2\n', ["run"], "Dask's scheduler is not named."),
        (TABLE, ["run", "--to", "3"], "Version 3 is not listed"),
        (TABLE, ["status", "nobody"], "There is no such run. Known are: none."),
        (TABLE, ["report"], "There is no such run"),
        (TABLE, ["rate", "0"], "neither a number of records a second"),
        (TABLE, ["pause", "--no-such"], "No such option"),
    ],
)
def test_wrong_use_is_told(service: Service, run: Run, text: str, arguments: list[str], told: str) -> None:
    service.declares(text=text)
    ran = run(*arguments)
    assert ran.code == 2
    assert told.replace("{module}", service.module) in ran.err.replace("\n", " ")
    assert "Traceback" not in ran.err


def test_a_module_that_fails_is_named(service: Service, run: Run) -> None:
    (service.root / f"{service.module}.py").write_text("1 / 0\n")
    ran = run("status")
    assert ran.code == 2
    assert "raised ZeroDivisionError: division by zero" in ran.err


def test_options_take_the_place_of_the_table(service: Service, run: Run) -> None:
    service.declares(text="")
    service.fill(3)
    ran = run(
        "plan",
        "--schema",
        f"{service.module}:several:shop.b",
        "--store",
        f"{service.module}:store",
        "--to",
        "2",
        "--format",
        "json",
    )
    assert (ran.code, json.loads(ran.out)["schema"]) == (0, "shop.b")


def test_code_is_imported_from_src_and_state_may_be_elsewhere(service: Service, run: Run) -> None:
    (service.root / "src").mkdir()
    (service.root / f"{service.module}.py").rename(service.root / "src" / f"{service.module}.py")
    (service.root / "src" / f"{service.module}_state.py").write_text(
        f"from {service.module} import store as _store\n\n\ndef place():\n    return _store().beside('elsewhere')\n"
    )
    service.declares(f'state = "{service.module}_state:place"\n')
    assert run("status") == (0, "No runs.\n", "")
    with service.store() as store:
        assert list(store.beside("elsewhere").keys()) == []
