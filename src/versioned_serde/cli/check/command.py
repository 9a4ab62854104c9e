"""The program: its verbs, its exit codes, and no tracebacks."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import ClassVar, Final

import click

from versioned_serde.check.collector import without_collector
from versioned_serde.check.outcome import Outcome
from versioned_serde.cli import check
from versioned_serde.cli.verbs import Verbs, exit_code_of

CLEAN: Final = 0
FINDINGS: Final = 1
UNDECIDED: Final = 3

_EPILOG = """\b
Examples:
  serde-check                              # is the lock fresh, and does this release go with the ones before?
  serde-check --against origin/main
  serde-check plan --against v1.4.0        # the safe way to get this change into the fleet
  serde-check compare old.proto new.proto  # contracts that are not Python
  serde-check explain write-before-read

\b
Exit codes:
  0    clean
  1    findings
  2    wrong use: no such release, no such registry, a file that cannot be read
  3    with --strict: something could not be decided
  130  interrupted
"""


class _Verbs(Verbs):
    package: ClassVar[ModuleType] = check
    extra: ClassVar[str] = "check"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Without a verb, the release is checked: `serde-check --against v1` is `serde-check check --against v1`.
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help", "--version")):
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Verbs, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="versioned-serde")
def command() -> None:
    """Holds what a release declares against the releases that run beside it, and prints the safe way."""


def exit_code(outcome: Outcome, *, strict: bool = False) -> int:
    """The exit code of a run that came to an end."""
    if not outcome.clean:
        return FINDINGS
    return UNDECIDED if strict and outcome.undecided else CLEAN


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; the exit code. Never a traceback, whatever the files hold."""
    with without_collector():
        code = exit_code_of(command, "serde-check", arguments)
        gc.freeze()  # the process ends: nobody looks through a service's models to free what goes with it
    return code


if __name__ == "__main__":
    sys.exit(main())
