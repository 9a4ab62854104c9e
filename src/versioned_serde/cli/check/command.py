"""The program: its verbs, its exit codes, and no tracebacks."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from versioned_serde.check.outcome import Outcome
from versioned_serde.cli import check
from versioned_serde.errors import SerdeError

CLEAN: Final = 0
FINDINGS: Final = 1
USAGE: Final = 2
UNDECIDED: Final = 3
INTERRUPTED: Final = 130

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


class _Verbs(click.Group):
    """Verbs are the modules beside this one that have a `command`; each is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            each.name.replace("_", "-") for each in pkgutil.iter_modules(check.__path__) if _is_verb(each.name)
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        try:
            module = import_module(f"{check.__name__}.{cmd_name.replace('-', '_')}")
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`serde-check {cmd_name}` needs `{error.name}`. pip install 'versioned-serde[check]'"
            ) from None
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Without a verb, the release is checked: `serde-check --against v1` is `serde-check check --against v1`.
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help", "--version")):
            args = ["check", *args]
        return super().parse_args(ctx, args)


def _is_verb(module: str) -> bool:
    return module != "command" and not module.startswith("_")


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
    try:
        code = command.main(arguments, prog_name="serde-check", standalone_mode=False)
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except SerdeError as error:
        click.echo(f"Error: {error}", err=True)
        return USAGE
    return code if isinstance(code, int) else CLEAN


if __name__ == "__main__":
    sys.exit(main())
