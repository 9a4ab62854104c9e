"""Files with JSON Schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.located import Located

ENDINGS: Final = (".json", ".yaml", ".yml")


def loaded(path: Path) -> Located:
    """A file in JSON or YAML.

    Raises:
        ContractError: it cannot be read, is neither, or is YAML with aliases, by which a schema can be larger than fits
            into memory.
    """
    found = Located(path)
    if found.shares:
        raise ContractError(f"`{path}` cannot be read: aliases (`*name`) are not read; write out what they stand for.")
    return found


def neighbours(folder: Path) -> Registry[Any]:
    """The files in a folder, which schemas in it refer to by their relative paths. Nothing else is ever fetched."""
    inside = folder.resolve()

    def retrieve(uri: str) -> Resource[Any]:
        parts = urlsplit(uri)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(inside) or not path.is_file():
            raise LookupError(uri)
        return Resource.from_contents(loaded(path).value, default_specification=DRAFT202012)

    return Registry(retrieve=retrieve)  # type: ignore[call-arg]  # mypy does not see the fields of attrs
