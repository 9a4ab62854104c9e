"""What the workers of a run are sent."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from versioned_serde.backfill.throttle import Pace
from versioned_serde.errors import DeclarationError
from versioned_serde.protocols import ScannedStore
from versioned_serde.registry import Registry
from versioned_serde.rewriting import Target
from versioned_serde.schema import Schema


class Shared:
    """A schema that another process finds again by where it is declared: a schema is functions, which cannot be sent.

    Attributes:
        schema: the schema.
    """

    def __init__(self, schema: Schema[Any]) -> None:
        self.schema = schema

    def __reduce__(self) -> tuple[object, ...]:
        return _found, place_of(self.schema)


@dataclass(frozen=True)
class Job:
    """All that a worker needs, and can be sent to another process.

    Attributes:
        name: of the run; part of the keys of its documents.
        schema: whose records.
        store: where they are.
        state: where the run keeps what it knows.
        target: what they shall be; None for a census, which only counts.
        batch: records between two checkpoints.
        lease: seconds without a sign of life after which a worker is taken for dead.
        threads: writes of one worker that are under way at once.
        pace: what may be taken from the store.
        workers: how many share the pace.
        received: whether it was sent here from another process.
    """

    name: str
    schema: Shared
    store: ScannedStore
    state: ScannedStore
    target: Target | None
    batch: int
    lease: float
    threads: int
    pace: Pace
    workers: int
    received: bool = False

    def __reduce__(self) -> tuple[object, ...]:
        return _received, (self.__dict__ | {"received": True},)

    def release(self) -> None:
        """Closes the stores, if they came with the job: those of the process that made it are its own."""
        if self.received:
            for store in (self.store, self.state):
                if (close := getattr(store, "close", None)) is not None:
                    close()


def place_of(schema: Schema[Any]) -> tuple[str, str, str]:
    """Module, name in it, and name in the registry there (empty if it is the schema itself).

    Raises:
        DeclarationError: no module holds it.
    """
    found = [place for module in list(sys.modules) for place in _places(module, schema)]
    if not found:
        raise DeclarationError(
            "No module holds the schema under a name, so another process cannot find it.",
            hint="Assign it at the top of a module, or stay in this process: `Settings(engine=ThreadPoolExecutor(2))`.",
            schema=schema.name,
        )
    return min(found, key=lambda place: (place[0] in ("__main__", "__mp_main__"), place))


def _places(module: str, schema: Schema[Any]) -> list[tuple[str, str, str]]:
    names = getattr(sys.modules.get(module), "__dict__", {})
    return [
        (module, name, "" if value is schema else schema.name)
        for name, value in list(names.items())
        if value is schema or (type(value) is Registry and any(each is schema for each in value.schemas))
    ]


def _received(content: dict[str, Any]) -> Job:
    return Job(**content)


def _found(module: str, name: str, in_registry: str) -> Shared:
    found = getattr(import_module(module), name)
    return Shared(found[in_registry] if in_registry else found)
