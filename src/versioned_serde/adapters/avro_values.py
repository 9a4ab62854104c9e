"""Single values in Avro: which types of a schema carry which type of a shape, and how.

What is read is the value exactly, and can be written again. A value that the schema's type cannot say exactly is not
written: a moment that is not in UTC in a `timestamp-micros`, a price of three places in a `decimal` of two.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from versioned_serde.adapters import avro_walk as walks
from versioned_serde.adapters.texts import mismatch, text_form, unwritable
from versioned_serde.errors import DeclarationError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import EnumType, Scalar, ScalarName, Type

_LONG = range(-(2**63), 2**63)
_INT = range(-(2**31), 2**31)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the beginning of the local time stamps, which have no zone
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DAY = 24 * 60 * 60 * 1_000_000
_TIMES = {"millis": 1_000, "micros": 1}
"""Microseconds in a unit of the logical types."""


@dataclass(frozen=True, slots=True)
class AvroType:
    """A type of an Avro schema that is no union, with its name looked up.

    Attributes:
        kind: such as `string` or `record`.
        logical: the logical type, or empty.
        schema: the definition, empty for a primitive type.
    """

    kind: str
    logical: str
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What a union calls the type: the full name of a named type."""
        return str(self.schema["name"]) if self.kind in {"record", "enum", "fixed"} else self.kind

    def __str__(self) -> str:
        return f"{self.kind} ({self.logical})" if self.logical else self.name


