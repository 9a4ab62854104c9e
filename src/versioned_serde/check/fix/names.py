"""The names that a step is written with: what they are called in a file, and imports of those that it lacks."""

from __future__ import annotations

import datetime
import decimal
import sys
import typing
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import libcst as cst

import versioned_serde
from versioned_serde.check.fix.declaring import NotEditableError
from versioned_serde.check.fix.source import Entry, Source
from versioned_serde.shape import ABSENT

_PUBLIC = ("add", "redefault", "remove", "rename", "retype", "widen_enum", "within", "FACTORY", "REQUIRED")
KNOWN: Mapping[str, tuple[str, Any]] = {
    **{name: ("versioned_serde", getattr(versioned_serde, name)) for name in _PUBLIC},
    "ABSENT": ("versioned_serde.shape", ABSENT),
    "Decimal": ("decimal", decimal.Decimal),
    "UUID": ("uuid", uuid.UUID),
    **{name: ("datetime", getattr(datetime, name)) for name in ("datetime", "date", "time", "timedelta")},
    **{name: ("typing", getattr(typing, name)) for name in ("Any", "Literal")},
}
"""What a suggested step may name, with the module that it is imported from."""

_ORDERS: tuple[Callable[[str], Any], ...] = (
    lambda name: (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name),
    str.casefold,
    str,
)
"""How people sort the names of an import: constants, classes and the rest; or by letters alone."""


def local_names(namespace: Mapping[str, Any]) -> dict[str, str]:
    """What a module calls the names that it knows; empty for one that means something else there.

    Args:
        namespace: the module's names.
    """
    found: dict[str, str] = {}
    for name, (_, meant) in KNOWN.items():
        if name in namespace:
            found[name] = name if namespace[name] is meant else ""
        if not found.get(name):
            aliases = [each for each, value in namespace.items() if value is meant]
            found.update({name: aliases[0]} if aliases else {})
    return found


def translated(steps: Iterable[str], source: Source, called: Mapping[str, str], prefix: str) -> list[str]:
    """Steps with the names that a file calls them by; what it does not import yet, it does from now on.

    Args:
        steps: as Python, with the names of `KNOWN`.
        source: the file; imports are put into it.
        called: as `local_names` gives it.
        prefix: what stands in front of the library's names in the file.

    Raises:
        NotEditableError: a name means something else in the file.
    """
    result: list[str] = []
    missing: set[str] = set()
    for step in steps:
        tree = cst.parse_expression(step)
        renamer = _Renamer(called, prefix)
        changed = tree.visit(renamer)
        assert isinstance(changed, cst.BaseExpression)
        missing |= renamer.missing
        result.append(cst.Module([]).code_for_node(changed))
    for name in sorted(missing, key=_ORDERS[0]):
        _import(source, KNOWN[name][0], name)
    return result


class _Renamer(cst.CSTTransformer):
    def __init__(self, called: Mapping[str, str], prefix: str) -> None:
        super().__init__()
        self._called = called
        self._prefix = prefix
        self.missing: set[str] = set()

    def leave_Name(  # noqa: N802  the name is libcst's
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        name = original_node.value
        if name not in KNOWN:  # as keywords are not
            return updated_node
        if self._prefix and KNOWN[name][0] == "versioned_serde":
            return cst.parse_expression(self._prefix + name)
        called = self._called.get(name)
        if called == "":
            raise NotEditableError(f"`{name}` means something else in the file")
        if called is None:
            self.missing.add(name)
        return updated_node if called is None else updated_node.with_changes(value=called)


def _import(source: Source, module: str, name: str) -> None:
    """Puts a name into the file's `from module import ...`, in its order; or such a line beside its imports."""
    statements = [
        (line, small)
        for line in source.module.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.Import | cst.ImportFrom)
    ]
    for _, each in statements:
        if isinstance(each, cst.ImportFrom) and _module(source, each) == module and isinstance(each.names, Sequence):
            _into(source, each.names, name)
            return
    text = f"from {module} import {name}"
    others = [(line, other) for line, each in statements if (other := _module(source, each)) != "__future__"]
    if not others:
        raise NotEditableError(f"it has no imports beside which `{name}` could be imported")
    alike = [(line, other) for line, other in others if _standard(other) == _standard(module)]
    if before := [line for line, other in alike if other <= module]:
        source.insert_at(source.line_end(before[-1]), source.newline + text)
    elif alike:
        source.insert_at(source.span(alike[0][0])[0], text + source.newline)
    elif _standard(module):
        source.insert_at(source.span(others[0][0])[0], text + source.newline * 2)
    else:
        source.insert_at(source.line_end(others[-1][0]), source.newline * 2 + text)


def _standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _module(source: Source, statement: cst.Import | cst.ImportFrom) -> str:
    if isinstance(statement, cst.Import):
        return source.code(statement.names[0].name)
    return "." * len(statement.relative) + ("" if statement.module is None else source.code(statement.module))


def _into(source: Source, names: Sequence[cst.ImportAlias], new: str) -> None:
    known = [source.code(each.name) for each in names]
    for order in _ORDERS:
        if known == sorted(known, key=order):
            index = sum(order(each) < order(new) for each in known)
            break
    else:
        index = len(known)
    if index == 0:
        source.insert_before(names[0], new)
    else:
        source.insert_after(names, index - 1, [Entry(new)])
