"""Models of pydantic: their shapes, and what instances give and take."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeVar

import pytest
from hypothesis import strategies as st
from pydantic import (
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    PrivateAttr,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from tests.models.described import make, shape_of, take
from versioned_serde.errors import PayloadError, UnwritableValueError
from versioned_serde.models.pydantic import plugin
from versioned_serde.shape import (
    FACTORY,
    REQUIRED,
    Attribute,
    Constant,
    EnumType,
    ListType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
)
from versioned_serde.testing.conformance.checks import SECRET
from versioned_serde.testing.conformance.kinds import KindConformance

T = TypeVar("T")


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Line(BaseModel):
    sku: str
    count: PositiveInt = 1


class Order(BaseModel):
    buyer: str
    total: Decimal = Field(gt=0)
    note: str | None = None
    lines: list[Line] = []
    tags: set[str] = Field(default_factory=set)
    color: Color = Color.RED
    state: Literal["open", "paid"] = "open"


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", alias_generator=to_camel)

    some_name: int
    nested: int = Field(4, validation_alias=AliasPath("deep", 0))
    other: str = Field("x", validation_alias="read", serialization_alias="written")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    buyer: str = Field(alias="customer")
    count: int = 1


class LongerOrder(Order):
    more: int = 1


class TestConformance(KindConformance):
    kind = plugin()
    model = Order
    longer = LongerOrder
    instances = st.builds(
        Order,
        buyer=st.text(),
        total=st.decimals(1, 9, allow_nan=False),
        note=st.none() | st.text(),
        lines=st.lists(st.builds(Line, sku=st.text())),
        tags=st.sets(st.text()),
    )
    refused = ({"buyer": "ada", "total": SECRET}, {"buyer": SECRET, "total": Decimal(0)})


class TestConformanceOfAModelThatAllowsExtra(KindConformance):
    kind = plugin()
    model = Open
    instances = st.builds(Open, customer=st.text(), count=st.integers())


class Plain(BaseModel):
    buyer: str
    count: int = 1
    tags: list[str] = []


class TestConformanceOfAModelWithoutConstraints(KindConformance):
    kind = plugin()
    model = Plain
    instances = st.builds(Plain, buyer=st.text(), count=st.integers())


def test_the_shape_of_a_model() -> None:
    assert shape_of(Order) == Shape(
        "Order",
        (
            Attribute("buyer", Scalar("str")),
            Attribute("total", Scalar("decimal")),
            Attribute("note", NullableType(Scalar("str")), Constant(None)),
            Attribute(
                "lines",
                ListType(
                    ObjectType(
                        Shape("Line", (Attribute("sku", Scalar("str")), Attribute("count", Scalar("int"), Constant(1))))
                    )
                ),
                Constant([]),
            ),
            Attribute("tags", ListType(Scalar("str"), "set"), FACTORY),
            Attribute("color", EnumType(("red", "blue")), Constant(Color.RED)),
            Attribute("state", EnumType(("open", "paid")), Constant("open")),
        ),
    )
    assert shape_of(Order).model is Order
    assert shape_of(Order).attributes[0].default is REQUIRED


def test_the_kind_owns_models_and_nothing_else() -> None:
    kind = plugin()
    assert (kind.name, kind.presence) == ("pydantic", True)
    assert kind.owns(Order)
    assert not any(map(kind.owns, (BaseModel, Order.model_construct(), dict, int, "Order", Color)))


def test_the_wire_name_is_the_serialization_alias() -> None:
    assert shape_of(Strict).names == ("someName", "nested", "written")
    assert shape_of(Open).names == ("customer", "count")


def test_making_does_not_depend_on_validation_aliases() -> None:
    made = make(Strict, {"someName": 1, "nested": 2, "written": "w"})
    assert (made.some_name, made.nested, made.other) == (1, 2, "w")
    assert take(made) == {"someName": 1, "nested": 2, "written": "w"}


def test_what_is_given_is_what_is_set_and_nothing_else() -> None:
    made = make(Strict, {"someName": 1})
    assert made.model_fields_set == {"some_name"}
    assert take(made) == {"someName": 1}


def test_a_computed_default_is_always_written() -> None:
    assert take(Order(buyer="ada", total=Decimal(1))) == {"buyer": "ada", "total": Decimal(1), "tags": set()}


def test_an_attribute_set_to_its_default_is_present() -> None:
    assert "note" in take(Order(buyer="ada", total=Decimal(1), note=None))


def test_nested_instances_stay_as_they_are() -> None:
    line = Line(sku="a")
    assert take(Order(buyer="ada", total=Decimal(1), lines=[line]))["lines"][0] is line
    assert make(Order, {"buyer": "ada", "total": Decimal(1), "lines": [line]}).lines[0] is line


def test_presence_survives_where_nested_instances_are_validated_again() -> None:
    class Inner(BaseModel):
        model_config = ConfigDict(revalidate_instances="always")
        given: int = Field(1, alias="Given")
        left: int = 1

    class Outer(BaseModel):
        inner: Inner

    assert make(Outer, {"inner": Inner(Given=2)}).inner.model_fields_set == {"given"}


def test_an_instance_of_another_class_is_refused() -> None:
    with pytest.raises(UnwritableValueError, match=r"^Expected `Line`, found `dict`\.$"):
        take({"sku": "a"}, Line)


def test_an_instance_without_a_required_attribute_is_refused() -> None:
    with pytest.raises(UnwritableValueError) as caught:
        take(Strict.model_construct())
    assert str(caught.value) == "at `someName`: The attribute has to be written, but the instance does not have it."


def test_private_and_computed_attributes_are_not_stored() -> None:
    class Cached(BaseModel):
        x: int
        _seen: int = PrivateAttr(default=0)

        @computed_field
        def double(self) -> int:
            return 2 * self.x

    instance = Cached(x=1)
    instance._seen = 5
    assert shape_of(Cached).names == ("x",)
    assert take(instance) == {"x": 1}


# --- Unknown attributes


def test_only_models_that_allow_extra_carry_unknown_attributes() -> None:
    kind = plugin()
    assert [kind.unknown(shape_of(model)) for model in (Order, Strict, Open)] == ["dropped", "dropped", "plain"]


def test_unknown_attributes_are_carried_under_their_own_names() -> None:
    # `buyer` is another attribute on the wire than the one that is called so in Python.
    values = {"customer": "ada", "gift": [1, None], "buyer": {"a": 1}}
    made = make(Open, values)
    assert made.buyer == "ada"
    assert made.model_extra == {"gift": [1, None], "buyer": {"a": 1}}
    assert made.model_fields_set == {"buyer", "gift"}
    assert made.model_fields_set == Open.model_validate({"customer": "ada", "gift": 1}).model_fields_set
    assert take(made) == values
    assert list(take(made)) == list(values)


def test_unknown_attributes_need_not_be_of_the_type_that_extra_has() -> None:
    class Typed(BaseModel):
        model_config = ConfigDict(extra="allow", frozen=True)
        __pydantic_extra__: dict[str, int] = Field(init=False)
        x: int

    assert take(make(Typed, {"x": 1, "gift": "text"})) == {"x": 1, "gift": "text"}


@pytest.mark.parametrize("name", ["customer", "$kept"])
def test_an_unknown_attribute_whose_name_is_taken_is_refused(name: str) -> None:
    instance = Open(customer="ada")
    assert instance.model_extra is not None
    instance.model_extra[name] = 1
    with pytest.raises(UnwritableValueError, match="An undeclared attribute has a name that is taken") as caught:
        take(instance)
    assert caught.value.path == name


# --- What validation finds


def test_one_failure_tells_place_and_reason() -> None:
    with pytest.raises(PayloadError) as caught:
        make(Strict, {"nested": 1})
    assert str(caught.value) == "at `someName`: `Strict` rejected the value: missing."


def test_several_failures_name_the_first_three() -> None:
    class Four(BaseModel):
        a: int
        b: int
        c: int = Field(alias="see")
        d: int

    with pytest.raises(PayloadError) as caught:
        make(Four, {"d": "secret"})
    assert str(caught.value) == "`Four` rejected the values: `a` missing, `b` missing, `see` missing and 1 more."


def test_places_within_an_attribute_have_no_keys_of_maps() -> None:
    class Deep(BaseModel):
        stock: dict[str, PositiveInt] = {}
        counts: list[list[PositiveInt]] = []

    with pytest.raises(PayloadError) as caught:
        make(Deep, {"counts": [[], [1, 0]]})
    assert caught.value.path == "counts[1][1]"
    with pytest.raises(PayloadError) as caught:
        make(Deep, {"stock": {"secret": 0}})
    assert caught.value.path == "stock"
    assert "secret" not in str(caught.value)


def test_texts_of_validators_are_left_out() -> None:
    class Checked(BaseModel):
        x: str

        @field_validator("x")
        @classmethod
        def check_x(cls, x: str) -> str:
            if x == "key":
                raise KeyError(x)
            return x

        @model_validator(mode="after")
        def check(self) -> Checked:
            if self.x != "right":
                raise ValueError(self.x)
            return self

    with pytest.raises(PayloadError) as caught:
        make(Checked, {"x": "secret"})
    assert str(caught.value) == "`Checked` rejected the value: value_error."
    assert caught.value.__suppress_context__
    with pytest.raises(PayloadError) as caught:
        make(Checked, {"x": "key"})
    assert str(caught.value) == (
        "`Checked` rejected the values with a KeyError. The text is left out because it may quote them."
    )
    assert make(Checked, {"x": "right"}).x == "right"
