from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from versioned_serde.check.finding import Finding, Place
from versioned_serde.check.policy import Policy, PolicyError

FINDING = Finding(
    rule="write-before-read",
    severity="error",
    message="It cannot be read.",
    schema="shop.order",
    attribute="lines.sku",
    place=Place(path="shop/legacy/serde.py", line=3),
)


def policy(text: str) -> Policy:
    """As it is written under `[tool.serde-check]`."""
    table = tomllib.loads(text)
    return Policy.of(table.get("severity", {}), table.get("ignore", []))


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("", "error"),
        ('[severity]\nwrite-before-read = "warning"', "warning"),
        ('[severity]\nwrite-before-read = "off"', None),
        ('[severity]\nreader-removed = "off"', "error"),
        ('[severity."shop/legacy/*"]\nwrite-before-read = "note"', "note"),
        ('[severity."*/serde.py"]\nwrite-before-read = "note"', "note"),
        ('[severity."cart/*"]\nwrite-before-read = "note"', "error"),
        # What a path says holds over what is said of all, wherever it stands; of two paths, the later one.
        ('[severity]\n"shop/*" = { write-before-read = "note" }\nwrite-before-read = "off"', "note"),
        ('[severity."shop/*"]\nwrite-before-read = "note"\n[severity."*.py"]\nwrite-before-read = "off"', None),
    ],
)
def test_severities(text: str, severity: str | None) -> None:
    found = policy(text).judged(FINDING)
    assert (found and found.severity) == severity
    assert found is None or found == replace(FINDING, severity=found.severity)


def test_severities_of_a_finding_without_a_place() -> None:
    nowhere = replace(FINDING, place=None)
    found = policy('[severity]\nwrite-before-read = "note"\n[severity."shop/*"]\nwrite-before-read = "off"').judged(
        nowhere
    )
    assert found is not None
    assert found.severity == "note"


@pytest.mark.parametrize(
    ("keys", "matches"),
    [
        ("", True),
        ('schema = "shop.order"', True),
        ('schema = "shop.*"', True),
        ('schema = "shop"', False),
        ('schema = "SHOP.*"', False),
        ('attribute = "lines.*"', True),
        ('attribute = "total"', False),
        ('path = "shop/*.py"', True),
        ('path = "*.proto"', False),
        ('schema = "shop.*"\nattribute = "total"', False),
    ],
)
def test_what_an_ignore_matches(keys: str, matches: bool) -> None:
    (ignore,) = policy(f'[[ignore]]\nrule = "write-before-read"\n{keys}\nreason = "why"').ignores
    assert ignore.matches(FINDING) is matches
    assert not ignore.matches(replace(FINDING, rule="reader-removed"))


def test_paths_count_from_the_project_wherever_the_command_runs() -> None:
    below = Policy.of(
        {"legacy/*": {"write-before-read": "note"}},
        [{"rule": "write-before-read", "path": "legacy/*", "reason": "why"}],
        "shop",
    )
    judged = below.judged(FINDING)
    assert judged is not None
    assert judged.severity == "note"
    (ignore,) = below.ignores
    assert ignore.matches(FINDING, "shop")
    assert not ignore.matches(FINDING)
    assert ignore.place == Place(path="shop/pyproject.toml")


def test_an_ignore_of_what_has_no_name() -> None:
    bare = Finding(rule="write-before-read", severity="error", message="It cannot be read.")
    everywhere, some = policy(
        '[[ignore]]\nrule = "write-before-read"\n[[ignore]]\nrule = "write-before-read"\nschema = "?*"'
    ).ignores
    assert everywhere.matches(bare)
    assert not some.matches(bare)


def test_an_ignore_says_why_and_until_when() -> None:
    (ignore,) = policy(
        '[[ignore]]\nrule = "write-before-read"\npath = "a"\nreason = " b "\nexpires = 2027-01-31'
    ).ignores
    assert (ignore.reason, ignore.until, ignore.by) == ("b", date(2027, 1, 31), "settings")
    assert ignore.text == "`write-before-read`, path `a`"
    assert ignore.place == Place(path="pyproject.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[severity]\nwrite-before-reed = "off"',
            "[tool.serde-check.severity]: There is no rule `write-before-reed`. Did you mean `write-before-read`",
        ),
        (
            '[severity]\nwrite-before-read = "fatal"',
            "`write-before-read` in [tool.serde-check.severity] is 'fatal'. Say one of error, warning, note, off.",
        ),
        ("[severity]\nwrite-before-read = 1", "`write-before-read` in [tool.serde-check.severity] is 1. "),
        (
            '[severity."a/*"]\nb = "off"',
            "[tool.serde-check.severity]: There is no rule `b`. See `serde-check explain`.",
        ),
        ('[severity."a/*"]\nwrite-before-read = []', "`write-before-read` in [tool.serde-check.severity] is []. "),
        ("[[ignore]]\n", "An entry of [[tool.serde-check.ignore]] has no `rule`: {}."),
        ('[[ignore]]\nrule = "x-y-z"', "[[tool.serde-check.ignore]]: There is no rule `x-y-z`."),
        ("[[ignore]]\nrule = 1", "`rule` in [[tool.serde-check.ignore]] is no text: 1."),
        ('[[ignore]]\nrules = "a"', "[[tool.serde-check.ignore]] has no `rules`. Did you mean `rule`?"),
        ('[[ignore]]\nx = "a"', "[[tool.serde-check.ignore]] has no `x`. Known are rule, schema, attribute, path, "),
        (
            '[[ignore]]\nexpires = "2027-01-31"',
            "`expires` is no day: '2027-01-31'. Write it as in `expires = 2027-01-31`.",
        ),
        ("[[ignore]]\nexpires = 2027-01-31T00:00:00", "`expires` is no day: datetime.datetime(2027, 1, 31, 0, 0). "),
    ],
)
def test_what_cannot_be_meant(text: str, told: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(text)
    assert str(caught.value).startswith(told)


def test_a_name_from_elsewhere_stands_for_all_rules_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from versioned_serde.check.rules import rule  # noqa: PLC0415  patched

    rules: dict[str, Any] = {
        name: rule.Rule(
            name=name, severity="error", finds="", why="", example="", instead="", aliases=("FIELD_NO_DELETE",)
        )
        for name in ("field-deleted", "field-hidden")
    }
    monkeypatch.setattr(rule, "all_rules", lambda: rules)
    found = policy('[severity]\nFIELD_NO_DELETE = "off"\n[[ignore]]\nrule = "FIELD_NO_DELETE"')
    assert found.judged(replace(FINDING, rule="field-hidden")) is None
    assert found.ignores[0].rules == {"field-deleted", "field-hidden"}
