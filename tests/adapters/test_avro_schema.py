"""Names in Avro: always valid, and no two become one."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from versioned_serde.adapters.avro_schema import UNDECLARED, avro_name, avro_schema, type_name
from versioned_serde.errors import DeclarationError
from versioned_serde.shape import Attribute, EnumType, NullableType, ObjectType, Scalar, Shape

NAMES = st.text() | st.text("_x20a1f", max_size=12)


def original(name: str) -> str:
    """The other way: an escape wherever one can begin, from left to right."""
    if name == "_x_":
        return ""
    return re.sub(r"_x([0-9a-f]+)_", lambda found: chr(int(found[1], 16)), name)


@given(NAMES)
def test_each_name_can_be_told_again(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", avro_name(name), re.ASCII)
    assert original(avro_name(name)) == name


@given(NAMES)
def test_no_attribute_has_the_name_of_the_last_field(name: str) -> None:
    assume(not name.startswith("$"))
    assert avro_name(name) != UNDECLARED
    assert avro_name("$undeclared") == UNDECLARED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("buyer", "buyer"),
        ("ship_to", "ship_to"),
        ("ship to", "ship_x20_to"),
        ("1st", "_x31_st"),
        ("a1", "a1"),
        ("max_x", "max_x5f_x"),
        ("_x20_", "_x5f_x20_"),
        ("größe", "gr_xf6__xdf_e"),
        ("\U0001f600", "_x1f600_"),
        ("", "_x_"),
    ],
)
def test_escapes(name: str, expected: str) -> None:
    assert avro_name(name) == expected


@given(NAMES | st.sampled_from(["null", "string", "nulls", "_x6e_ull"]))
def test_no_type_has_the_name_of_a_primitive_one(name: str) -> None:
    assert type_name(name) not in {"null", "string"}
    assert original(type_name(name)) == name


def test_a_type_at_a_place_of_such_a_name() -> None:
    inner = ObjectType(Shape("Inner", (Attribute("string", EnumType(("a",))),)))
    (field, _) = avro_schema(Shape("Order", (Attribute("null", inner),)))["fields"]
    assert field["name"] == "null"
    assert field["type"]["name"] == "Record._x6e_ull"
    assert field["type"]["fields"][0]["type"]["name"] == "Record._x6e_ull._x73_tring"


def test_a_type_that_avro_has_no_form_for_is_refused() -> None:
    class Other:
        pass

    with pytest.raises(DeclarationError, match="no form for the type Other"):
        avro_schema(Shape("Order", (Attribute("a", Other()),)))  # type: ignore[arg-type]


def test_null_stands_once_in_a_union() -> None:
    twice = NullableType(NullableType(Scalar("int")))
    (field, _) = avro_schema(Shape("Order", (Attribute("a", twice),)))["fields"]
    assert field["type"] == ["null", "long"]
