"""What holds for every format."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.check.reports.outcomes import ALL
from versioned_serde.check.reports.report import formats
from versioned_serde.check.reports.texts import one_line, printable

FORMATS = {"github", "gitlab", "json", "junit", "markdown", "sarif", "text"}


def test_these_are_the_formats() -> None:
    assert set(formats()) == FORMATS


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("outcome", ALL)
def test_a_report_ends_with_its_line_and_can_be_written(name: str, outcome: str) -> None:
    text = formats()[name].report(ALL[outcome])
    assert text.endswith("\n") or text == ""
    text.encode()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_ten_thousand_findings_are_soon_told(name: str) -> None:
    before = time.perf_counter()
    formats()[name].report(ALL["many"])
    assert time.perf_counter() - before < 20  # it takes a second or two; what grows with the square would take minutes


def test_formats_are_found_without_what_only_a_terminal_needs() -> None:
    lines = (
        "import sys\nfrom versioned_serde.check.reports.report import formats\nformats()\nprint('rich' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_what_a_terminal_would_obey_is_shown() -> None:
    assert printable("a\x1b[1m\r\nb\tc\u2028\u202e\ud800\x85") == "a\\x1b[1m\nb\tc\\u2028\\u202e\\ud800\\x85"
    assert printable("a\rb") == "a\\x0db"
    assert one_line(" a\n\n b\u2028c ✓ 日本 ") == "a b c ✓ 日本"
