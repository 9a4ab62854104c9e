"""Contracts in files that are not Python: what each kind of them does, and which kind a file is of."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from versioned_serde.check import contracts
from versioned_serde.check.finding import Finding, Verdict
from versioned_serde.errors import SerdeError


class ContractError(SerdeError):
    """A contract's file cannot be read as what it should be; the text names the file and the place in it."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a comparison of two contracts came to.

    Attributes:
        backward: whether a reader of the new reads all that the old may have written.
        forward: whether a reader of the old reads all that the new may write.
        findings: why, each with its direction, in the order of their places. They have what is not for `incompatible`
            alone, too: what could not be decided is a finding of severity `warning`.
    """

    backward: Verdict
    forward: Verdict
    findings: tuple[Finding, ...]


class Contract(Protocol):
    """A kind of contract: a module in this folder, or a folder's `contract` module."""

    NAME: str
    """Such as `json-schema`, for `--kind`."""

    def recognizes(self, path: Path) -> bool:
        """Whether a file or folder is one of these. Reads no more than it must, and never raises."""
        ...

    def compare(self, old: Path, new: Path, rules: Sequence[str]) -> Judgment:
        """Compares two of them.

        Args:
            old: a file or a folder.
            new: the same of the newer side.
            rules: what `--rules` says, such as `buf:WIRE`; empty for this kind's default.

        Raises:
            ContractError: one of them cannot be read.
        """
        ...


def kinds() -> dict[str, Contract]:
    """Every kind by its name: the modules and folders beside this file that have one."""
    found: dict[str, Contract] = {}
    for each in pkgutil.iter_modules(contracts.__path__):
        module = import_module(f"{contracts.__name__}.{each.name}{'.contract' if each.ispkg else ''}")
        if hasattr(module, "NAME"):
            found[module.NAME] = cast(Contract, module)
    return found
