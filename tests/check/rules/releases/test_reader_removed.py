"""The rule `reader-removed`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.check.releases import found, orders, release
from versioned_serde.check.release import Release
from versioned_serde.lock.certificate import Certificate, version_digest

AT = datetime(2027, 1, 31, tzinfo=UTC)
WRITTEN = (1, 2)


def certificate(before: Release, version: int, **more: Any) -> Certificate:
    digest = version_digest(before.schemas["shop.order"].content["versions"][str(version)])
    said = {
        "schema": "shop.order",
        "version": version,
        "digest": digest,
        "fenced_at": AT,
        "began_at": AT + timedelta(hours=1),
        "ended_at": AT + timedelta(hours=2),
        "counts": {(3, 3, False): 1000},
    }
    return Certificate(**{**said, **more})


BEFORE = release("v3", orders(1, 3, 3), written=WRITTEN)
NOW = release("this release", orders(3, 3, 3))


def test_fails_for_each_version_that_was_ever_written() -> None:
    first, second = found("reader-removed", NOW, BEFORE)
    assert (first.version, second.version, first.direction) == (1, 2, "backward")
    assert "which may be stored, as the lock remembers" in first.message


def test_fails_while_a_release_beside_writes_it_whatever_was_counted() -> None:
    before = release("v3", orders(1, 3, 2), written=WRITTEN)
    (one,) = found("reader-removed", NOW, before, certificates=[certificate(before, 2)])
    assert (one.version, "which v3 writes" in one.message) == (2, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": {(2, 1, True): 1}},
        {"began_at": AT - timedelta(seconds=1)},
        {"digest": "another"},
        {"schema": "shop.invoice"},
    ],
    ids=["a record is left", "the scan began before the fence", "another declaration", "another schema"],
)
def test_fails_with_a_certificate_that_says_nothing(wrong: dict[str, Any]) -> None:
    found_ = found("reader-removed", NOW, BEFORE, certificates=[certificate(BEFORE, 2, **wrong)])
    assert [each.version for each in found_] == [1, 2]


def test_fails_for_what_the_certificate_does_not_speak_of() -> None:
    assert [each.version for each in found("reader-removed", NOW, BEFORE, certificates=[certificate(BEFORE, 1)])] == [2]


def test_passes_with_a_certificate() -> None:
    assert found("reader-removed", NOW, BEFORE, certificates=[certificate(BEFORE, 2)]) == []


def test_passes_where_nothing_was_written_in_it() -> None:
    assert found("reader-removed", NOW, release("v3", orders(2, 3, 3))) == []


def test_passes_where_it_was_gone_before() -> None:
    lock = replace(BEFORE.schemas["shop.order"], listed=(3,))
    assert found("reader-removed", NOW, replace(BEFORE, schemas={"shop.order": lock})) == []
