"""What a model allows beyond the type of an attribute, found in its annotations, and values within it.

Constraints are looked at by the names that all libraries give them (`ge`, `max_length`, ...), so that those of
pydantic, of msgspec and of `annotated_types` are understood, and none of these libraries is needed.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from versioned_serde.protocols import HasLayout, ModelKind
from versioned_serde.shape import ScalarName, Shape

Bounds = dict[str, Any]
_NAMES = (
    *("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern"),
    *("max_digits", "decimal_places"),
)
_INTEGERS = {1: (-(2**31), 2**31 - 1), 2: (-(2**63), 2**63 - 1), 3: (0, 2**32 - 1), 4: (0, 2**64 - 1)}
"""Of protobuf's `FieldDescriptor.cpp_type`."""
_ZONES = st.none() | st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_LONG_AGO, _FAR_OFF = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_NAMED: dict[str, st.SearchStrategy[Any]] = {
    "EmailStr": st.emails(),
    "AwareDatetime": st.datetimes(timezones=st.just(UTC)),
    "NaiveDatetime": st.datetimes(),
    "PastDatetime": st.datetimes(max_value=_LONG_AGO.replace(tzinfo=None), timezones=st.just(UTC)),
    "FutureDatetime": st.datetimes(min_value=_FAR_OFF.replace(tzinfo=None), timezones=st.just(UTC)),
    "PastDate": st.dates(max_value=_LONG_AGO.date()),
    "FutureDate": st.dates(min_value=_FAR_OFF.date()),
}
"""pydantic's own types, by name: values of a basic type that not every value of it is."""


def annotated(kind: ModelKind, shape: Shape) -> dict[str, Any]:
    """The annotations of a model by wire name, as far as they can be found.

    Args:
        kind: of the model.
        shape: the model's own, which the kind has described.
    """
    model = shape.model
    layout = kind.layout(shape) if isinstance(kind, HasLayout) else None
    names = dict(zip(shape.names, shape.names if layout is None else layout.names, strict=True))
    if (descriptor := getattr(model, "DESCRIPTOR", None)) is not None:
        fields = descriptor.fields_by_name
        limited = {name: _INTEGERS[fields[name].cpp_type] for name in names if fields[name].cpp_type in _INTEGERS}
        return {name: typing.Annotated[int, _Interval(*bounds)] for name, bounds in limited.items()}
    if isinstance(fields := getattr(model, "model_fields", None), dict):
        found = {
            name: typing.Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
            for name, field in fields.items()
        }
    else:
        found = typing.get_type_hints(model, include_extras=True) if isinstance(model, type) else {}
    return {name: found[python_name] for name, python_name in names.items() if python_name in found}


class _Interval:
    def __init__(self, ge: int, le: int) -> None:
        self.ge = ge
        self.le = le


def split(annotation: Any) -> tuple[Any, Bounds]:
    """An annotation without `Annotated` and its like, and the bounds that it had."""
    bounds: Bounds = {}
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            bounds.update(_bounds(annotation.__metadata__))
            annotation = typing.get_args(annotation)[0]
        elif origin in (typing.Required, typing.NotRequired, typing.Final):
            annotation = typing.get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        else:
            return annotation, bounds


def _bounds(metadata: Iterable[Any]) -> Bounds:
    found: Bounds = {}
    for item in metadata:
        if isinstance(grouped := getattr(item, "metadata", None), list | tuple):
            found.update(_bounds(grouped))
        elif isinstance(item, Iterable) and not isinstance(item, str | bytes):
            found.update(_bounds(item))
        else:
            found.update({name: value for name in _NAMES if (value := getattr(item, name, None)) is not None})
    return found


def inner(annotation: Any, bounds: Bounds) -> Any:
    """The annotation of what is not null in `X | None`, under the bounds of the whole."""
    arms = typing.get_args(annotation) if typing.get_origin(annotation) in (typing.Union, types.UnionType) else ()
    rest = [arm for arm in arms if arm is not type(None)]
    return typing.Annotated[rest[0], _Group(bounds)] if len(rest) == 1 else None


class _Group:
    def __init__(self, bounds: Bounds) -> None:
        self.__dict__.update(bounds)


def argument(annotation: Any, index: int) -> Any:
    """The annotation of what a list or map holds, or None."""
    arguments = typing.get_args(annotation)
    return arguments[index] if len(arguments) > index else None


def sizes(bounds: Bounds, most: int) -> dict[str, Any]:
    """`min_size` and `max_size` of a collection, no larger than it has to be."""
    least = bounds.get("min_length", 0)
    return {"min_size": least, "max_size": min(bounds.get("max_length", least + most), least + most)}


def scalars(name: ScalarName, annotation: Any, bounds: Bounds, letters: st.SearchStrategy[str]) -> Any:
    """Values of a basic type within bounds; what bounds there are beyond these, the model itself checks.

    NaN and the infinities are left out: no law of equality holds for the first, and not every codec has the others.
    """
    named = _NAMED.get(getattr(annotation, "__name__", ""))
    if named is not None:
        return named
    match name:
        case "str":
            if (pattern := bounds.get("pattern")) is not None:
                return st.from_regex(pattern, alphabet=letters)
            return st.text(letters, min_size=bounds.get("min_length", 0), max_size=bounds.get("max_length"))
        case "int":
            return _integers(bounds)
        case "float":
            return _floats(bounds)
        case "decimal":
            return _decimals(bounds)
        case "bool":
            return st.booleans()
        case "bytes":
            return st.binary(min_size=bounds.get("min_length", 0), max_size=bounds.get("max_length"))
        case "datetime":
            return st.datetimes(timezones=_ZONES)
        case "date":
            return st.dates(**_between(bounds, date))
        case "time":
            return st.times()
        case "timedelta":
            return st.timedeltas(**_between(bounds, timedelta))
        case "uuid":
            return st.uuids()


def _between(bounds: Bounds, type_: type) -> dict[str, Any]:
    found = {"min_value": bounds.get("ge", bounds.get("gt")), "max_value": bounds.get("le", bounds.get("lt"))}
    return {name: value for name, value in found.items() if type(value) is type_}


def _integers(bounds: Bounds) -> st.SearchStrategy[int]:
    least = bounds["gt"] + 1 if "gt" in bounds else bounds.get("ge")
    most = bounds["lt"] - 1 if "lt" in bounds else bounds.get("le")
    if (step := bounds.get("multiple_of")) is not None:
        return st.integers(None if least is None else -(-least // step), None if most is None else most // step).map(
            lambda number: number * step
        )
    return st.integers(least, most)


def _floats(bounds: Bounds) -> st.SearchStrategy[float]:
    return st.floats(
        bounds.get("ge", bounds.get("gt")),
        bounds.get("le", bounds.get("lt")),
        allow_nan=False,
        allow_infinity=False,
        exclude_min="gt" in bounds,
        exclude_max="lt" in bounds,
    )


def _decimals(bounds: Bounds) -> st.SearchStrategy[Decimal]:
    places = bounds.get("decimal_places")
    most = None
    if (digits := bounds.get("max_digits")) is not None:
        places = min(2, digits) if places is None else places
        most = Decimal(10) ** (digits - places) - Decimal(10) ** -places
    least, greatest = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    return st.decimals(
        least if least is not None else most and -most,
        greatest if greatest is not None else most,
        allow_nan=False,
        allow_infinity=False,
        places=places,
    )
