"""Schemas as services have them, with every small change."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from tests.check.contracts.json_schema.models import SCHEMAS, changes
from versioned_serde.check.contracts.json_schema.inclusion import included


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_small_change_of_a_service_schema_is_decided(name: str) -> None:
    schema = SCHEMAS[name]
    judged = 0
    for what, changed in changes(schema):
        for sub, sup in ((schema, changed), (changed, schema)):
            inclusion = included(sub, sup)
            assert inclusion.verdict != "undecided", (what, inclusion.obstacles)
            for obstacle in inclusion.obstacles:
                assert obstacle.witness is not None, (what, obstacle)
                assert Draft202012Validator(sub).is_valid(obstacle.witness.instance)
                assert not Draft202012Validator(sup).is_valid(obstacle.witness.instance)
            judged += 1
    assert judged > 20


@pytest.mark.parametrize(
    ("change", "backward", "forward"),
    [
        ("note is gone", "compatible", "incompatible"),
        ("shipping may be null", "compatible", "incompatible"),
        ("maximum is higher", "compatible", "incompatible"),
        ("required in another order", "compatible", "compatible"),
        ("anyOf in another order", "compatible", "compatible"),
        ("any of instead of one of", "compatible", "compatible"),
        ("wrapped", "compatible", "compatible"),
        ("enum has one more", "compatible", "incompatible"),
        ("street is of another type", "incompatible", "incompatible"),
    ],
)
def test_a_change_has_the_verdicts_that_it_should(change: str, backward: str, forward: str) -> None:
    old = SCHEMAS["Order"]
    found = [new for what, new in changes(old) if what == change]
    assert found
    for new in found:
        assert included(old, new).verdict == backward
        assert included(new, old).verdict == forward
