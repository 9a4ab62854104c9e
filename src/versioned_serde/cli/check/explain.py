"""`serde-check explain`: what a rule finds, why, and what to do instead."""

from __future__ import annotations

from difflib import get_close_matches

import click

from versioned_serde.check.rules.rule import Rule, all_rules

_EPILOG = """\b
Examples:
  serde-check explain                      # all rules
  serde-check explain write-before-read
  serde-check explain FIELD_NO_DELETE      # the name that it has elsewhere
"""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="[RULE]", required=False)
def command(name: str | None) -> None:
    """Says what a rule finds. Without a name: all rules, one line each."""
    rules = all_rules()
    if name is None:
        for each in rules.values():
            click.echo(f"{each.name:<40} {each.severity:<8} {each.finds}")
        return
    found = [each for each in rules.values() if name == each.name or name in each.aliases]
    if not found:
        names = [*rules, *(alias for each in rules.values() for alias in each.aliases)]
        close = get_close_matches(name, names, n=3)
        raise click.UsageError(f"There is no rule `{name}`." + (f" Did you mean {', '.join(close)}?" if close else ""))
    click.echo("\n".join(map(explained, found)), nl=False)


def explained(rule: Rule) -> str:
    """A rule's texts as Markdown."""
    parts = [f"# {rule.name}", f"{rule.finds} Severity: {rule.severity}.", f"## Why\n\n{rule.why}"]
    parts += [f"## Example\n\n{rule.example}", f"## Instead\n\n{rule.instead}"]
    if rule.aliases:
        parts.append(f"Also known as {', '.join(rule.aliases)}.")
    if rule.references:
        parts.append("\n".join(["## References\n", *(f"- {each}" for each in rule.references)]))
    return "\n\n".join(parts) + "\n"
