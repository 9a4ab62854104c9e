"""Names -> plug-ins, imported when a schema asks for them and not before.

A built-in plug-in is the module of that name in its folder. Other people's are found by entry points, in the groups
`versioned_serde.codecs`, `versioned_serde.codings` and `versioned_serde.models`. A built-in name always means the
built-in plug-in, and a built-in kind is asked first: what is installed beside the library cannot change what records
mean that exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from versioned_serde import codecs, codings, models, native
from versioned_serde.errors import DeclarationError, MissingExtraError
from versioned_serde.protocols import Codec, Coding, ModelKind

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_STANDARD_KINDS = ("dataclass", "mapping")
"""The kinds that need no library, so that asking them costs nothing."""
_PRIVATE = range(128, 256)
"""The ids of other people's plug-ins; the others are the library's, now or later."""
_PROTOCOLS: dict[str, type] = {"codecs": Codec, "codings": Coding, "models": ModelKind}
_holders: dict[tuple[str, int], str] = {}
"""(folder, id) -> whose plug-in has it: of those that were loaded, since one that nobody asks for is not imported."""


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
    for name in _kinds(tuple(models.__path__)):
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
        found = _loaded("models", entry)
        if found.owns(model):
            return found
    return None


def twins() -> Any:
    """The module `adapters.msgspec_twin`, or None where msgspec or the native core is missing."""
    try:
        return import_module("versioned_serde.adapters.msgspec_twin") if native.in_use() else None
    except ImportError:
        return None


@cache
def _kinds(path: tuple[str, ...]) -> tuple[str, ...]:
    """The built-in kinds; asked for each model, so the folder is looked into once."""
    return tuple(_names(path))


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
    offered = tuple(entry_points(group=f"versioned_serde.{folder}", name=name))
    if len(offered) > 1:
        raise DeclarationError(
            f"`{name}` is offered by {' and by '.join(sorted(map(_distribution, offered)))}.",
            hint="Uninstall all but one, or pass the plug-in itself instead of its name.",
        )
    if offered:
        return _loaded(folder, offered[0])
    known = sorted({*_names(path), *(entry.name for entry in entry_points(group=f"versioned_serde.{folder}"))})
    raise DeclarationError(f"There is no `{name}` among the {folder}.", hint=f"Known are {', '.join(known)}.")


def _distribution(entry: EntryPoint) -> str:
    """Who offers an entry point, for people."""
    return "an unknown distribution" if entry.dist is None else f"`{entry.dist.name} {entry.dist.version}`"


def _loaded(folder: str, entry: EntryPoint) -> Any:
    """Another's plug-in, if it is what its protocol says.

    Raises:
        DeclarationError: it cannot be imported or made, lacks a member, or has an id or name that it must not have.
    """
    owner = f"The entry point `{entry.name}` of {_distribution(entry)}"
    hint = f"It names `{entry.value}`. See the how-to on plug-ins; uninstall the distribution if you do not need it."
    try:
        found = entry.load()()
    except Exception as error:  # it is another's code and raises what it likes
        raise DeclarationError(f"{owner} could not be loaded: {type(error).__name__}: {error}.", hint=hint) from error
    protocol = _PROTOCOLS[folder]
    members = [name for name in vars(protocol) if not name.startswith("_")]
    if lacks := [f"`{name}`" for name in members if not hasattr(found, name)]:
        raise DeclarationError(f"{owner} gives no `{protocol.__name__}`: it lacks {', '.join(lacks)}.", hint=hint)
    if found.name != entry.name:
        raise DeclarationError(f"{owner} gives a plug-in that has another `name`.", hint=hint)
    if folder != "models":
        _check_id(folder, found.id, owner, hint)
    return found


def _check_id(folder: str, id_: object, owner: str, hint: str) -> None:
    if type(id_) is not int or id_ not in _PRIVATE:
        raise DeclarationError(
            f"{owner} has an `id` that is not from {_PRIVATE[0]} to {_PRIVATE[-1]}, as those of others are.", hint=hint
        )
    holder = _holders.setdefault((folder, id_), owner)
    if holder != owner:
        first = holder[0].lower() + holder[1:]
        raise DeclarationError(f"{owner} has the `id` {id_}, which {first} has too.", hint=hint)
