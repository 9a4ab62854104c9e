"""The rule `certificate-outdated`."""

from __future__ import annotations

from tests.check.releases import found, orders, release
from tests.check.rules.releases.test_reader_removed import BEFORE, certificate


def test_fails_where_a_certified_version_is_written_again() -> None:
    now = release("v4", orders(1, 3, 2))
    (one,) = found("certificate-outdated", now, BEFORE, certificates=[certificate(BEFORE, 2)])
    assert (one.severity, one.version) == ("warning", 2)
    assert one.message == ("v4 writes version 2, and a certificate says that no record of version 2 or older is left.")


def test_passes_where_a_newer_version_is_written() -> None:
    now = release("v4", orders(1, 3, 3))
    assert found("certificate-outdated", now, BEFORE, certificates=[certificate(BEFORE, 2)]) == []


def test_passes_where_the_certificate_says_nothing() -> None:
    now = release("v4", orders(1, 3, 2))
    outdated = certificate(BEFORE, 2, digest="another")
    assert found("certificate-outdated", now, BEFORE, certificates=[outdated]) == []
