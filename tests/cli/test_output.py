"""What commands print, to readers that cannot take all of it. `test_inspect.py` shows the rest with a command."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

EXPLAIN = [sys.executable, "-m", "versioned_serde.cli.check.command", "explain"]
WRITE = [sys.executable, "-c", "import sys; from versioned_serde.cli.output import write; write(sys.argv[1])"]


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "日本 ✓".encode()), ("ascii", rb"\u65e5\u672c \u2713")])
def test_what_an_encoding_lacks_is_escaped(encoding: str, shown: bytes) -> None:
    ran = subprocess.run(
        [*WRITE, "日本 ✓"], env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=True
    )
    assert (ran.stdout, ran.stderr) == (shown, b"")


def test_a_reader_that_leaves_is_no_error() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as output:
        ran = subprocess.run(EXPLAIN, stdout=output, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
