"""Scalars as text: the one text form of each, for every codec whose format has no form of its own for it.

The forms are those of pydantic's JSON, so that a payload is the same before and after a service adopts this library:
ISO 8601 for moments (`Z` for an offset of zero, microseconds as six digits), `Decimal` as `str()` gives it, floats by
the shortest digits that give the same float. Two forms differ: an offset from UTC that is not whole minutes keeps its
seconds, which pydantic cuts off, and bytes are base64 of the standard alphabet.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import ScalarName

_OFFSET = r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{6})?)?)?"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?" + _OFFSET
_DATE = r"\d{4}-\d\d-\d\d"
_DURATION = (
    r"(-?)P(?=[\dT])(?:(\d{1,9})Y)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,15})(?:\.(\d{1,6}))?S)?)?"
)
_is_datetime = re.compile(_DATE + "T" + _TIME, re.ASCII).fullmatch
_is_date = re.compile(_DATE, re.ASCII).fullmatch
_is_time = re.compile(_TIME, re.ASCII).fullmatch
_duration = re.compile(_DURATION, re.ASCII).fullmatch
_is_uuid = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_is_int = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII).fullmatch
_is_number = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,9})?", re.ASCII).fullmatch
_is_special = re.compile(r"-?(?:NaN|Infinity)").fullmatch


@dataclass(frozen=True, slots=True)
class TextForm:
    """How one scalar is written as text.

    Attributes:
        write: value -> text. Raises `UnwritableValueError` for a value that is not exactly of the type, or that its
            text would not give back.
        read: text -> value. Strict. Raises `PayloadError` or `LimitError`.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def mismatch(expected: str, found: str) -> PayloadError:
    """The error for a payload that has another type of value than its version declares."""
    return PayloadError(f"Expected {expected}, found {found}.")


def unwritable(expected: str, value: object) -> UnwritableValueError:
    """The error for a value that is not of the type that its version declares."""
    return UnwritableValueError(f"Expected {expected}, found {'null' if value is None else type(value).__name__}.")


def too_long(limits: Limits) -> LimitError:
    """The error for a number of more digits than the limit."""
    return LimitError(f"A number has more than {limits.max_digits} digits.", limit="max_digits")


def text_form(name: ScalarName, limits: Limits) -> TextForm:
    """The text form of a scalar; numbers have at most `limits.max_digits` digits, both ways."""
    if name == "int":
        return _int_form(limits)
    if name == "decimal":
        return _decimal_form(limits)
    return _FORMS[name]


def float_text(value: float) -> str:
    """The text of a finite float, as pydantic writes it: `1.0`, `1e+16`, `0.00001`, `1e-7`."""
    text = repr(value)
    if "e" not in text:
        return text
    digits, _, exponent = text.partition("e")
    if exponent == "-05":
        sign = "-" if digits[0] == "-" else ""
        return f"{sign}0.0000{digits.lstrip('-').replace('.', '')}"
    return f"{digits}e{int(exponent):+d}"


def _read_failed(name: str) -> PayloadError:
    return mismatch(name, f"text that is not a {name}")


def _int_form(limits: Limits) -> TextForm:
    longest = limits.max_digits
    bound = 10**longest  # comparing with a number is far quicker than counting digits

    def write(value: Any) -> str:
        if type(value) is not int:
            raise unwritable("int", value)
        try:
            if -bound < value < bound:
                return str(value)
        except ValueError:  # the interpreter's own bound, `sys.set_int_max_str_digits`, is lower
            pass
        raise UnwritableValueError(f"An int has more than {longest} digits, so nobody could read it.")

    def read(text: str) -> int:
        if len(text) > longest and len(text.removeprefix("-")) > longest:
            raise too_long(limits)
        if _is_int(text) is None:
            raise _read_failed("int")
        try:
            return int(text)
        except ValueError:
            raise too_long(limits) from None

    return TextForm(write, read)


def _decimal_form(limits: Limits) -> TextForm:
    longest = limits.max_digits

    def fits(text: str) -> bool:
        # An exponent and a sign are no digits, but short: only a text that is too long is worth counting.
        return len(text) <= longest or sum(map(str.isdigit, re.split("[eE]", text)[0])) <= longest

    def write(value: Any) -> str:
        if type(value) is not Decimal:
            raise unwritable("decimal", value)
        text = str(value)
        if not fits(text) or (_is_number(text) is None and _is_special(text) is None):
            raise UnwritableValueError("A decimal is no plain number, or has too many digits, so nobody could read it.")
        return text

    def read(text: str) -> Decimal:
        if not fits(text):
            raise too_long(limits)
        if _is_number(text) is None and _is_special(text) is None:
            raise _read_failed("decimal")
        return Decimal(text)

    return TextForm(write, read)


