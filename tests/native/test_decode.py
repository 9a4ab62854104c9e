"""Reading without a tree and reading by one, held together: the same values, errors and counts for every payload."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.native.classes import any_model, any_value
from tests.native.mutated import FORMATS, mutated
from tests.native.pairs import needs_native
from tests.native.readings import check, decoder
from versioned_serde import Schema, Version
from versioned_serde.errors import KeylessListWarning

pytestmark = needs_native
EACH = 100
"""Payloads for each made-up model."""


@pytest.fixture(autouse=True)
def _without_keys() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        yield


def plain(model: Any, codec: str, **more: Any) -> Schema[Any]:
    return Schema("read.both", model, Version(1, codec=codec, framing="envelope", checksum=False), **more)


@pytest.mark.parametrize("codec", FORMATS)
@given(seed=st.integers(0, 2**64))
def test_any_payload_of_any_model(codec: str, seed: int) -> None:
    random = Random(seed)
    model = any_model(random, 2)
    schema = plain(model, codec)
    assert decoder(schema) is not None
    for _ in range(5):
        record = schema.dumps(any_value(random, model))
        start = len(schema.lines[-1].start or b"")
        check(schema, record)
        for _ in range(EACH // 5):
            check(schema, record[:start] + mutated(random, FORMATS[codec], record[start:]))
