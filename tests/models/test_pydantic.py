from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AliasPath,
    AwareDatetime,
    Base64Str,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    Json,
    JsonValue,
    PastDate,
    PlainSerializer,
    PositiveInt,
    PrivateAttr,
    RootModel,
    SecretStr,
    SerializeAsAny,
    computed_field,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from tests.models.described import make, shape_of, take
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.pydantic import plugin
from versioned_serde.shape import (
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    UnionType,
)

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


@given(
    st.fixed_dictionaries(
        {"buyer": st.text(), "total": st.decimals(1, 9, allow_nan=False), "tags": st.sets(st.text())},
        optional={
            "note": st.none() | st.text(),
            "lines": st.lists(st.builds(Line, sku=st.text())),
            "color": st.sampled_from(Color),
            "state": st.sampled_from(["open", "paid"]),
        },
    )
)
def test_take_and_make_are_inverse_presence_included(values: dict[str, Any]) -> None:
    made = make(Order, values)
    assert take(made) == values
    again = make(Order, take(made))
    assert again == made
    assert again.model_fields_set == made.model_fields_set


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


def test_a_subclass_gives_what_the_shape_declares() -> None:
    class Longer(Line):
        extra: str = "more"

    assert take(Longer(sku="a", extra="b"), Line) == {"sku": "a"}


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


# --- Annotations


class Card(BaseModel):
    kind: Literal["card"] = "card"
    number: str


class Cash(BaseModel):
    kind: Literal["cash"] = "cash"


@dataclass
class Point:
    x: int


class Page(BaseModel, Generic[T]):
    items: list[T]


def test_what_pydantic_adds_to_annotations_does_not_change_the_type() -> None:
    class Annotations(BaseModel):
        model_config = ConfigDict(defer_build=True)  # building it would need the package email-validator
        mail: EmailStr
        mails: list[EmailStr] | None
        born: Annotated[PastDate | None, Field(description="birthday")]
        seen: dict[str, AwareDatetime]
        anything: JsonValue
        paid: Annotated[Card | Cash, Field(discriminator="kind")]
        color: Color | str
        at: Point
        page: Page[Line]

    types = {attribute.name: attribute.type for attribute in shape_of(Annotations).attributes}
    assert types == {
        "mail": Scalar("str"),
        "mails": NullableType(ListType(Scalar("str"))),
        "born": NullableType(Scalar("date")),
        "seen": MapType(Scalar("datetime")),
        "anything": AnyType(),
        "paid": UnionType("kind", (("card", ObjectType(shape_of(Card))), ("cash", ObjectType(shape_of(Cash))))),
        "color": EnumType(("red", "blue"), open=True),
        "at": ObjectType(shape_of(Point)),
        "page": ObjectType(shape_of(Page[Line])),
    }


def test_values_of_these_annotations_come_back() -> None:
    class Values(BaseModel):
        born: PastDate
        seen: AwareDatetime
        anything: JsonValue
        paid: Annotated[Card | Cash, Field(discriminator="kind")]
        color: Color | str
        at: Point

    values = {
        "born": date(1815, 12, 10),
        "seen": datetime.fromisoformat("2020-01-01T00:00:00+01:00"),
        "anything": [1, {"a": None}],
        "paid": Card(number="1"),
        "color": "green",
        "at": Point(1),
    }
    assert take(make(Values, values)) == values
    assert make(Values, values | {"color": Color.RED}).color is Color.RED


class Late(BaseModel):
    later: Later


class Later(BaseModel):
    x: int = 1


def test_annotations_are_resolved_when_the_schema_is_declared() -> None:
    assert shape_of(Late).attributes[0].type == ObjectType(shape_of(Later))
    assert take(make(Late, {"later": Later(x=2)})) == {"later": Later(x=2)}


def test_an_annotation_that_names_nothing_is_refused() -> None:
    model = type("Lost", (BaseModel,), {"__annotations__": {"x": "Nowhere"}, "__module__": __name__})
    with pytest.raises(DeclarationError, match="An annotation of `Lost` names `Nowhere`, which does not exist"):
        shape_of(model)


@pytest.mark.parametrize("annotation", [SecretStr, HttpUrl, Path, BaseModel, list[HttpUrl]])
def test_foreign_types_are_refused_with_their_place(annotation: Any) -> None:
    class Outer(BaseModel):
        inner: Page[annotation]

    with pytest.raises(DeclarationError, match="is not a type whose bytes this service controls") as caught:
        shape_of(Outer)
    assert caught.value.path == "inner.items"


