"""`serde-inspect`: says what a record is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from importlib import import_module
from io import StringIO
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from versioned_serde.cli.inspection import Inspection, Reading, TagFacts, inspect
from versioned_serde.cli.output import write
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.registry import Registry

UNDERSTOOD: Final = 0
NOT_UNDERSTOOD: Final = 1
INTERRUPTED: Final = 130
_DUMPED: Final = 256
"""Bytes of a record in its hex dump."""
_DUMPED_UNKNOWN: Final = 64
"""Bytes of an unknown attribute in its hex dump."""

_EPILOG = """\b
Examples:
  serde-inspect orders/17
  serde-inspect --registry shop.records:registry orders/17
  serde-inspect --registry shop.records:registry --schema shop.order old/17.xml
  aws s3 cp s3://shop/orders/17 - | serde-inspect --format json -
  serde-inspect --header 'serde-tag: 1;schema="shop.order";...' body.bin

\b
Exit codes:
  0    the record is sound; with --registry, it can be read
  1    it is not understood, damaged, or cannot be read
  2    wrong use: no such file, no such registry
  130  interrupted
"""


@click.command(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(allow_dash=True), metavar="FILE|-")
@click.option(
    "--header", "header_lines", multiple=True, metavar="'NAME: VALUE'", help="A header of the record; repeatable."
)
@click.option(
    "--registry",
    "registry_name",
    metavar="MODULE:NAME",
    help="Read the record with this registry and show its value, which may hold personal data. Imports the module, from"
    " the current directory too.",
)
@click.option(
    "--schema", metavar="NAME", help="With --registry: the record's schema, for a record whose tag does not say it."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(file: str, header_lines: tuple[str, ...], registry_name: str | None, schema: str | None, form: str) -> int:
    """Says what FILE (or standard input) is: its tag, version, sizes, codec and checksum.

    A record without a tag is described by a guess and a hex dump.
    """
    headers = _headers(header_lines)
    registry = None if registry_name is None else _registry(registry_name)
    if schema is not None and registry is None:
        raise click.UsageError("--schema needs --registry.")
    found = inspect(_content(file), headers, registry, schema)
    write(_as_json(found) if form == "json" else _as_text(found))
    return UNDERSTOOD if found.understood else NOT_UNDERSTOOD


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code. Never a traceback, whatever the file holds."""
    try:
        return int(command.main(arguments, prog_name="serde-inspect", standalone_mode=False))
    except click.ClickException as error:
        with suppress(OSError):  # nobody listens
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED


