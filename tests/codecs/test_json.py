"""JSON: the common conformance, and what is JSON's own."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.codecs import conformance
from tests.codecs.conformance import check_hostile, check_round_trip, check_value
from versioned_serde.codecs.json import plugin
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import (
    Shape,
)
from versioned_serde.tree import Tree

CODEC = plugin()


@given(conformance.shaped_trees(CODEC))
def test_round_trip(drawn: tuple[Shape, Tree]) -> None:
    json.loads(check_round_trip(CODEC, *drawn))


@given(st.data())
def test_value_round_trip(data: st.DataObject) -> None:
    type_ = data.draw(conformance.types())
    check_value(CODEC, type_, data.draw(conformance.values(type_)))


@given(st.data())
def test_an_older_host_loses_nothing(data: st.DataObject) -> None:
    shape, tree = data.draw(conformance.shaped_trees(CODEC))
    conformance.check_unknown_retained(CODEC, shape, data.draw(conformance.narrower(shape)), tree)


@given(st.data())
def test_damaged_bytes(data: st.DataObject) -> None:
    shape, tree = data.draw(conformance.shaped_trees(CODEC))
    payload = CODEC.payload(shape, DEFAULT_LIMITS).encode(tree)
    check_hostile(CODEC, shape, data.draw(conformance.damaged(payload)))


def test_encoding_is_strict() -> None:
    conformance.check_strict_encode(CODEC)