def test_arbitrary_types_are_refused() -> None:
    class Foreign:
        pass

    class Outer(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        thing: Foreign | None = None

    with pytest.raises(DeclarationError, match="is not a type whose bytes this service controls") as caught:
        shape_of(Outer)
    assert caught.value.path == "thing"


# --- Refused models

_REWRITTEN = (
    "so what is written would not be what its type says."
    " Drop it here, and convert where the value is shown or sent elsewhere."
)


class Roots(RootModel[list[int]]):
    pass


class FieldSerializer(BaseModel):
    x: int = Field(serialization_alias="ex")

    @field_serializer("x")
    def as_text(self, x: int) -> str:
        return str(x)


class ModelSerializer(BaseModel):
    x: int

    @model_serializer
    def as_text(self) -> str:
        return str(self.x)


class Encoders(BaseModel):
    model_config = ConfigDict(json_encoders={Decimal: str})


class DeepSerializer(BaseModel):
    xs: list[Annotated[int, PlainSerializer(str)] | None]


class Encoded(BaseModel):
    x: Base64Str


class Parsed(BaseModel):
    x: Json[int]


class Duck(BaseModel):
    x: SerializeAsAny[Line]


class Hidden(BaseModel):
    x: int = Field(exclude=True)


class Sometimes(BaseModel):
    x: int = Field(0, exclude_if=lambda x: x == 0)


class Twins(BaseModel):
    x: int
    y: int = Field(alias="x")


class Reserved(BaseModel):
    x: int = Field(alias="$x")


class Constructed(BaseModel):
    x: int = Field(alias="ex")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (
            Roots,
            (
                "`Roots` is a `RootModel`, whose value has no name to evolve by."
                " Use a `BaseModel` with the value as an attribute."
            ),
        ),
        (Page, "`Page` is generic and its parameters are open. Say what it holds: `Page[X]`."),
        (FieldSerializer, f"at `ex`: The attribute has a serializer of its own, {_REWRITTEN}"),
        (ModelSerializer, f"`ModelSerializer` has a serializer of its own, {_REWRITTEN}"),
        (Encoders, f"`Encoders` has a serializer of its own, {_REWRITTEN}"),
        (DeepSerializer, f"at `xs`: The type has a `PlainSerializer`, {_REWRITTEN}"),
        (Encoded, f"at `x`: The type has a `EncodedStr`, {_REWRITTEN}"),
        (Parsed, f"at `x`: The type has a `Json`, {_REWRITTEN}"),
        (Duck, f"at `x`: The type has a `SerializeAsAny`, {_REWRITTEN}"),
        (
            Hidden,
            (
                "at `x`: The attribute is required, but has `exclude=True`, so what is written could not be read."
                " Give it a default, or do not exclude it."
            ),
        ),
        (
            Sometimes,
            (
                "at `x`: The attribute has `exclude_if`, so some of its values would be lost."
                " Drop it here, and leave the attribute out where it is shown."
            ),
        ),
        (Twins, "at `x`: Two attributes have this name on the wire. Rename one."),
        (
            Reserved,
            (
                "`$x` cannot be the name of an attribute on the wire."
                " Use a name that is not empty and does not begin with `$`, which is reserved."
            ),
        ),
        (
            Constructed,
            (
                "at `ex`: `Constructed` has an `__init__` of its own, and the attribute an alias for validation."
                " Use a model validator instead of `__init__`, or `serialization_alias` for the wire name."
            ),
        ),
    ],
)
def test_models_that_cannot_be_kept_faithfully_are_refused(model: type[BaseModel], text: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        shape_of(model)
    assert str(caught.value) == text


def test_an_excluded_attribute_with_a_default_is_not_part_of_the_shape() -> None:
    class Shown(BaseModel):
        x: int
        cache: int = Field(0, exclude=True)

    assert shape_of(Shown).names == ("x",)
    assert take(Shown(x=1, cache=5)) == {"x": 1}
    assert make(Shown, {"x": 1}).cache == 0


def test_a_constructor_of_its_own_works_where_names_are_names() -> None:
    class Counting(BaseModel):
        model_config = ConfigDict(validate_by_name=True)
        x: int = Field(alias="ex")
        y: int = Field(0, serialization_alias="why")

        def __init__(self, **values: Any) -> None:
            super().__init__(**values)

    assert take(make(Counting, {"ex": 1, "why": 2})) == {"ex": 1, "why": 2}


def test_use_enum_values_gives_raw_values() -> None:
    class Plain(BaseModel):
        model_config = ConfigDict(use_enum_values=True)
        color: Color

    assert take(make(Plain, {"color": Color.BLUE})) == {"color": "blue"}
