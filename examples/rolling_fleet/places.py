"""Where the demo keeps everything: one directory with the stores, the data and the journals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from versioned_serde import DirectoryStore, SqliteStore
from versioned_serde.protocols import ScannedStore

KINDS = ("directory", "sqlite")


def cities_file(place: Path) -> Path:
    """The cities, stored at the start and to be added later, as JSON."""
    return place / "cities.json"


def journals(place: Path) -> Path:
    """The journals of the hosts."""
    return place / "journals"


def objects(place: Path) -> Path:
    """The objects of the store in a directory."""
    return place / "objects"


def database(place: Path) -> Path:
    """The database file of the store in SQLite."""
    return place / "cities.sqlite"


@contextmanager
def open_stores(place: Path, kinds: Sequence[str]) -> Iterator[dict[str, ScannedStore]]:
    """The stores by kind."""
    with ExitStack() as stack:
        stores: dict[str, ScannedStore] = {}
        # Without fsync: hosts come and go here, but the machine stays.
        if "directory" in kinds:
            stores["directory"] = DirectoryStore(objects(place), fsync=False)
        if "sqlite" in kinds:
            stores["sqlite"] = stack.enter_context(closing(SqliteStore(database(place), fsync=False)))
        yield stores
