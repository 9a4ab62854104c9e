"""Text forms of scalars: there and back, the same as pydantic's, and strict."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from versioned_serde.adapters.texts import text_form
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import ScalarName
from versioned_serde.testing.conformance.reach import EVERYTHING
from versioned_serde.tree import same

NAMES = sorted(EVERYTHING.scalars)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_text_gives_the_value_back(name: ScalarName, data: st.DataObject) -> None:
    form = text_form(name, DEFAULT_LIMITS)
    value = data.draw(EVERYTHING.scalars[name])
    assert same(form.read(form.write(value)), value)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "bytes"])
@given(data=st.data())
def test_text_is_pydantics(name: ScalarName, data: st.DataObject) -> None:
    value = data.draw(EVERYTHING.scalars[name])
    assert text_form(name, DEFAULT_LIMITS).write(value) == to_json(value, inf_nan_mode="strings").decode().strip('"')


@given(st.floats(-1e-3, 1e-3) | st.floats(1e15, 1e18) | st.integers(-330, 308).map(lambda e: float(f"1.5e{e}")))
def test_float_text_is_pydantics_where_the_notation_changes(value: float) -> None:
    assert text_form("float", DEFAULT_LIMITS).write(value) == to_json(value).decode()


def test_an_offset_keeps_its_seconds() -> None:
    form = text_form("datetime", DEFAULT_LIMITS)
    moment = datetime(2024, 1, 2, tzinfo=timezone(timedelta(seconds=-30)))
    assert form.write(moment) == "2024-01-02T00:00:00-00:00:30"
    assert same(form.read("2024-01-02T00:00:00-00:00:30"), moment)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("int", "01"), ("int", "+1"), ("int", "1_0"), ("int", " 1"), ("int", ""), ("int", "1.0"), ("int", "\u0661"),
        ("float", "nan"), ("float", "inf"), ("float", "1e400"), ("float", "-1e400"), ("float", "1_0.0"),
        ("float", "\u0663"), ("float", ""), ("float", "0x1"), ("float", " 1"), ("float", "Infinity "),
        ("bool", "True"), ("bool", "1"), ("bool", ""),
        ("bytes", "YQ"), ("bytes", "YQ==="), ("bytes", "YQ==\n"), ("bytes", "__4_"), ("bytes", "é"), ("bytes", "YWJj="),
        ("decimal", "sNaN"), ("decimal", "NaN12"), ("decimal", "1_0"), ("decimal", " 1"), ("decimal", "infinity"),
        ("decimal", "1e9999999999"), ("decimal", "\u0663"), ("decimal", ""),
        ("datetime", "2024-01-02"), ("datetime", "2024-01-02 03:04:05"), ("datetime", "20240102T030405"),
        ("datetime", "2024-02-30T00:00:00"), ("datetime", "2024-01-02T24:00:00"), ("datetime", "2024-01-02T03:04"),
        ("datetime", "2024-01-02T03:04:05.1234567"), ("datetime", "2024-01-02T03:04:05+24:00"), ("datetime", "0"),
        ("datetime", "0000-01-01T00:00:00"), ("datetime", "2024-01-02T03:04:05z"),
        ("datetime", "\uff12024-01-02T03:04:05"),
        ("date", "2024-W01-1"), ("date", "20240102"), ("date", "2024-02-30"), ("date", "2024-01-02T00:00:00"),
        ("time", "03:04"), ("time", "T03:04:05"), ("time", "24:00:00"), ("time", "030405"),
        ("timedelta", "P"), ("timedelta", "PT"), ("timedelta", "P1DT"), ("timedelta", "1"), ("timedelta", "P1M"),
        ("timedelta", "P-1D"), ("timedelta", "PT1.5H"), ("timedelta", "PT1.1234567S"), ("timedelta", "P999999999Y"),
        ("uuid", "0" * 32), ("uuid", "{00000000-0000-0000-0000-000000000001}"), ("uuid", ""),
    ],
)  # fmt: skip
def test_other_text_is_refused(name: ScalarName, text: str) -> None:
    with pytest.raises(PayloadError) as caught:
        text_form(name, DEFAULT_LIMITS).read(text)
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("datetime", "2024-01-02T03:04:05.5+00:00", datetime(2024, 1, 2, 3, 4, 5, 500_000, UTC)),
        ("timedelta", "P1Y1W1DT1H1M1.5S", timedelta(373, 3661, 500_000)),
        ("timedelta", "-PT0.25S", timedelta(microseconds=-250_000)),
        ("decimal", "1e999999999", Decimal("1e999999999")),
        ("decimal", "-Infinity", Decimal("-Infinity")),
        ("float", "1", 1.0),
        ("float", "1E5", 1e5),
    ],
)
def test_text_of_others_is_read(name: ScalarName, text: str, value: Any) -> None:
    assert same(text_form(name, DEFAULT_LIMITS).read(text), value)


def test_numbers_are_bounded_both_ways() -> None:
    limits = Limits(max_digits=5)
    whole, decimal = text_form("int", limits), text_form("decimal", limits)
    assert whole.read("-12345") == -12345
    assert whole.write(-99999) == "-99999"
    assert decimal.read(decimal.write(Decimal("-1.2345E-100"))) == Decimal("-1.2345E-100")
    for form, text, value in ((whole, "123456", 100_000), (decimal, "1.23456", Decimal("1.23456"))):
        with pytest.raises(LimitError) as caught:
            form.read(text)
        assert caught.value.limit == "max_digits"
        with pytest.raises(UnwritableValueError):
            form.write(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decimal", Decimal("sNaN")),
        ("decimal", Decimal("NaN123")),
        ("decimal", Decimal("1e9999999999")),
        ("time", time(1, 2, tzinfo=ZoneInfo("Europe/Berlin"))),
        ("int", True),
        ("bool", 1),
    ],
)
def test_what_text_would_not_give_back_is_not_written(name: ScalarName, value: Any) -> None:
    with pytest.raises(UnwritableValueError):
        text_form(name, DEFAULT_LIMITS).write(value)


def test_the_error_names_the_types() -> None:
    with pytest.raises(PayloadError, match=r"^Expected datetime, found text that is not a datetime\.$"):
        text_form("datetime", DEFAULT_LIMITS).read("tomorrow")
    with pytest.raises(UnwritableValueError, match=r"^Expected int, found str\.$"):
        text_form("int", DEFAULT_LIMITS).write("1")
    with pytest.raises(UnwritableValueError, match=r"^Expected uuid, found null\.$"):
        text_form("uuid", DEFAULT_LIMITS).write(None)
