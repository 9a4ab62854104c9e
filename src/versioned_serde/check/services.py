"""A file that names services, what they run and want, and who calls whom."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from versioned_serde.check.baseline import baseline
from versioned_serde.check.moves import Service
from versioned_serde.check.settings import Settings
from versioned_serde.settings import SettingsError

_KEYS = ("project", "lock", "against", "calls")


def services(file: Path) -> list[Service]:
    """The services of a file.

    It is TOML:

        [services.shop]
        project = "shop"          # its folder, relative to this file; its lock there says what is wanted
        against = "shop-v1.4.0"   # what runs: a git ref, or a folder or file in the project
        calls = ["billing"]

    Raises:
        SettingsError: the file is none, or names what is not there.
        LockError: a lock cannot be read.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"`{file}` is no TOML: {error}") from None
    tables = content.get("services")
    if type(tables) is not dict or not tables or not all(type(each) is dict for each in tables.values()):
        raise SettingsError(f"`{file}` has no tables [services.NAME].")
    return [_service(file, name, table, set(tables)) for name, table in tables.items()]


def _service(file: Path, name: str, table: dict[str, Any], known: set[str]) -> Service:
    if unknown := sorted(table.keys() - set(_KEYS)):
        raise SettingsError(f"`{file}`: services.{name} says `{unknown[0]}`; known are {', '.join(_KEYS)}.")
    said = {"project": ".", "lock": "serde-lock", **table}
    calls = said.get("calls", [])
    if not all(type(said.get(key)) is str for key in ("project", "lock", "against")):
        raise SettingsError(f"`{file}`: services.{name} does not say `against`, or something else than texts.")
    if type(calls) is not list or not set(calls) <= known:
        raise SettingsError(
            f"`{file}`: services.{name} calls what is no service here.", hint=f"Known: {sorted(known)}."
        )
    settings = Settings(root=file.resolve().parent / said["project"], lock=said["lock"])
    target = baseline(said["lock"], settings)
    if not target.schemas and not target.parameters:
        raise SettingsError(f"`{settings.lock_folder}` holds no lock.", hint="Run `serde-check lock` there.")
    return Service(name=name, before=baseline(said["against"], settings), target=target, calls=frozenset(calls))
