"""What the settings name, imported: the schema, the stores, the health check."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from versioned_serde.backfill.settings import Wanted
from versioned_serde.backfill.throttle import Health
from versioned_serde.protocols import ScannedStore
from versioned_serde.registry import Registry
from versioned_serde.schema import Schema
from versioned_serde.settings import SettingsError, another_thing, named, result_of


@dataclass(frozen=True, slots=True)
class Project:
    """A backfill's schema and stores. What it opened, it closes.

    Attributes:
        wanted: as it is declared.
        schema: whose records they are.
        store: where they are.
        health: says whether the service is well, or None.
    """

    wanted: Wanted
    schema: Schema[Any]
    store: ScannedStore
    health: Health | None
    _stack: ExitStack

    def place(self) -> ScannedStore:
        """Where runs keep what they know. Opening it may make it."""
        if self.wanted.state is not None:
            return _opened(self.wanted.state, "state", self._stack, self.wanted.import_path)
        place = self.store.beside("backfill")
        _close_later(place, self._stack)
        return place


@contextmanager
def project(wanted: Wanted) -> Iterator[Project]:
    """Imports and opens what is named.

    Raises:
        SettingsError: something that is named is not there, or is something else.
        StoreError: a store cannot be opened.
    """
    assert wanted.schema is not None
    assert wanted.store is not None
    # Worker processes are given the path too, and import the same modules from it.
    sys.path[:0] = [str(each) for each in wanted.import_path if str(each) not in sys.path]
    with ExitStack() as stack:
        schema = _schema(wanted.schema, wanted.import_path)
        health = None if wanted.health is None else _function(wanted.health, wanted.import_path)
        yield Project(wanted, schema, _opened(wanted.store, "store", stack, wanted.import_path), health, stack)


def _schema(name: str, folders: Iterable[Path]) -> Schema[Any]:
    place, _, within = name.partition(":")
    attribute, _, called = within.partition(":")
    found = named(f"{place}:{attribute}", "schema", folders)
    if isinstance(found, Schema) and not called:
        return found
    if not isinstance(found, Registry):
        raise another_thing(name, "schema", found, "a `Schema`, or a `Registry` with the schema's name behind it")
    schemas = {each.name: each for each in found.schemas}
    names = list(schemas)
    if not called and len(names) == 1:
        called = names[0]
    if called not in names:
        raise SettingsError(
            f"The registry `{place}:{attribute}` has no schema `{called}`."
            if called
            else f"The registry `{place}:{attribute}` has {len(names)} schemas.",
            hint=f"Say `{place}:{attribute}:NAME`; it has {', '.join(names) or 'none'}.",
        )
    return schemas[called]


def _opened(name: str, what: str, stack: ExitStack, folders: Iterable[Path]) -> ScannedStore:
    found = named(name, what, folders)
    if callable(found) and not hasattr(found, "scan"):
        found = result_of(found, name)
        _close_later(found, stack)
    missing = [each for each in ("get", "update", "scan", "partition", "beside") if not hasattr(found, each)]
    if missing:
        raise another_thing(
            name, what, found, f"a store that can be gone through, or a function that opens one (no `{missing[0]}`)"
        )
    return cast("ScannedStore", found)


def _close_later(store: object, stack: ExitStack) -> None:
    if (close := getattr(store, "close", None)) is not None:
        stack.callback(close)


def _function(name: str, folders: Iterable[Path]) -> Health:
    found = named(name, "health", folders)
    if not callable(found):
        raise another_thing(name, "health", found, "a function")
    if getattr(found, "__module__", None) is None or "<" in getattr(found, "__qualname__", "<"):
        raise SettingsError(
            f"`{name}` cannot be sent to the workers.", hint="Define it by `def` at the top of its module."
        )
    return cast("Health", found)
