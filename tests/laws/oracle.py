"""Which versions read, write and edit which, computed from the text of the design and from descriptions alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from versioned_serde import plugins
from versioned_serde.shape import FACTORY, REQUIRED, EnumType, ListType, MapType, NullableType
from versioned_serde.testing.histories import Change, History, Spec, places


@lru_cache(maxsize=256)
def min_readers(history: History) -> list[int]:
    """The min_reader of each version: kept where every reader from it on copes, else the version itself."""
    result = [1]
    for version in range(2, history.newest + 1):
        lowest = result[-1]
        codec = plugins.codec(history.forms[version - 1].codec)
        raised = history.forms[version - 1] != history.forms[version - 2] or any(
            not codec.retains_unknown
            or (codec.name == "protobuf" and _seeds(spec, change))
            or _raises(history, spec, change, range(lowest, version))
            for spec, _, change in history.changes
            if change.version == version
        )
        result.append(version if raised else lowest)
    return result


def _raises(history: History, spec: Spec, change: Change, readers: range) -> bool:
    having = [reader for reader in readers if any(each is spec for each, _, _ in _all_places(history, reader))]
    known = [spec.field(change.name, spec.stage(reader)) for reader in having]
    match change.verb:
        case "add":
            return False
        case "remove":
            return change.purge or any(each is not None and each.default is REQUIRED for each in known)
        case "widen_enum":
            return not all(each is None or _is_open(each.type) for each in known)
        case _:
            return True


def _seeds(spec: Spec, change: Change) -> bool:
    """Whether a list or map that is always written is filled with something: a repeated field is never just absent."""
    if change.verb != "add":
        return False
    added = spec.field(change.name, spec.stage(change.version))
    if added is None or added.default not in (REQUIRED, FACTORY):
        return False
    inner = added.type.inner if isinstance(added.type, NullableType) else added.type
    return isinstance(inner, ListType | MapType) and change.seeds


def _all_places(history: History, version: int) -> list[Any]:
    return [*places(history.root, version), (history.root, "", None)]


def _is_open(type_: Any) -> bool:
    inner = type_.inner if isinstance(type_, NullableType) else type_
    return isinstance(inner, EnumType) and inner.open


def may_write(history: History, newest: int) -> list[int]:
    """The versions that a release may write: at most one raising version lies above."""
    lowest = min_readers(history)
    return [
        writes
        for writes in range(1, newest + 1)
        if sum(lowest[version - 1] == version for version in range(writes + 1, newest + 1)) <= 1
    ]


def may_read(history: History, newest: int, version: int) -> bool:
    """Whether a release that lists versions up to `newest` reads a record of a version."""
    return version <= newest or min_readers(history)[version - 1] <= newest
