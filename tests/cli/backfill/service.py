"""A service in a folder of its own whose records are rewritten."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from versioned_serde import SqliteStore
from versioned_serde.backfill import Settings, backfill
from versioned_serde.backfill.record import Progress

_NUMBERS = itertools.count()
_SETTINGS = """\
[tool.serde-backfill.orders]
schema = "{module}:orders"
store = "{module}:store"
to = 2
workers = 1
shards = 2
batch = 10
"""
_SOURCE = """\
from dataclasses import dataclass
from pathlib import Path

from versioned_serde import Registry, Schema, SqliteStore, Version, add, rename


@dataclass
class Order:
    buyer: str
    total: int


lines = Version(1, codec="json", framing="envelope"), Version(2, rename("customer", "buyer"))
orders = Schema("shop.order", Order, *lines, writes={writes})
registry = Registry(orders)
old = Schema("shop.order", Order, *lines, writes=1)
several = Registry(Schema("shop.a", Order, *lines, writes=2), Schema("shop.b", Order, *lines, writes=2))
health = lambda: True


def store():
    return SqliteStore(Path(__file__).parent / "shop.db", fsync=False)


def broken():
    raise KeyError("a bug of the service")


def is_well():
    return True
"""
BAD = b"\xf6 not an order of ada"
PROGRESS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["run", "generation", "kind", "schema", "to", "state", "shards", "shards_done", "books", "balanced"],
    "properties": {
        "run": {"type": "string"},
        "generation": {"type": "string"},
        "kind": {"enum": ["rewrite", "census"]},
        "schema": {"type": "string"},
        "to": {"type": ["integer", "null"]},
        "lower": {"type": "boolean"},
        "purge": {"type": "boolean"},
        "state": {"enum": ["under way", "paused", "stopped", "done"]},
        "began_at": {"type": "string"},
        "ended_at": {"type": ["string", "null"]},
        "shards": {"type": "integer", "minimum": 1},
        "shards_done": {"type": "integer", "minimum": 0},
        "estimate": {"type": ["integer", "null"]},
        "books": {
            "type": "object",
            "additionalProperties": False,
            "required": ["scanned", "migrated", "already", "overtaken", "deleted", "quarantined"],
            "patternProperties": {".": {"type": "integer", "minimum": 0}},
        },
        "balanced": {"const": True},
        "rate_asked": {"type": ["number", "null"]},
        "counts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["version", "min_reader", "mixed", "records"],
                "properties": {
                    "version": {"type": "integer"},
                    "min_reader": {"type": "integer"},
                    "mixed": {"type": "boolean"},
                    "records": {"type": "integer"},
                },
            },
        },
        "unreadable": {"type": "object", "patternProperties": {".": {"type": "integer", "minimum": 1}}},
        "rate": {"type": ["number", "null"]},
        "eta": {"type": ["number", "null"]},
        "older": {"type": "integer"},
    },
}


class Service:
    """The folder of a service, with its module and its database."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.module = f"shop_{os.getpid()}_{next(_NUMBERS)}"  # modules of all tests are in one process
        self.declares()
        self.says(writes=2)

    def declares(self, more: str = "", text: str | None = None) -> None:
        """Writes the settings."""
        content = _SETTINGS.format(module=self.module) + more if text is None else text.format(module=self.module)
        (self.root / "pyproject.toml").write_text(content)

    def says(self, *, writes: int) -> None:
        """Writes the module."""
        (self.root / f"{self.module}.py").write_text(_SOURCE.format(writes=writes))

    @property
    def code(self) -> Any:
        """The module, imported."""
        return import_module(self.module)

    @contextmanager
    def store(self) -> Iterator[SqliteStore]:
        with self.code.store() as store:
            yield store

    def fill(self, number: int, *, bad: int = 0) -> None:
        """Old records, and some that nobody can read."""
        with self.store() as store:
            for each in range(number):
                store.insert(f"order-{each:05}", self.code.old.dumps(self.code.Order("ada", each)), {})
            for each in range(bad):
                store.insert(f"bad-{each}", BAD, {})

    def backfilled(self, name: str = "orders", to: int = 2) -> Progress:
        """A run in this process, as quick as can be."""
        with self.store() as store, store.beside("backfill") as state, ThreadPoolExecutor(1) as engine:
            settings = Settings(engine=engine, workers=1, shards=2, batch=10)
            return backfill(self.code.orders, store, to=to, name=name, state=state, settings=settings)

    def start(
        self,
        *arguments: str,
        stdin: int | None = None,
        stdout: int = subprocess.PIPE,
        env: dict[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts the program in the folder, as a user does, as the leader of a group that can be interrupted."""
        command = [sys.executable, "-m", "versioned_serde.cli.backfill.command", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=env,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )


def lines_of(out: bytes | str) -> list[dict[str, Any]]:
    """The objects of lines of JSON."""
    return [json.loads(line) for line in out.splitlines()]
