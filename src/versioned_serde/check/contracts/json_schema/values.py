"""JSON values as hashable keys, equal where JSON Schema says that the values are equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

Key = tuple[Any, ...]
"""`("null",)`, `("boolean", b)`, `("number", Fraction)`, `("string", s)`, `("array", keys)`, `("object", pairs)`."""


def fraction_of(number: Any) -> Fraction:
    """A JSON number as it is written: 0.1 is a tenth.

    Raises:
        ValueError: it is infinite or not a number, as Python reads `1e999` and `NaN`.
    """
    if isinstance(number, int):
        return Fraction(number)
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise ValueError(f"{number} is no number of JSON")
    return Fraction(exact)


def key_of(value: Any) -> Key:
    """The key of a value. `1`, `1.0` and `Decimal(1)` have the same, `True` has another.

    Raises:
        ValueError: it holds what JSON does not have.
    """
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float, Decimal)):
        return ("number", fraction_of(value))
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, Mapping):
        return ("object", tuple(sorted((str(name), key_of(each)) for name, each in value.items())))
    if isinstance(value, Sequence):
        return ("array", tuple(key_of(each) for each in value))
    raise ValueError(f"{type(value).__name__} is not of JSON")


def value_of(key: Key) -> Any:
    """A value with this key. Numbers with a fraction are `Decimal` where that is exact."""
    match key:
        case ("null",):
            return None
        case ("number", number):
            return number_of(number)
        case ("array", items):
            return [value_of(each) for each in items]
        case ("object", pairs):
            return {name: value_of(each) for name, each in pairs}
        case _:
            return key[1]


def number_of(number: Fraction) -> int | Decimal:
    """A number that JSON can write; a nearby one if it has no end as decimals."""
    if number.denominator == 1:
        return number.numerator
    return Decimal(number.numerator) / Decimal(number.denominator)
