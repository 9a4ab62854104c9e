from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs/explanation/traps.md"


def test_the_page_names_tests_that_exist_and_all_of_these() -> None:
    named = re.findall(r"`(traps/\w+\.py)::(test_\w+)`", PAGE.read_text())
    assert len(named) == PAGE.read_text().count("\n| ") - 1, "each row names a test"
    for file, name in named:
        assert f"\ndef {name}(" in (TESTS / file).read_text(), name