@dataclass(frozen=True, slots=True)
class Form:
    """How values of a type stand in Avro.

    Attributes:
        write: typed value -> what fastavro writes. Raises `UnwritableValueError`.
        read: what fastavro read -> typed value. Raises `PayloadError` or `LimitError`.
        walk: passes over the value in the payload.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    walk: walks.Walk


def refused(type_: Type, avro: object, wanted: str) -> DeclarationError:
    """The error for a type that an Avro type cannot carry; `wanted` is one that could."""
    name = type_.name if isinstance(type_, Scalar) else type(type_).__name__.removesuffix("Type").lower()
    return DeclarationError(
        f"The Avro type `{avro}` cannot carry the type {name}.",
        hint=f"An Avro field for it is of the type {wanted}.",
    )


def scalar_form(type_: Scalar, avro: AvroType, limits: Limits) -> Form:
    """The form of a scalar.

    Raises:
        DeclarationError: the Avro type cannot carry it.
    """
    if type_.name in _NATIVE:
        return _native(type_, avro)
    if avro.kind == "string":
        form = text_form(type_.name, limits)
        return Form(form.write, form.read, walks.sized)
    match type_.name, avro.kind, avro.logical:
        case "date", "int", "date":
            return Form(_write_date, _read_date, walks.integer)
        case "time", "int", "time-millis":
            return _time("millis", walks.integer)
        case "time", "long", "time-micros":
            return _time("micros", walks.long)
        case "datetime", "long", "timestamp-millis" | "timestamp-micros":
            return _timestamp(avro.logical.removeprefix("timestamp-"), local=False)
        case "datetime", "long", "local-timestamp-millis" | "local-timestamp-micros":
            return _timestamp(avro.logical.removeprefix("local-timestamp-"), local=True)
        case "uuid", "fixed", "uuid" if avro.schema["size"] == 16:
            return Form(_write_uuid, lambda data: UUID(bytes=data), walks.fixed(16))
        case "decimal", "bytes" | "fixed", "decimal":
            return _decimal(avro, limits)
    raise refused(type_, avro, _WANTED[type_.name])


_NATIVE: dict[ScalarName, type] = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}
_WANTED: dict[ScalarName, str] = {
    "str": "string",
    "int": "long or int",
    "float": "double or float",
    "bool": "boolean",
    "bytes": "bytes or fixed",
    "decimal": "string, or decimal of bytes or of a fixed",
    "datetime": "string, or timestamp or local-timestamp of millis or micros",
    "date": "string, or date",
    "time": "string, time-millis or time-micros",
    "timedelta": "string",
    "uuid": "string, or uuid of 16 bytes",
}


def _native(type_: Scalar, avro: AvroType) -> Form:
    write = _exactly(type_.name, _NATIVE[type_.name])
    match type_.name, avro.kind:
        case "str", "string":
            return Form(write_str, _same, walks.sized)
        case "int", "long":
            return Form(_in_range(_LONG), _same, walks.long)
        case "int", "int":
            return Form(_in_range(_INT), _same, walks.integer)
        case "float", "double":
            return Form(write, _same, walks.fixed(8))
        case "float", "float":
            return Form(_write_single, _same, walks.fixed(4))
        case "bool", "boolean":
            return Form(write, _same, walks.boolean)
        case "bytes", "bytes":
            return Form(write, _same, walks.sized)
        case "bytes", "fixed" if avro.schema["size"] > 0:  # any number of those of no size takes no bytes
            size: int = avro.schema["size"]
            return Form(_of_size(size), _same, walks.fixed(size))
    raise refused(type_, avro, _WANTED[type_.name])


def enum_form(type_: EnumType, avro: AvroType) -> Form:
    """The form of an enum's raw values.

    Raises:
        DeclarationError: the Avro type cannot carry them, or an Avro enum has other symbols.
    """
    if avro.kind == "enum" and type_.base == "str":
        symbols = frozenset[Any](avro.schema["symbols"])
        odd: frozenset[Any] = symbols ^ frozenset(type_.members)
        if type_.open:  # further symbols are among what it may hold
            odd -= symbols
        if odd:
            named = ", ".join(f"`{name}`" for name in sorted(odd))
            raise DeclarationError(
                f"The Avro enum `{avro.name}` and the members differ in {named}.",
                hint="Make the two equal, or declare the enum open.",
            )
        return Form(_one_of(_exactly("str", str), symbols), _same, walks.enum(len(symbols)))
    base = _native(Scalar(type_.base), avro)
    if type_.open:
        return base
    members = frozenset[Any](type_.members)

    def read(value: Any) -> Any:
        if value not in members:
            raise mismatch("one of the enum's members", f"another {type_.base}")
        return value

    return Form(_one_of(base.write, members), read, base.walk)


def write_str(value: Any) -> str:
    """A str that UTF-8 can carry."""
    if type(value) is not str:
        raise unwritable("str", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UnwritableValueError("A str has a lone surrogate, which Avro cannot carry.") from None
    return value


def _same(value: Any) -> Any:
    return value


def _exactly(name: str, python: type) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        if type(value) is not python:
            raise unwritable(name, value)
        return value

    return write


def _one_of(write: Callable[[Any], Any], allowed: frozenset[Any]) -> Callable[[Any], Any]:
    def write_member(value: Any) -> Any:
        if write(value) not in allowed:
            raise UnwritableValueError(f"Expected one of the enum's members, found another {type(value).__name__}.")
        return value

    return write_member


def _in_range(allowed: range) -> Callable[[Any], int]:
    bits = allowed.stop.bit_length()

    def write(value: Any) -> int:
        if type(value) is not int:
            raise unwritable("int", value)
        if value not in allowed:
            raise UnwritableValueError(f"An int has more than the {bits} bits of its Avro type.")
        return value

    return write


def _write_single(value: Any) -> float:
    if type(value) is not float:
        raise unwritable("float", value)
    try:
        exact = value != value or struct.unpack("<f", struct.pack("<f", value))[0] == value
    except OverflowError:
        exact = False
    if not exact:
        raise UnwritableValueError("A float has more digits than the Avro type `float` carries.")
    return value


def _of_size(size: int) -> Callable[[Any], bytes]:
    def write(value: Any) -> bytes:
        if type(value) is not bytes:
            raise unwritable("bytes", value)
        if len(value) != size:
            raise UnwritableValueError(f"Bytes are not the {size} of their Avro type.")
        return value

    return write


def _write_uuid(value: Any) -> bytes:
    if type(value) is not UUID:
        raise unwritable("uuid", value)
    return value.bytes


def _write_date(value: Any) -> int:
    if type(value) is not date:
        raise unwritable("date", value)
    return value.toordinal() - _FIRST_DAY


def _read_date(days: int) -> date:
    try:
        return date.fromordinal(days + _FIRST_DAY)
    except (ValueError, OverflowError):
        raise mismatch("date", "a day out of the calendar") from None


def _in_units(microseconds: int, unit: int) -> int:
    units, rest = divmod(microseconds, unit)
    if rest:
        raise UnwritableValueError("A moment has microseconds, which its Avro type of milliseconds would lose.")
    return units


def _time(unit_name: str, walk: walks.Walk) -> Form:
    unit = _TIMES[unit_name]

    def write(value: Any) -> int:
        if type(value) is not time:
            raise unwritable("time", value)
        if value.tzinfo is not None:
            raise UnwritableValueError("A time has a zone, which its Avro type would lose.")
        seconds = (value.hour * 60 + value.minute) * 60 + value.second
        return _in_units(seconds * 1_000_000 + value.microsecond, unit)

    def read(units: int) -> time:
        if not 0 <= units * unit < _DAY:
            raise mismatch("time", "one that is not within a day")
        seconds, microsecond = divmod(units * unit, 1_000_000)
        minutes, second = divmod(seconds, 60)
        return time(minutes // 60, minutes % 60, second, microsecond)

    return Form(write, read, walk)


def _timestamp(unit_name: str, *, local: bool) -> Form:
    unit = _TIMES[unit_name]
    epoch = _EPOCH if local else _EPOCH_UTC

    def write(value: Any) -> int:
        if type(value) is not datetime:
            raise unwritable("datetime", value)
        offset = value.utcoffset()
        if local and value.tzinfo is not None:
            raise UnwritableValueError("A datetime has a zone, which its Avro type would lose.")
        if not local and (offset is None or offset):
            raise UnwritableValueError(
                "A datetime is not in UTC, and its Avro type holds nothing else.",
                hint="Give `value.astimezone(UTC)`.",
            )
        return _in_units((value - epoch) // _MICROSECOND, unit)

    def read(units: int) -> datetime:
        try:
            return epoch + timedelta(microseconds=units * unit)
        except OverflowError:
            raise mismatch("datetime", "a moment out of the calendar") from None

    return Form(write, read, walks.long)


def _decimal(avro: AvroType, limits: Limits) -> Form:
    precision, scale = avro.schema.get("precision"), avro.schema.get("scale", 0)
    if type(precision) is not int or type(scale) is not int or precision > limits.max_digits:
        raise DeclarationError(
            f"The Avro type `{avro}` has no precision, or more than `Limits.max_digits`.", hint="Give it another one."
        )
    bound = 10**precision
    most = bound.bit_length() // 8 + 1  # of more bytes, the first ones would only repeat the sign
    size: int | None = avro.schema["size"] if avro.kind == "fixed" else None

    def write(value: Any) -> bytes:
        if type(value) is not Decimal:
            raise unwritable("decimal", value)
        sign, digits, exponent = value.as_tuple()
        unscaled = int(Decimal((0, digits, 0)))
        if exponent != -scale or unscaled >= bound or (sign and not unscaled):
            raise UnwritableValueError(
                f"A decimal has not exactly {scale} places and at most {precision} digits, as its Avro type.",
                hint="Round it, such as by `value.quantize`.",
            )
        unscaled = -unscaled if sign else unscaled
        own = (~unscaled if sign else unscaled).bit_length() // 8 + 1
        return unscaled.to_bytes(size or own, "big", signed=True)

    def read(data: bytes) -> Decimal:
        unscaled = int.from_bytes(data, "big", signed=True) if size is not None or len(data) <= most else bound
        if abs(unscaled) >= bound:
            raise mismatch("decimal", f"one of more than {precision} digits")
        return Decimal((unscaled < 0, Decimal(abs(unscaled)).as_tuple().digits, -scale))

    return Form(write, read, walks.sized if size is None else walks.fixed(size))
