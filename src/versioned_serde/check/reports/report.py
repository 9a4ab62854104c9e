"""How formats of reports are found."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from versioned_serde.check import reports
from versioned_serde.check.outcome import Outcome


class Report(Protocol):
    """A format: a module in this folder."""

    NAME: str
    """For `--format`."""

    def report(self, outcome: Outcome, *, colour: bool = False) -> str:
        """The whole report. `colour` is whether a terminal reads it; most formats have no use for it."""
        ...


def formats() -> dict[str, Report]:
    """Every format by its name."""
    found: dict[str, Report] = {}
    for each in pkgutil.iter_modules(reports.__path__):
        module = import_module(f"{reports.__name__}.{each.name}")
        if hasattr(module, "NAME"):
            found[module.NAME] = cast(Report, module)
    return found
