from __future__ import annotations

import pickle
import subprocess
import sys
import types
from pathlib import Path
from typing import TypeVar

import pytest

from tests.backfill import counters
from tests.backfill.counters import New
from versioned_serde import Registry, Schema, Version
from versioned_serde.backfill.job import Job, Shared, place_of
from versioned_serde.backfill.throttle import Pace
from versioned_serde.errors import DeclarationError
from versioned_serde.rewriting import Target
from versioned_serde.stores.directory import DirectoryStore
from versioned_serde.stores.sqlite import SqliteStore

T = TypeVar("T")


def schema(name: str = "tests.elsewhere") -> Schema[New]:
    return Schema(name, New, Version(1, codec="json", framing="envelope"))


def job(tmp_path: Path) -> Job:
    return Job(
        name="run/1",
        schema=Shared(counters.new),
        store=SqliteStore(tmp_path / "a.db"),
        state=DirectoryStore(tmp_path / "state"),
        target=Target(3),
        batch=1,
        lease=1.0,
        threads=1,
        pace=Pace(),
        workers=1,
    )


def sent(what: T) -> T:
    """As another process gets it."""
    result: T = pickle.loads(pickle.dumps(what))  # noqa: S301 - our own
    return result


def test_a_schema_is_found_where_it_is_declared() -> None:
    assert place_of(counters.new) == ("tests.backfill.counters", "new", "")
    assert sent(Shared(counters.new)).schema is counters.new


def test_a_schema_is_found_in_a_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("shop_serde")
    made = schema()
    module.registry = Registry(schema("tests.other"), made)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop_serde", module)
    assert place_of(made) == ("shop_serde", "registry", "tests.elsewhere")
    assert sent(Shared(made)).schema is made


def test_another_process_finds_it_too(tmp_path: Path) -> None:
    (tmp_path / "shop_serde.py").write_text(
        "from dataclasses import dataclass\n"
        "from versioned_serde import Registry, Schema, Version\n"
        "@dataclass\nclass Order:\n    buyer: str\n"
        "registry = Registry(Schema('shop.order', Order, Version(1, codec='json', framing='envelope')))\n"
    )
    program = (
        "import pickle, sys; from shop_serde import registry; from versioned_serde.backfill.job import Shared;"
        "sys.stdout.buffer.write(pickle.dumps(Shared(registry['shop.order'])))"
    )
    path = [str(tmp_path), *sys.path]

    def ran(program: str, given: bytes = b"") -> bytes:
        code = f"import sys; sys.path[:] = {path!r}; {program}"
        return subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, check=True).stdout

    pickled = ran(program)
    told = ran("import pickle; print(pickle.load(sys.stdin.buffer).schema)", pickled)
    assert told == b"Schema('shop.order', versions=[1], writes=1)\n"


def test_a_module_is_preferred_to_the_program_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python shop.py` has its schema in `__main__`, which is another module in another process."""
    made = schema()
    for name in ("__main__", "__mp_main__", "zzz"):
        module = types.ModuleType(name)
        module.made = made  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, module)
    assert place_of(made) == ("zzz", "made", "")


def test_a_schema_that_no_module_holds_is_refused() -> None:
    with pytest.raises(DeclarationError, match="No module holds") as raised:
        place_of(schema())
    assert "tests.elsewhere" in str(raised.value)
    assert raised.value.hint
    with pytest.raises(DeclarationError):
        pickle.dumps(Shared(schema()))


def test_stores_that_were_sent_are_closed_and_those_of_this_process_are_not(tmp_path: Path) -> None:
    mine = job(tmp_path)
    assert not mine.received
    there = sent(mine)
    assert there.received
    assert (there.name, there.target, there.schema.schema) == ("run/1", Target(3), counters.new)
    there.store.insert("a", b"a", {})
    there.release()
    with pytest.raises(Exception, match="closed"):
        there.store.get("a")
    mine.release()
    assert mine.store.get("a") is not None
    mine.store.close()  # type: ignore[attr-defined]
