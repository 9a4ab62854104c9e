"""A new rule decides whether its errors have witnesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.contracts.protobuf.cases.case import all_cases
from tests.check.contracts.protobuf.side_by_side import write
from tests.check.witnessed import OF_RELEASES, check_witnessed
from versioned_serde.check.contracts.protobuf import contract
from versioned_serde.check.rules.rule import all_rules

WITHOUT = {
    # There is nothing left to read with.
    "avro-schema-removed",
    "json-schema-removed",
    "protobuf-message-deleted",
    "protobuf-package-deleted",
    # No library here reads as those do that fail.
    "openapi-discriminator-changed",
    "protobuf-field-java-utf8-changed",
    "protobuf-json-format-changed",
    "protobuf-package-changed",
    # A call is no record.
    "openapi-security-required",
    "protobuf-rpc-deleted",
    "protobuf-rpc-idempotency-changed",
    "protobuf-rpc-streaming-changed",
    "protobuf-rpc-type-changed",
    "protobuf-service-deleted",
    # Every record shows it, or every one with the field or without it.
    "openapi-parameter-form-changed",
    "protobuf-extension-deleted",
    "protobuf-field-cardinality-changed",
    "protobuf-field-default-changed",
    "protobuf-field-deleted",
    "protobuf-reserved-deleted",
    # Of some changes, records of today show nothing, or none is made simply.
    "avro-type-not-promotable",
    "protobuf-enum-value-renamed",
    "protobuf-field-oneof-changed",
    "protobuf-field-renamed",
    "protobuf-field-type-changed",
    "protobuf-required-field-changed",
    # They are about the lock.
    "declaration-refused",
    "lock-edited",
    "lock-stale",
    "lock-unreadable",
    "locked-name-reused",
    "locked-version-changed",
    "locked-version-withdrawn",
    "undeclared-change",
}
"""Rules of which errors, or some, have no witness; the reason of each is what `explain` says.

All others are held to have one wherever a test looks at what they find (`tests.check.witnessed`).
"""


def test_these_say_why_they_have_no_witness() -> None:
    assert {rule.name for rule in all_rules().values() if rule.no_witness} == WITHOUT
    assert OF_RELEASES.keys() <= all_rules().keys() - WITHOUT


def test_errors_about_protobuf_have_one_in_all_cases_of_bufs_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old", "new"):
        for case in all_cases():
            write(tmp_path / name, case.files(getattr(case, name)))
    monkeypatch.setattr(contract, "_WITNESSES", 10_000)
    found = contract.compare(tmp_path / "old", tmp_path / "new", ()).findings
    check_witnessed(found)
    assert len({each.rule for each in found if each.severity == "error" and each.witness is not None}) >= 10
