"""The tree of errors."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

from versioned_serde import errors

ALL = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, errors.SerdeError) and cls.__module__ == errors.__name__
]
EXTRA = {
    "reason": "no-tag",
    "limit": "max_bytes",
    "step": "rename('a', 'b')",
    "key": "17",
}


def made(cls: type[errors.SerdeError]) -> errors.SerdeError:
    parameters = inspect.signature(cls).parameters
    extra: dict[str, Any] = {name: value for name, value in EXTRA.items() if name in parameters}
    return cls("It broke.", **extra)


@pytest.mark.parametrize("cls", ALL)
def test_every_error_carries_the_same_attributes_and_survives_a_process_boundary(cls: type[errors.SerdeError]) -> None:
    error = made(cls).located(schema="shop.order", version=3, known_versions=(1, 2)).inside("sku").inside("[3]")
    error = error.inside("lines")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert type(again) is cls
    assert vars(again) == vars(error)
    assert str(again) == str(error)
    assert (again.schema, again.version, again.known_versions, again.path) == (
        "shop.order",
        3,
        (1, 2),
        "lines[3].sku",
    )


def test_the_text_says_where_what_and_what_to_do() -> None:
    error = errors.UnreadableVersionError("It needs a newer reader.", min_reader=4, hint="Deploy one.")
    error.located(schema="shop.order", version=4, known_versions=(1, 2, 3)).inside("total")
    assert str(error) == (
        "shop.order version 4: at `total`: It needs a newer reader. This process reads 1, 2, 3. Deploy one."
    )


def test_what_a_lower_floor_said_stays() -> None:
    error = errors.PayloadError("It broke.", version=2).located(schema="a.b", version=3)
    assert (error.schema, error.version) == ("a.b", 2)


def test_reading_and_writing_errors_are_told_apart() -> None:
    assert issubclass(errors.UnreadableVersionError, errors.ReadError)
    assert not issubclass(errors.UnreadableVersionError, errors.WriteError)
    assert issubclass(errors.ConversionError, errors.ReadError)
    assert issubclass(errors.ConversionError, errors.WriteError)
