"""The project in this working tree: its registries, imported, and where in the source they declare what."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from versioned_serde.check.finding import Place
from versioned_serde.check.importing import importing_from
from versioned_serde.check.settings import Settings
from versioned_serde.lock.files import Declared
from versioned_serde.registry import Registry
from versioned_serde.settings import SettingsError, another_thing, named

_DECLARING = ("Schema", "Parameter")


def load_registries(settings: Settings) -> list[Declared]:
    """All that the project's registries declare, each once. Imports the project's modules.

    Raises:
        SettingsError: a registry cannot be imported.
        DeclarationError: what the project declares cannot be right.
    """
    if not settings.registries:
        raise SettingsError(
            "[tool.serde-check] names no registries.", hint='Say for example registries = ["shop.serde:registry"].'
        )
    declared: dict[int, Declared] = {}
    with importing_from(settings.import_path):
        for name in settings.registries:
            declared |= {id(each): each for each in _registry(name, settings)}
    return list(declared.values())


def _registry(name: str, settings: Settings) -> Registry:
    found = named(name, "registries", settings.import_path)
    if not isinstance(found, Registry):
        raise another_thing(name, "registries", found, "a `Registry`")
    return found


def places(settings: Settings, names: Iterable[str]) -> Mapping[str, Place]:
    """Where schemas and parameters are declared: the calls with their names as literals, in the project's files.

    What is declared in a loop, or under a computed name, has no place.
    """
    wanted = set(names)
    found: dict[str, Place] = {}
    for file in sources(settings):
        text = file.read_text(encoding="utf-8", errors="replace")
        if any(f"{verb}(" in text for verb in _DECLARING):
            found.update(_calls(file, text, wanted))
    return found


def sources(settings: Settings) -> list[Path]:
    """The project's imported Python files, sorted."""
    root = settings.root
    files = {Path(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
    return sorted(
        file
        for file in files
        if file.suffix == ".py" and file.is_relative_to(root) and "site-packages" not in file.parts
    )


def shown(file: Path) -> str:
    """A file as findings name it: relative to where the command runs, with slashes, if it is below."""
    try:
        return file.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return Path(os.path.relpath(file)).as_posix()


def _calls(file: Path, text: str, names: set[str]) -> Iterator[tuple[str, Place]]:
    try:
        tree = ast.parse(text)
    except SyntaxError:  # it was imported, so it has changed since
        return
    lines = text.split("\n")
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=verb) | ast.Attribute(attr=verb), args=[ast.Constant(value=name), *_]):
                if verb in _DECLARING and name in names:
                    yield str(name), _place(file, lines[node.lineno - 1], node)


def _place(file: Path, line: str, node: ast.Call) -> Place:
    # Of what is called alone: the whole call is as long as the schema's history.
    return Place(
        path=shown(file),
        line=node.lineno,
        column=_column(line, node.col_offset),
        end_line=node.func.end_lineno,
        end_column=_column(line, node.func.end_col_offset) if node.func.end_lineno == node.lineno else None,
    )


def _column(line: str, offset: int | None) -> int:
    """A column of characters, from 1, for the parser's offset, which counts bytes of UTF-8 from 0."""
    return len(line.encode()[:offset].decode(errors="replace")) + 1
