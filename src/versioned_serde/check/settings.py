"""`[tool.serde-check]` of a project's `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from versioned_serde.settings import SettingsError, import_path, table_above, unknown_setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `[tool.serde-check]` says.

    Attributes:
        root: the project's folder, with its `pyproject.toml`. Paths in the settings are relative to it.
        registries: the service's registries, as `module:name`.
        path: folders from which they are imported; by default `src`, if there is one, and the root.
        lock: folder of the lock.
        against: releases that run while this one is deployed, each a git ref, a folder or a file.
        supported: further releases that somebody may go back to.
        severity: rule -> severity, or `off`.
        ignore: findings that are waved through.
    """

    root: Path
    registries: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    lock: str = "serde-lock"
    against: tuple[str, ...] = ()
    supported: tuple[str, ...] = ()
    severity: Mapping[str, Any] | None = None
    ignore: tuple[Mapping[str, Any], ...] = ()

    @property
    def lock_folder(self) -> Path:
        """The folder of the lock."""
        return self.root / self.lock

    @property
    def import_path(self) -> tuple[Path, ...]:
        """The folders from which registries are imported."""
        return import_path(self.root, self.path)

    @classmethod
    def load(cls, start: Path) -> Settings:
        """The settings of the project that a folder is in: the nearest `pyproject.toml` above that has any.

        Raises:
            SettingsError: there are none, or they say what this release does not know.
        """
        if (found := table_above(start, "serde-check")) is not None:
            return cls._of(*found)
        raise SettingsError(
            f"No `pyproject.toml` in `{start}` or above has a table [tool.serde-check].",
            hint='Add one that names your registries: registries = ["shop.serde:registry"].',
        )

    @classmethod
    def _of(cls, root: Path, table: object) -> Settings:
        if type(table) is not dict:
            raise SettingsError("[tool.serde-check] is not a table.")
        known = [each.name for each in fields(cls) if each.name != "root"]
        said: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                raise unknown_setting("[tool.serde-check]", key, known)
            said[key] = _checked(key, value)
        return cls(root=root, **said)


def _checked(key: str, value: Any) -> Any:
    if key == "lock":
        if type(value) is str and value:
            return value
        raise SettingsError(f"`{key}` in [tool.serde-check] is not a folder's name.")
    if key == "severity":
        if type(value) is dict:
            return value
        raise SettingsError("[tool.serde-check.severity] is not a table.")
    kind = dict if key == "ignore" else str
    if type(value) is list and all(type(each) is kind for each in value):
        return tuple(value)
    what = "tables: write [[tool.serde-check.ignore]]" if kind is dict else "texts"
    raise SettingsError(f"`{key}` in [tool.serde-check] is not a list of {what}.")
