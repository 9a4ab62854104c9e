"""Programs with verbs: one file each, found in a folder, imported when asked for; exit codes, and no tracebacks."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import ClassVar, Final

import click

from versioned_serde.errors import SerdeError

USAGE: Final = 2
INTERRUPTED: Final = 130


class Verbs(click.Group):
    """Verbs are the modules of a folder that have a `command`; those that begin with `_` have none.

    Attributes:
        package: the folder.
        extra: what has to be installed for them.
    """

    package: ClassVar[ModuleType]
    extra: ClassVar[str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        modules = pkgutil.iter_modules(self.package.__path__)
        return sorted(each.name.replace("_", "-") for each in modules if _is_verb(each.name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        try:
            module = import_module(f"{self.package.__name__}.{cmd_name.replace('-', '_')}")
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`{ctx.info_name} {cmd_name}` needs `{error.name}`. pip install 'versioned-serde[{self.extra}]'"
            ) from None
        command: click.Command = module.command
        return command


def exit_code_of(command: click.Command, program: str, arguments: Sequence[str] | None) -> int:
    """Runs a program. Never a traceback, whatever the files hold."""
    try:
        code = command.main(arguments, prog_name=program, standalone_mode=False)
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except SerdeError as error:
        click.echo(f"Error: {error}", err=True)
        return USAGE
    return code if isinstance(code, int) else 0


def _is_verb(module: str) -> bool:
    return module != "command" and not module.startswith("_")
