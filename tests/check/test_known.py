from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.fingerprints import fingerprints
from versioned_serde.check.known import KnownFindings, KnownFindingsError

FINDINGS = [
    Finding(
        rule="write-before-read",
        severity="error",
        message=f"Version {number} is written. ✓",
        schema="shop.order",
        version=number,
        place=Place(path="shop.py", line=number),
    )
    for number in range(1, 9)
]


def test_what_was_written_is_read_again() -> None:
    known = KnownFindings.of(FINDINGS)
    assert KnownFindings.parsed(known.text(), "known.json") == known
    assert list(known.told) == fingerprints(FINDINGS)


def test_a_line_for_each_in_an_order_of_its_own() -> None:
    text = KnownFindings.of(FINDINGS).text()
    lines = text.split("\n")
    assert lines[0:3] == ["{", ' "format": 1,', ' "known findings": {']
    entries = lines[3:11]
    assert entries == sorted(entries)
    assert '": "write-before-read shop.py shop.order: Version 1 is written. \\u2713"' in text
    assert KnownFindings.of(FINDINGS[::-1]).text() == text


def test_names_of_releases_do_not_count() -> None:
    known = KnownFindings.of([replace(FINDINGS[0], message="v1 cannot read it.")], ["v1"])
    assert set(known.told) == set(KnownFindings.of([replace(FINDINGS[0], message="v2 cannot read it.")], ["v2"]).told)


def test_two_branches_that_each_know_one_more_can_be_merged(tmp_path: Path) -> None:
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    middle = sorted(FINDINGS, key=lambda each: fingerprints([each])[0])
    rest = [each for at, each in enumerate(middle) if at not in (2, 5)]
    base.write_text(KnownFindings.of(rest).text())
    ours.write_text(KnownFindings.of([*rest, middle[2]]).text())
    theirs.write_text(KnownFindings.of([*rest, middle[5]]).text())
    files = (str(each) for each in (ours, base, theirs))
    merged = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, text=True, check=True)  # noqa: S607  git of the PATH
    assert merged.stdout == KnownFindings.of(FINDINGS).text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "`known.json` is no JSON: "),
        ("[]", "`known.json` is no file of known findings. Write it with `serde-check --write-baseline FILE`."),
        ("{}", "`known.json` is no file of known findings. "),
        ('{"format": 1, "known findings": []}', "`known.json` is no file of known findings. "),
        ('{"format": 2, "known findings": {}}', "`known.json` has the format 2, and this release knows format 1. "),
    ],
)
def test_another_file_is_refused(text: str, told: str) -> None:
    with pytest.raises(KnownFindingsError) as caught:
        KnownFindings.parsed(text, "known.json")
    assert str(caught.value).startswith(told)


def test_none_is_a_file_too() -> None:
    assert json.loads(KnownFindings.of([]).text()) == {"format": 1, "known findings": {}}
