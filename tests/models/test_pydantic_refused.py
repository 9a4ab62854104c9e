"""Which annotations and models of pydantic are kept, and which are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from pydantic import (
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
    RootModel,
    SecretStr,
    SerializeAsAny,
    field_serializer,
    model_serializer,
)

from tests.models.described import make, shape_of, take
from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    UnionType,
)

T = TypeVar("T")


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Line(BaseModel):
    sku: str


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
