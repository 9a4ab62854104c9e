from __future__ import annotations

from collections import Counter

from examples.rolling_fleet.audit import Audit
from examples.rolling_fleet.schedules import RELEASE_1, RELEASE_3, SAFE, SHORTCUT
from examples.rolling_fleet.verdict import judge

REFUSED = {"failed UnreadableVersionError 2": 3, "refused newer": 3}
KEPT = {RELEASE_3: Counter({"unknown_kept newer": 5})}


def wrong(checks: list[tuple[str, bool]]) -> list[str]:
    return [text for text, ok in checks if not ok]


def test_no_failure_on_the_safe_way() -> None:
    checks = [(check.text, check.ok) for check in judge(SAFE, 4, KEPT, {})]
    assert wrong(checks) == []
    checks = [(check.text, check.ok) for check in judge(SAFE, 4, KEPT | {RELEASE_1: Counter(REFUSED)}, {})]
    assert wrong(checks) == [
        "3 failed reads: 3 UnreadableVersionError 2 on release_1 (theory: none)",
    ]


def test_the_shortcut_must_fail_and_only_as_theory_says() -> None:
    assert all(check.ok for check in judge(SHORTCUT, 4, {RELEASE_1: Counter(REFUSED)}, {}))
    for did in (
        {},
        {RELEASE_3: Counter(REFUSED)},
        {RELEASE_1: Counter({"failed UnreadableVersionError 3": 3, "refused newer": 3})},
        {RELEASE_1: Counter(REFUSED | {"failed ConflictError None": 1, "refused newer": 4})},
    ):
        assert not judge(SHORTCUT, 4, did, {})[0].ok


def test_the_library_s_counters_must_agree() -> None:
    checks = judge(SHORTCUT, 4, {RELEASE_1: Counter(REFUSED | {"refused newer": 2})}, {})
    assert [check.ok for check in checks] == [True, False, True]


def test_old_hosts_must_have_edited_newer_records() -> None:
    assert [check.ok for check in judge(SAFE, 4, {}, {})] == [True, True, False]
    assert judge(SAFE, 4, KEPT, {})[2].text.endswith("kept an unknown attribute: 5 on release_3")


def test_each_loss_is_told() -> None:
    audit = Audit(9, 1, 8, 2, 7, 3, 4, ["city 1: a", "city 2: b", "city 3: c", "city 4: d"])
    assert wrong([(check.text, check.ok) for check in judge(SAFE, 4, KEPT, {"sqlite": audit})]) == [
        "sqlite: 1 lost cities of 9",
        "sqlite: 2 lost updates of 8",
        "sqlite: 3 lost attributes of 7",
        "sqlite: 4 things that nobody wrote",
        "sqlite: city 1: a",
        "sqlite: city 2: b",
        "sqlite: city 3: c",
    ]
