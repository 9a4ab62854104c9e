"""What a project's `pyproject.toml` tells the programs: tables, and the places in its code that these name."""

from __future__ import annotations

import tomllib
import traceback
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from versioned_serde.errors import SerdeError


class SettingsError(SerdeError):
    """The settings, or something that they name, cannot be used; the text says which and what to do."""


def table_above(start: Path, tool: str) -> tuple[Path, object] | None:
    """The folder of the nearest `pyproject.toml` in or above one that has a table `[tool.<tool>]`, and the table.

    Raises:
        SettingsError: a file on the way is no TOML.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"`{file}` is no TOML: {error}") from None
        found: object = content.get("tool", {}).get(tool)
        if found is not None:
            return folder, found
    return None


def unknown_setting(where: str, key: str, known: Iterable[str]) -> SettingsError:
    """That a table says what this release does not know."""
    names = list(known)
    close = get_close_matches(key, names, n=1)
    return SettingsError(
        f"{where} has no setting `{key}`.",
        hint=f"Did you mean `{close[0]}`?" if close else f"Known are {', '.join(names)}.",
    )


def import_path(root: Path, path: Iterable[str]) -> tuple[Path, ...]:
    """Folders from which what is named is imported: `path`; if it is empty, `src`, if there is one, and `root`."""
    said = tuple(root / each for each in path)
    return said or tuple(each for each in (root / "src", root) if each.is_dir())


def named(name: str, setting: str, looked_in: Iterable[Path]) -> object:
    """What `module:name` stands for, imported.

    Args:
        name: as it was said.
        setting: by which.
        looked_in: folders of the import path that are the project's, for the error's text.

    Raises:
        SettingsError: it is not there, or importing it failed.
        SerdeError: importing it raised this: what the project declares cannot be right.
    """
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise SettingsError(f"`{name}` as `{setting}` is not of the form `module:name`.")
    try:
        imported = import_module(module)
    except ModuleNotFoundError as error:
        folders = ", ".join(f"`{each}`" for each in looked_in)
        raise SettingsError(
            f"Importing `{module}` failed: {error}.",
            hint=f"Is the service installed, or its folder in `path`? Looked in {folders} too.",
        ) from None
    except SerdeError:
        raise
    except Exception as error:  # noqa: BLE001  importing a service runs its code, which raises what it likes
        raise _raised(f"Importing `{module}`", error) from None
    if not hasattr(imported, attribute):
        raise SettingsError(f"`{module}` has no `{attribute}`, which `{setting}` names.")
    found: object = getattr(imported, attribute)
    return found


def result_of(function: Callable[[], object], name: str) -> object:
    """What a function of the project returns.

    Raises:
        SettingsError: it failed.
        SerdeError: it raised this.
    """
    try:
        return function()
    except SerdeError:
        raise
    except Exception as error:  # noqa: BLE001  the same
        raise _raised(f"`{name}()`", error) from None


def another_thing(name: str, setting: str, found: object, expected: str) -> SettingsError:
    """That what is named is something else than it has to be."""
    return SettingsError(f"`{name}` as `{setting}` is a `{type(found).__name__}`; it has to be {expected}.")


def _raised(what: str, error: Exception) -> SettingsError:
    told = traceback.extract_tb(error.__traceback__)[-1]
    return SettingsError(f"{what} raised {type(error).__name__}: {error} (`{told.filename}`, line {told.lineno}).")
