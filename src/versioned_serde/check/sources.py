"""What source rules look at: the project's Python files, what it declares, and how models behaved before."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Place
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.lock.description import attributes
from versioned_serde.schema import Schema
from versioned_serde.shape import Shape


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the project.

    Attributes:
        path: as findings name it.
        tree: its syntax.
        namespace: the names at its top level, as they are in this process; empty if it was not imported.
        name: of the module; empty if it was not imported.
    """

    path: str
    tree: ast.Module
    namespace: Mapping[str, Any]
    name: str = ""

    def at(self, node: ast.AST) -> Place:
        """The place of a part of it."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        return Place(path=self.path, line=line, column=column + 1)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a model did in another release beyond its shape, and what it does now.

    Attributes:
        other: the release.
        before: the schema in it.
        now: the schema now.
        path: of the attribute; of an object it ends with a dot, and of the outermost one it is `the top`.
        gone: facts that are gone.
        come: facts that are new.
    """

    other: Release
    before: SchemaLock
    now: SchemaLock
    path: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


# Not `slots`: what is found once is kept.
@dataclass(frozen=True, kw_only=True)
class Sources:
    """A project's sources.

    Attributes:
        comparison: what it declares, and the releases that it is held against.
        modules: its files.
    """

    comparison: Comparison
    modules: Sequence[Module]

    @cached_property
    def schemas(self) -> tuple[Schema[Any], ...]:
        """The live schemas."""
        return tuple(each for each in self.comparison.declared.values() if isinstance(each, Schema))

    @cached_property
    def models(self) -> dict[type, str]:
        """Each class that a record holds, as far as it is a class, and the name of a schema that has it."""
        found: dict[type, str] = {}
        for schema in self.schemas:
            for shape in _shapes(schema):
                if isinstance(shape.model, type):
                    found.setdefault(shape.model, schema.name)
        return found

    @cached_property
    def packages(self) -> frozenset[str]:
        """The names of the project's own top-level packages and modules."""
        return frozenset(module.name.partition(".")[0] for module in self.modules if module.name)

    def behaviours(self) -> Iterator[Behaviour]:
        """Each attribute and object that other releases have too and whose facts differ, once."""
        told: set[tuple[str, str]] = set()
        beside = self.comparison.beside
        for other, before, now in self.comparison.pairs():
            was, is_ = _facts(before), _facts(now)
            for path in sorted(was.keys() | is_.keys()):
                old, new = was.get(path, frozenset()), is_.get(path, frozenset())
                if old == new or (now.name, path) in told or not _held(before, path) or not _held(now, path):
                    continue
                locks = self.comparison.schemas_beside(now.name)
                if other not in beside and any(_facts(lock).get(path, frozenset()) == new for lock in locks):
                    continue  # it was introduced before
                told.add((now.name, path))
                yield Behaviour(other, before, now, path, tuple(sorted(old - new)), tuple(sorted(new - old)))


def parsed_modules(files: Iterable[Path], shown: Mapping[Path, str] | None = None) -> list[Module]:
    """Files as modules; what is no Python is left out.

    Args:
        files: the files.
        shown: how findings name them; by default, as they are given.
    """
    imported = {Path(place): module for module in list(sys.modules.values()) if (place := _file(module))}
    found: list[Module] = []
    names = shown or {}
    for file in files:
        try:
            tree = ast.parse(file.read_text(encoding="utf-8", errors="replace"))
        except SyntaxError:
            continue
        module = imported.get(file)
        path = names[file] if file in names else file.as_posix()
        found.append(Module(path, tree, vars(module), module.__name__) if module else Module(path, tree, {}))
    return found


def _file(module: Any) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def _shapes(schema: Schema[Any]) -> Iterator[Shape]:
    shape = schema.lines[-1].shape
    yield shape
    yield from (owner for _, _, owner in attributes(shape))


def _facts(lock: SchemaLock) -> dict[str, frozenset[str]]:
    told: Mapping[str, str] = lock.content.get("behaviour", {})
    return {path: frozenset(text.split("; ")) for path, text in told.items()}


def _held(lock: SchemaLock, path: str) -> bool:
    """Whether the newest version has an attribute, or any of an object."""
    shape = lock.versions[lock.newest].shape
    if path in shape or " " in path:
        return True
    return path.endswith(".") and any(each.startswith(path) for each in shape)
