"""The program: its verbs and its exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import ClassVar, Final

import click

from versioned_serde.cli import backfill
from versioned_serde.cli.verbs import Verbs, exit_code_of

CLEAN: Final = 0
FINDINGS: Final = 1
INCOMPLETE: Final = 3

_EPILOG = """\b
Examples:
  serde-backfill plan orders --dry-run     # what a run would do
  serde-backfill run orders                # does it; started again, it goes on where it was
  serde-backfill pause orders              # from another terminal; then resume, or rate 200
  serde-backfill quarantine ls             # what could not be rewritten
  serde-backfill verify orders             # counts what there is
  serde-backfill report orders --html report.html

\b
In pyproject.toml:
  [tool.serde-backfill.orders]
  schema = "shop.serde:orders"             # or "shop.serde:registry:shop.order"
  store = "shop.serde:store"               # a store, or a function that opens one
  to = 2

\b
Exit codes:
  0    done, and clean
  1    done, but records are quarantined or unreadable, or something has to be done first
  2    wrong use: no such run, no such schema, an unsafe store
  3    not complete: stopped, or shards failed; it goes on when it is started again
  130  interrupted; it goes on when it is started again
"""


class _Verbs(Verbs):
    package: ClassVar[ModuleType] = backfill
    extra: ClassVar[str] = "backfill"


@click.group(cls=_Verbs, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="versioned-serde")
def command() -> None:
    """Rewrites what is stored to a version, while live hosts read and write it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; the exit code. Never a traceback."""
    return exit_code_of(command, "serde-backfill", arguments)


if __name__ == "__main__":
    sys.exit(main())
