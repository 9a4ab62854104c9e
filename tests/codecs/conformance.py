"""The names of `versioned_serde.testing.conformance` for tests that call its checks one by one."""

from versioned_serde.protocols import Codec
from versioned_serde.testing.conformance.checks import (
    check_deep,
    check_hostile,
    check_round_trip,
    check_unknown_retained,
    check_value,
)
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.reach import EVERYTHING, Reach
from versioned_serde.testing.conformance.trees import (
    damaged,
    equivalent,
    narrower,
    shaped_trees,
    shapes,
    trees,
    types,
    undeclared_values,
    values,
)

__all__ = [
    "EVERYTHING", "Reach", "check_deep", "check_hostile", "check_round_trip", "check_strict_encode",
    "check_unknown_retained", "check_value", "damaged", "equivalent", "narrower", "shaped_trees", "shapes", "trees",
    "types", "undeclared_values", "values",
]  # fmt: skip


def check_strict_encode(codec: Codec, reach: Reach = EVERYTHING) -> None:
    tested = CodecConformance()
    tested.codec, tested.reach = codec, reach
    tested.test_encoding_takes_values_of_exactly_the_type()
