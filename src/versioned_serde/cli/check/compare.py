"""`serde-check compare`: two contracts that are not Python."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from versioned_serde.check.contracts.contract import Contract, kinds
from versioned_serde.check.finding import Direction, Verdict
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.report import formats
from versioned_serde.cli.check.command import exit_code
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-check compare old/ new/                          # folders of .proto files
  serde-check compare --rules buf:WIRE old.binpb new.binpb
  serde-check compare --direction backward order-1.schema.json order-2.schema.json
  serde-check compare --format json old.avsc new.avsc
"""


@click.command(epilog=_EPILOG)
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--direction",
    type=click.Choice(["backward", "forward", "full"]),
    default="full",
    show_default=True,
    help="backward: a reader of NEW reads what OLD wrote; forward: a reader of OLD reads what NEW writes.",
)
@click.option("--rules", default="", metavar="SET,...", help="For protobuf: buf:FILE, buf:PACKAGE, buf:WIRE_JSON, ...")
@click.option("--kind", metavar="NAME", help="What the files are, if their names and contents do not tell.")
@click.option("--format", "form", default="text", show_default=True, metavar="NAME", help="How it is reported.")
@click.option("--strict", is_flag=True, help="Exit with 3 if something could not be decided.")
def command(old: Path, new: Path, direction: str, rules: str, kind: str | None, form: str, strict: bool) -> int:
    """Compares two contracts: .proto files, descriptor sets, JSON Schema, Avro schemas, OpenAPI."""
    format_ = formats().get(form)
    if format_ is None:
        raise click.UsageError(f"There is no format `{form}`; known are {', '.join(sorted(formats()))}.")
    chosen = [each for each in rules.split(",") if each]
    judgment = _contract(old, new, kind).compare(old, new, chosen)
    asked: tuple[Direction, ...] = ("backward", "forward") if direction == "full" else (direction,)  # type: ignore[assignment]
    both: dict[Direction, Verdict] = {"backward": judgment.backward, "forward": judgment.forward}
    outcome = Outcome(
        findings=tuple(each for each in judgment.findings if each.direction in (None, "full", *asked)),
        verdict={each: both[each] for each in asked},
        against=(str(old),),
    )
    write(format_.report(outcome, colour=sys.stdout.isatty()))
    return exit_code(outcome, strict=strict)


def _contract(old: Path, new: Path, kind: str | None) -> Contract:
    known = kinds()
    if kind is not None:
        if kind not in known:
            raise click.UsageError(f"There is no kind `{kind}`; known are {', '.join(sorted(known))}.")
        return known[kind]
    for contract in known.values():
        if contract.recognizes(old) and contract.recognizes(new):
            return contract
    raise click.UsageError(
        f"`{old}` and `{new}` are not two contracts of one kind; say --kind. Known: {', '.join(sorted(known))}."
    )
