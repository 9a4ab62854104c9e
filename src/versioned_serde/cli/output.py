"""What a command prints."""

from __future__ import annotations

import os
import sys

import click


def write(text: str) -> None:
    """Writes all at once, so that whoever stops reading early does not change the verdict."""
    stream = sys.stdout
    if stream is None:  # closed by whoever started us
        return
    data = text.encode(stream.encoding or "utf-8", errors="backslashreplace")
    try:
        stream.buffer.write(data)
        stream.buffer.flush()
    except OSError as error:
        # Otherwise the interpreter tries to write again at its end, and complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise click.ClickException(f"The output cannot be written: {error.strerror}.") from error
