"""The rule `version-changed`."""

from __future__ import annotations

import pytest

from tests.check.releases import changed, found, orders, release
from versioned_serde import Version

BEFORE = release("v1", orders(1, 1, 1))


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (Version(1, codec="msgpack", framing="envelope"), "`codec` is 'msgpack' and was 'json'"),
        (Version(1, codec="json", coding="gzip", framing="envelope"), "`coding` is 'gzip' and was 'none'"),
        (Version(1, codec="json", framing="inline"), "`framing` is 'inline' and was 'envelope'"),
        (Version(1, codec="json", framing="envelope", checksum=False), "`checksum` is False and was True"),
    ],
)
def test_fails_where_its_form_is_another(version: Version, told: str) -> None:
    (one,) = found("version-changed", release("v2", changed(version)), BEFORE)
    assert (one.severity, one.version) == ("error", 1)
    assert told in one.message


def test_passes_where_it_is_the_same() -> None:
    assert found("version-changed", release("v2", orders(1, 4, 1 + 2)), release("v1", orders(1, 3, 1))) == []


def test_passes_where_only_the_older_versions_went() -> None:
    assert found("version-changed", release("v2", orders(2, 3, 3)), release("v1", orders(1, 3, 3))) == []
