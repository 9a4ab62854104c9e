"""Strategies and laws for tests of services; needs the extra `testing`.

The names that a service's tests need are imported here when they are first used, and nothing before, because pytest
imports this package whenever it starts.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from versioned_serde.testing.assertions import assert_laws as assert_laws
    from versioned_serde.testing.strategies import histories as histories
    from versioned_serde.testing.subject import LawBrokenError as LawBrokenError
    from versioned_serde.testing.values import values_of as values_of
    from versioned_serde.testing.versions import as_version as as_version
    from versioned_serde.testing.versions import from_newer as from_newer
    from versioned_serde.testing.versions import from_version as from_version
    from versioned_serde.testing.versions import newer_packed as newer_packed

_MODULES = {
    "LawBrokenError": "subject",
    "as_version": "versions",
    "assert_laws": "assertions",
    "from_newer": "versions",
    "from_version": "versions",
    "histories": "strategies",
    "newer_packed": "versions",
    "values_of": "values",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll] - they read the imports above


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULES]
