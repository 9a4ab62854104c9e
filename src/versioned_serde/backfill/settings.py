"""`[tool.serde-backfill.<name>]` of a project's `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self

from versioned_serde.settings import SettingsError, import_path, table_above, unknown_setting

ENGINES = "processes", "dask"
_WHOLE = frozenset({"to", "workers", "shards", "batch", "threads"})
_NUMBERS = frozenset({"lease", "rate", "p95"})
_SWITCHES = frozenset({"lower", "purge"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A backfill as it is declared, in a table of the settings or by options.

    Attributes:
        name: of the run; None if neither a table nor an option says it.
        root: the project's folder.
        schema: `module:schema`, `module:registry`, or `module:registry:name` where the registry holds several.
        store: `module:store`, a store or a function without parameters that opens one.
        state: the same, of where the run keeps what it knows; beside the records if it is None.
        path: folders from which they are imported; by default `src`, if there is one, and the root.
        to: the version that records shall have.
        lower: as for `backfill`.
        purge: as for `backfill`.
        engine: `processes` or `dask`.
        scheduler: the address of Dask's scheduler.
        workers: as for `Settings`.
        shards: as for `Settings`.
        batch: as for `Settings`.
        lease: as for `Settings`.
        threads: as for `Settings`.
        rate: as for `Pace`.
        p95: as for `Pace`.
        health: `module:function`, as for `Pace`.
        side_places: caches, queues, backups: what may hold records beside the store, and is not scanned.
    """

    name: str | None = None
    root: Path = Path()
    schema: str | None = None
    store: str | None = None
    state: str | None = None
    path: tuple[str, ...] = ()
    to: int | None = None
    lower: bool = False
    purge: bool = False
    engine: Literal["processes", "dask"] = "processes"
    scheduler: str | None = None
    workers: int | None = None
    shards: int | None = None
    batch: int = 200
    lease: float = 15.0
    threads: int = 1
    rate: float | None = None
    p95: float | None = None
    health: str | None = None
    side_places: tuple[str, ...] = ()

    @property
    def import_path(self) -> tuple[Path, ...]:
        """The folders from which what is named is imported."""
        return import_path(self.root, self.path)

    def but(self, said: Mapping[str, Any]) -> Self:
        """With what options say; what is None there, or an unset switch, stays."""
        return replace(self, **{name: value for name, value in said.items() if value not in (None, False)})


def tables(start: Path) -> dict[str, Wanted]:
    """All backfills of the project that a folder is in: of the nearest `pyproject.toml` above that declares any.

    Raises:
        SettingsError: a table says what this release does not know.
    """
    found = table_above(start, "serde-backfill")
    if found is None:
        return {}
    folder, declared = found
    if type(declared) is not dict or not all(type(each) is dict for each in declared.values()):
        raise SettingsError(
            "[tool.serde-backfill] holds something else than tables.",
            hint='Give each backfill a table: [tool.serde-backfill.orders], with schema = "shop.serde:orders".',
        )
    return {name: _of(folder, name, table) for name, table in declared.items()}


def wanted(declared: Mapping[str, Wanted], name: str | None, said: Mapping[str, Any], *, strict: bool) -> Wanted:
    """The backfill that is meant.

    Args:
        declared: those of the settings.
        name: the name that was given, of a table or a run, if any.
        said: options, in the place of what the table says.
        strict: whether a name that no table has is an error. Else it is taken for that of a run, where the places are
            clear.

    Raises:
        SettingsError: it is not clear which, or where its records are.
    """
    known = ", ".join(f"`{each}`" for each in declared)
    if name is not None and (table := declared.get(name) or declared.get(name.removesuffix(".census"))):
        return _complete(replace(table, name=name).but(said))
    if said.get("schema") and said.get("store"):
        return Wanted(name=name, root=Path.cwd()).but(said)
    if name is not None and (strict or len(declared) != 1):
        close = get_close_matches(name, declared, n=1)
        guess = f"Did you mean `{close[0]}`? " if close else ""
        raise SettingsError(
            f"No backfill is declared as `{name}`.",
            hint=f"{guess}Declared are: {known or 'none'}. Add a table [tool.serde-backfill.{name}] to pyproject.toml,"
            " or say --schema and --store.",
        )
    if len(declared) != 1:
        raise SettingsError(
            f"Several backfills are declared: {known}." if declared else "No backfill is declared here.",
            hint="Say which by its name."
            if declared
            else "Add a table [tool.serde-backfill.<name>] with schema and store to pyproject.toml, or say --schema and"
            " --store.",
        )
    (table,) = declared.values()
    return _complete((table if name is None else replace(table, name=name)).but(said))


def _complete(table: Wanted) -> Wanted:
    for each in ("schema", "store"):
        if getattr(table, each) is None:
            raise SettingsError(
                f"[tool.serde-backfill.{table.name}] has no `{each}`.", hint=f"Add it, or say --{each}."
            )
    return table


def _of(root: Path, name: str, table: Mapping[str, Any]) -> Wanted:
    where = f"[tool.serde-backfill.{name}]"
    known = [each.name for each in fields(Wanted) if each.name not in ("root", "name")]
    said: dict[str, Any] = {}
    for spelled, value in table.items():
        key = spelled.replace("-", "_")
        if key not in known:
            raise unknown_setting(where, key, known)
        said[key] = _checked(where, key, value)
    return Wanted(name=name, root=root, **said)


def _checked(where: str, key: str, value: Any) -> Any:
    if key in _SWITCHES:
        wrong = "true or false" if type(value) is not bool else ""
    elif key in _WHOLE:
        wrong = "a whole number of 1 or more" if type(value) is not int or value < 1 else ""
    elif key in _NUMBERS:
        wrong = "a number above 0" if type(value) not in (int, float) or value <= 0 else ""
        value = value if wrong else float(value)
    elif key in ("path", "side_places"):
        what = "folders" if key == "path" else "names"
        wrong = f"a list of {what}" if type(value) is not list or any(type(each) is not str for each in value) else ""
        value = value if wrong else tuple(value)
    elif key == "engine":
        wrong = f"one of {', '.join(ENGINES)}" if value not in ENGINES else ""
    else:
        wrong = "a text" if type(value) is not str or not value else ""
    if wrong:
        raise SettingsError(f"`{key}` in {where} is not {wrong}.")
    return value