def _headers(lines: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not name:
            raise click.UsageError("--header needs the form 'NAME: VALUE'.")
        if name in headers:
            raise click.UsageError(f"The header `{name}` is given twice.")
        headers[name] = value.strip()
    return headers


def _content(file: str) -> bytes:
    """At most one byte more than a record may have, so that an endless file is no trouble."""
    try:
        with click.open_file(file, "rb") as stream:
            content: bytes = stream.read(DEFAULT_LIMITS.max_bytes + 1)
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError: a path with a NUL. RuntimeError: standard input is closed.
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise click.UsageError(f"{click.format_filename(file)} cannot be read: {reason}.") from error
    return content


def _registry(name: str) -> Registry:
    module, colon, attribute = name.partition(":")
    if not colon or not module or not attribute:
        raise click.UsageError("--registry needs the form MODULE:NAME.")
    if "" not in sys.path:
        # A console script does not look into the current directory, where people keep the service that they work on.
        sys.path.insert(0, "")
    try:
        found: Any = import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:  # the service's own code runs here
        raise click.UsageError(f"`{name}` cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(found, Registry):
        raise click.UsageError(f"`{name}` is a {type(found).__name__}, not a Registry.")
    return found


def _as_json(found: Inspection) -> str:
    facts = {
        "understood": found.understood,
        "bytes": len(found.data),
        "complete": found.complete,
        "problem": found.problem,
        "reason": found.reason,
        "tag": found.tag and _without_empty_text(asdict(found.tag)),
        "guess": found.guess,
        "hex": found.data[:_DUMPED].hex() if found.tag is None else None,
        "registry": found.reading and _reading_as_json(found.reading),
    }
    return json.dumps(_without_empty_text(facts), indent=2) + "\n"


def _reading_as_json(reading: Reading) -> dict[str, Any]:
    unknown = [
        {"path": each.path, "held": each.held, "bytes": len(each.data), "hex": each.data[:_DUMPED].hex()}
        for each in reading.unknown
    ]
    return _without_empty_text(asdict(replace(reading, unknown=()))) | {"unknown": unknown}


def _without_empty_text(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in facts.items()}


def _as_text(found: Inspection) -> str:
    text = StringIO()
    # `soft_wrap`: a line that is wider than the terminal is not cut, so that it can be searched and copied.
    console = Console(
        file=text,
        force_terminal=sys.stdout is not None and sys.stdout.isatty(),
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for style, line in _lines(found):
        console.print(Text(_harmless(line), style=style))
    return text.getvalue()


def _lines(found: Inspection) -> Iterator[tuple[str, str]]:
    """Style and text of each line."""
    size = f"{len(found.data)} bytes" if found.complete else f"more than {len(found.data) - 1} bytes"
    tag, reading = found.tag, found.reading
    if tag is not None:
        yield (
            "bold red" if found.problem else "bold green",
            f"A record of {tag.schema or f'the schema with the id {tag.schema_id}'}, version {tag.version}, {size}.",
        )
        if found.problem:
            yield "red", found.problem
        if tag.checksum == "bad":
            yield "red", "What follows is what the damaged record seems to say."
        yield from (("", f"  {label:<12}{text}") for label, text in _facts(tag))
    elif reading is not None and reading.version is not None:
        yield "bold green", f"A bare record of {reading.schema}, version {reading.version}, {size}."
    else:
        yield "bold red", f"Not understood: {size}. {found.problem}"
        yield "", f"It looks like {found.guess}. (This is a guess from its content.)"
        yield from (("dim", line) for line in _dump(found.data, _DUMPED, found.complete))
    if reading is not None:
        yield from _reading(reading)


def _facts(tag: TagFacts) -> Iterator[tuple[str, str]]:
    yield "framing", tag.framing
    yield "schema", f"{tag.schema or 'not known here'} (id {tag.schema_id})"
    yield "version", f"{tag.version}, for readers of version {tag.min_reader} and newer"
    yield "flags", ", ".join(tag.flags) or "none"
    yield "codec", f"{tag.codec.id} ({tag.codec.name})"
    yield "coding", f"{tag.coding.id} ({tag.coding.name})"
    yield "checksum", tag.checksum
    if tag.tag_bytes is not None:
        yield "tag", f"{tag.tag_bytes} bytes"
    yield "payload", f"{tag.payload_bytes} bytes"
    if tag.inflation:
        yield "inflated", tag.inflation
    elif tag.coding.id:
        yield "inflated", f"{tag.inflated_bytes} bytes"
    for type_, value in tag.extensions.items():
        yield "extension", f"{type_}: {value[: 2 * _DUMPED_UNKNOWN]}, {len(value) // 2} bytes"


def _reading(reading: Reading) -> Iterator[tuple[str, str]]:
    if reading.versions:
        several = "s" if len(reading.versions) > 1 else ""
        yield "", f"The registry reads version{several} {', '.join(map(str, reading.versions))} of {reading.schema}."
    if reading.why_not:
        yield "bold red", f"It cannot read this record: {reading.why_not}"
        return
    yield "bold green", "It can read this record:"
    yield from (("", line) for line in reading.value.splitlines())
    if reading.unknown:
        yield "yellow", "It keeps, but does not understand:"
    for each in reading.unknown:
        yield "", f"  {each.path} ({each.held}, {len(each.data)} bytes)"
        yield from (("dim", f"  {line}") for line in _dump(each.data, _DUMPED_UNKNOWN))
    if reading.more_unknown:
        yield "yellow", f"  and {reading.more_unknown} attributes more"


def _dump(data: bytes, most: int, complete: bool = True) -> Iterator[str]:
    for start in range(0, min(len(data), most), 16):
        row = data[start : min(start + 16, most)]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"  {start:08x}  {row.hex(' '):<47}  {text}"
    if len(data) > most:
        yield f"  ... {f'{len(data) - most} bytes ' if complete else ''}more"


def _harmless(line: str) -> str:
    """Without what could command the terminal: names of attributes come from whoever wrote the record."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in line)


if __name__ == "__main__":
    sys.exit(main())
