"""Older versions written straight from values of the newest: what the way through a tree writes, byte for byte."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any, Literal

import msgspec
import pydantic
import pytest
from hypothesis import given

from tests.native.cases import CODECS, VALUES
from tests.native.older import KINDS, Older
from tests.native.pairs import Pair, needs_native
from versioned_serde import Schema, Version, add, redefault, remove, rename, retype, within
from versioned_serde.testing.strategies import sources

pytestmark = needs_native


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", KINDS)
def test_any_history(codec: str, kind: str) -> None:
    found: Counter[str] = Counter()

    @given(random=sources())
    def check(random: Any) -> None:
        older = Older(random, kind, codec)
        found["declared"] += older.schema is not None
        if older.schema is not None:
            pair = Pair.of(older.schema)
            found["written"] += sum(pair.check(older.value()) for _ in range(VALUES))

    check()
    # Most of what is drawn is written by the core: the test would be empty otherwise.
    assert found["written"] > VALUES * found["declared"] / 4 > 0, found
