"""The releases of a service that keeps cities. Each is complete; what matters is the difference from the one before."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

from versioned_serde import Records, Schema
from versioned_serde.protocols import ObjectStore


class Release(Protocol):
    """What the demo asks of a release."""

    @property
    def cities(self) -> Schema[Any]:
        """The declaration."""

    def records(self, store: ObjectStore) -> Records[Any]:
        """The cities in a store."""

    def survey(self) -> dict[str, Any]:
        """What a surveyor found in a city: new values by attribute."""


def load(module: str) -> Release:
    """The release in a module."""
    return cast(Release, import_module(module))
