"""What of the types and values a format can carry, as Hypothesis strategies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from versioned_serde.shape import ScalarName

_TEXTS = st.text(max_size=20)
_NAMES = st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("$"))
_KEYS = st.text(max_size=8) | st.sampled_from(["$kept", "$raw", "$x"])
_OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_ZONES = st.none() | st.just(UTC) | _OFFSETS


def _decimals() -> st.SearchStrategy[Decimal]:
    digits = st.lists(st.integers(0, 9), min_size=1, max_size=40).map(tuple)
    finite = st.builds(Decimal, st.tuples(st.integers(0, 1), digits, st.integers(-60, 60)))
    return finite | st.sampled_from([Decimal(text) for text in ("0", "-0", "0.00", "1.10", "1E+5", "NaN", "-Infinity")])


def _scalars() -> dict[ScalarName, st.SearchStrategy[Any]]:
    return {
        "int": st.integers() | st.integers(-(2**70), 2**70) | st.sampled_from([2**63 - 1, -(2**63), 2**64 - 1, 2**64]),
        "float": st.floats(),
        "bool": st.booleans(),
        "bytes": st.binary(max_size=20),
        "decimal": _decimals(),
        "datetime": st.datetimes(timezones=_ZONES),
        "date": st.dates(),
        "time": st.times(timezones=_ZONES),
        "timedelta": st.timedeltas(),
        "uuid": st.uuids(),
    }


@dataclass(frozen=True, eq=False, repr=False)
class Reach:
    """What of the types and values a codec's format can carry; the default is everything.

    Attributes:
        texts: values of `str` attributes, and strings within `AnyType`.
        names: of attributes, declared or not; never empty, never beginning with `$`.
        keys: of maps, and of objects within `AnyType`.
        scalars: strategies of the values by name of the scalar, `str` aside; a name left out is not drawn.
        any: whether `AnyType` can be carried.
        unions: whether `UnionType` can be carried.
        null_anywhere: whether list items and map values may be nullable.
        nested_lists: whether list items and map values may be lists or maps.
        long_integers: whether integers of any number of digits can be carried.
        tells_kinds: whether a payload itself says what kind of value stands where, as in JSON, unlike XML.
        ordered: whether attributes stand in a payload in the order in which they are written, not in that of numbers.
        by_name: whether a payload can be read with a shape that has other attributes or types, unlike in Avro, where
            the bytes say nothing without the writer's schema.
        looks_into_unknown: whether the codec looks into what is not declared, so that nesting in it counts as depth.
    """

    texts: st.SearchStrategy[str] = _TEXTS
    names: st.SearchStrategy[str] = _NAMES
    keys: st.SearchStrategy[str] = _KEYS
    scalars: Mapping[ScalarName, st.SearchStrategy[Any]] = field(default_factory=_scalars)
    any: bool = True
    unions: bool = True
    null_anywhere: bool = True
    nested_lists: bool = True
    long_integers: bool = True
    tells_kinds: bool = True
    ordered: bool = True
    by_name: bool = True
    looks_into_unknown: bool = True

    def anything(self) -> st.SearchStrategy[Any]:
        """Values of `AnyType` that every format with such a type carries: integers of 64 bits, finite floats."""
        leaves = (
            st.none()
            | st.booleans()
            | st.integers(-(2**63), 2**63 - 1)
            | st.floats(allow_nan=False, allow_infinity=False)
            | self.texts
        )
        return st.recursive(
            leaves, lambda item: st.lists(item, max_size=3) | st.dictionaries(self.keys, item, max_size=3), max_leaves=6
        )


EVERYTHING = Reach()

_EAST, _WEST = timezone(timedelta(hours=23, minutes=59)), timezone(-timedelta(hours=23, minutes=59))
EDGES: dict[ScalarName, tuple[Any, ...]] = {
    "str": ("", "\0", "\r\n", "\x1f", "\x7f", "\ufffe", "\ud800", "\U0010ffff", " a ", "null", "1.0"),
    "int": (0, -1, 2**31, 2**53 + 1, -(2**53) - 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**300),
    "float": (0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e16, 1e21, float("inf"), float("-inf"), float("nan")),
    "bool": (False, True),
    "bytes": (b"", b"\0", bytes(range(256))),
    "decimal": tuple(
        Decimal(text) for text in ("0", "-0", "0.00", "1.10", "1E+5", "1e-400", "1e400", "NaN", "-Infinity")
    ),
    "datetime": (
        datetime.max,  # noqa: DTZ901  a moment without a zone is a value, too
        datetime(2024, 2, 29, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=_EAST),
        datetime(9999, 12, 30, 23, 59, 59, 999_999, _WEST),
    ),
    "date": (date.min, date(2024, 2, 29), date.max),
    "time": (time.min, time.max, time(1, tzinfo=UTC), time(1, 2, 3, 4, _WEST)),
    "timedelta": (
        timedelta.min,
        timedelta(0),
        timedelta(microseconds=-1),
        timedelta(days=-1, seconds=1),
        timedelta.max,
    ),
    "uuid": (UUID(int=0), UUID(int=2**128 - 1)),
}
"""Values that careless formats lose, by the name of their scalar."""
