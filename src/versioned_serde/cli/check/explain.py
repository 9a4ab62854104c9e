"""`serde-check explain`: what a rule finds, why, and what to do instead."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from versioned_serde.check.rules.rule import Rule, UnknownRuleError, all_rules, called
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-check explain                      # all rules
  serde-check explain write-before-read
  serde-check explain FIELD_NO_DELETE      # the name that it has elsewhere
  serde-check explain --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="[RULE]", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(name: str | None, form: str) -> None:
    """Says what a rule finds. Without a name: all rules, one line each."""
    try:
        rules = list(all_rules().values()) if name is None else called(name)
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from None
    if form == "json":
        write(json.dumps([asdict(each) for each in rules], indent=2) + "\n")
    elif name is None:
        width = max(len(each.name) for each in rules)
        write("".join(f"{each.name:<{width}}  {each.severity:<7}  {each.finds}\n" for each in rules))
    elif sys.stdout.isatty():
        write(_rendered("\n".join(map(explained, rules))))
    else:
        write("\n".join(map(explained, rules)))


def _rendered(markdown: str) -> str:
    from rich.console import Console  # noqa: PLC0415  slow to import, and only a terminal needs it
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console()
    with console.capture() as shown:
        console.print(Markdown(markdown))
    return shown.get()


def explained(rule: Rule, heading: str = "#") -> str:
    """A rule's texts as Markdown, under a heading of a level."""
    parts = [f"{heading} {rule.name}", f"{rule.finds} Severity: {rule.severity}.", "**Why**", rule.why]
    parts += ["**Example**", rule.example, "**Instead**", rule.instead]
    if rule.no_witness:
        parts.append(f"Without a witness: {rule.no_witness}")
    if rule.aliases:
        parts.append(f"Also known as {', '.join(f'`{each}`' for each in rule.aliases)}.")
    if rule.references:
        parts += ["**References**", "\n".join(f"- {each}" for each in rule.references)]
    return "\n\n".join(parts) + "\n"