def _write_float(value: Any) -> str:
    if type(value) is not float:
        raise unwritable("float", value)
    if value - value == 0.0:
        return float_text(value)
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def _read_float(text: str) -> float:
    if (special := SPECIAL_FLOATS.get(text)) is not None:
        return special
    if _is_number(text) is None:
        raise _read_failed("float")
    value = float(text)
    if value - value != 0.0:
        raise mismatch("float", "a number too large for one")
    return value


SPECIAL_FLOATS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
"""The texts of the floats that have no digits."""


def _write_str(value: Any) -> str:
    if type(value) is not str:
        raise unwritable("str", value)
    return value


def _write_bool(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    raise unwritable("bool", value)


def _read_bool(text: str) -> bool:
    if text == "true":
        return True
    if text == "false":
        return False
    raise _read_failed("bool")


def _write_bytes(value: Any) -> str:
    if type(value) is not bytes:
        raise unwritable("bytes", value)
    return binascii.b2a_base64(value, newline=False).decode("ascii")


def _read_bytes(text: str) -> bytes:
    try:
        if len(text) % 4 == 0:  # strict mode alone lets padding after a whole group pass
            return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass
    raise mismatch("bytes", "text that is not base64")


def _write_datetime(value: Any) -> str:
    if type(value) is not datetime:
        raise unwritable("datetime", value)
    return _moment(value)


def _write_time(value: Any) -> str:
    if type(value) is not time:
        raise unwritable("time", value)
    return _moment(value)


def _moment(value: datetime | time) -> str:
    if value.tzinfo is not None and value.utcoffset() is None:
        # A time of day in a zone such as Europe/Berlin: its text would come back without any zone.
        raise UnwritableValueError("Expected a time zone with a fixed offset from UTC, found one without.")
    text = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _write_date(value: Any) -> str:
    if type(value) is not date:
        raise unwritable("date", value)
    return value.isoformat()


def _write_uuid(value: Any) -> str:
    if type(value) is not UUID:
        raise unwritable("uuid", value)
    return str(value)


def _matched(name: str, match: Callable[[str], object], make: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader for a text of which `match` knows the form and `make` the meaning."""

    def read(text: str) -> Any:
        if match(text) is None:
            raise _read_failed(name)
        try:
            return make(text)
        except ValueError:  # such as February 30
            raise _read_failed(name) from None

    return read


def _write_timedelta(value: Any) -> str:
    """As pydantic writes it: a year is 365 days, there are no months and no weeks."""
    if type(value) is not timedelta:
        raise unwritable("timedelta", value)
    sign = "-" if value.days < 0 else ""
    value = abs(value)
    years, days = divmod(value.days, 365)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    calendar = f"{f'{years}Y' if years else ''}{f'{days}D' if days else ''}"
    clock = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    return f"{sign}P{calendar}{f'T{clock}' if clock else ''}" if value else "PT0S"


def _read_timedelta(text: str) -> timedelta:
    found = _duration(text)
    if found is None:
        raise _read_failed("timedelta")
    years, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:7])
    microseconds = int((found[8] or "").ljust(6, "0"))
    days += 365 * years + 7 * weeks
    try:
        value = timedelta(days, seconds, microseconds, 0, minutes, hours)
    except OverflowError:
        raise mismatch("timedelta", "a duration too long for one") from None
    return -value if found[1] else value


_FORMS: dict[ScalarName, TextForm] = {
    "str": TextForm(_write_str, str),
    "float": TextForm(_write_float, _read_float),
    "bool": TextForm(_write_bool, _read_bool),
    "bytes": TextForm(_write_bytes, _read_bytes),
    "datetime": TextForm(_write_datetime, _matched("datetime", _is_datetime, datetime.fromisoformat)),
    "date": TextForm(_write_date, _matched("date", _is_date, date.fromisoformat)),
    "time": TextForm(_write_time, _matched("time", _is_time, time.fromisoformat)),
    "timedelta": TextForm(_write_timedelta, _read_timedelta),
    "uuid": TextForm(_write_uuid, _matched("uuid", _is_uuid, UUID)),
}
