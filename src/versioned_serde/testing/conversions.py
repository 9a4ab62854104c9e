"""Functions by which made-up attributes change their type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from versioned_serde.shape import Constant
from versioned_serde.testing.histories import Field, Values

RETYPES: dict[tuple[str, str], tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    ("int", "decimal"): (lambda cents: Decimal(cents) / 100, lambda amount: int(amount * 100)),
    ("decimal", "int"): (lambda amount: int(amount * 100), lambda cents: Decimal(cents) / 100),
    ("int", "str"): (str, lambda text: int(text) if text.isdecimal() else 0),
    ("str", "int"): (lambda text: int(text) if text.isdecimal() else -1, str),
    ("bool", "str"): (lambda flag: "yes" if flag else "no", lambda text: text == "yes"),
    ("str", "bool"): (bool, lambda flag: "set" if flag else ""),
    ("str", "decimal"): (lambda text: Decimal(len(text)), str),
    ("decimal", "str"): (str, lambda text: Decimal(len(text))),
}
"""(older, newer) -> both ways: total, and not injective in one direction or in both."""


def kept_null(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, where null stays null."""
    return lambda given: None if given is None else function(given)


def explicit(source: Field, function: Callable[[Any], Any], shows: bool) -> Callable[[Values], Values]:
    """The function over present values, or over the default that an absent one implies."""

    def way(values: Values) -> Values:
        if shows and not values and isinstance(source.default, Constant):
            return {source.name: function(source.default.value)}
        return {name: function(item) for name, item in values.items()}

    return way
