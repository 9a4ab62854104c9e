"""Names -> plug-ins, imported when a schema asks for them and not before.

A built-in plug-in is the module of that name in its folder. Other people's are found by entry points, in the groups
`versioned_serde.codecs`, `versioned_serde.codings` and `versioned_serde.models`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from versioned_serde import codecs, codings, models, native
from versioned_serde.errors import DeclarationError, MissingExtraError
from versioned_serde.protocols import Codec, Coding, ModelKind

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_STANDARD_KINDS = ("dataclass", "mapping")
"""The kinds that need no library, so that asking them costs nothing."""


def codec(named: str | Codec) -> Codec:
    """A codec by name, or the one given.

    Raises:
        DeclarationError: no such codec; `MissingExtraError` if its library is not installed.
    """
    return _plugin("codecs", codecs.__path__, named) if isinstance(named, str) else named


def coding(named: str | Coding) -> Coding | None:
    """A coding by name, or the one given; None for `"none"`. Raises like `codec`."""
    if named == "none":
        return None
    return _plugin("codings", codings.__path__, named) if isinstance(named, str) else named


def kind(model: Any) -> ModelKind | None:
    """The kind that a model is of, or None.

    Only kinds whose name is a part of the path of the modules that the model's classes come from are imported (a
    pydantic model has a base class of `pydantic.main`), so that a service pays for no library that it does not use.
    """
    mro = getattr(model, "__mro__", ())
    # `or`: a message class that was made at run time is in no module.
    parts = {part for cls in (*mro, type(model)) for part in (cls.__module__ or "").split(".")}
    for name in _names(models.__path__):
        if name in parts and name not in _STANDARD_KINDS:
            try:
                found: ModelKind = _plugin("models", models.__path__, name)
            except MissingExtraError:
                continue  # a service's own package of that name: without the library, no model is of its kind
            if found.owns(model):
                return found
    for name in _STANDARD_KINDS:
        found = _plugin("models", models.__path__, name)
        if found.owns(model):
            return found
    for entry in entry_points(group="versioned_serde.models"):
        found = entry.load()()
        if found.owns(model):
            return found
    return None


def twins() -> Any:
    """The module `adapters.msgspec_twin`, or None where msgspec or the native core is missing."""
    try:
        return import_module("versioned_serde.adapters.msgspec_twin") if native.in_use() else None
    except ImportError:
        return None


def _names(path: Any) -> Iterator[str]:
    return (module.name for module in iter_modules(path))


def _plugin(folder: str, path: Any, name: str) -> Any:
    module = f"versioned_serde.{folder}.{name}"
    if _NAME.fullmatch(name) and find_spec(module) is not None:
        try:
            return import_module(module).plugin()
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"`{name}` needs `{error.name}`, which is not installed.",
                hint=f"Run: pip install 'versioned-serde[{name}]'",
            ) from error
    for entry in entry_points(group=f"versioned_serde.{folder}", name=name):
        return entry.load()()
    known = sorted({*_names(path), *(entry.name for entry in entry_points(group=f"versioned_serde.{folder}"))})
    raise DeclarationError(f"There is no `{name}` among the {folder}.", hint=f"Known are {', '.join(known)}.")
