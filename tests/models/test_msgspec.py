from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import pytest
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from tests.models.described import make, shape_of, take, type_of
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.msgspec import plugin
from versioned_serde.shape import (
    ABSENT,
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
    UnionType,
)
from versioned_serde.testing.conformance.checks import SECRET
from versioned_serde.testing.conformance.kinds import KindConformance

T = TypeVar("T")


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Line(Struct, frozen=True):
    sku: str


class Order(Struct, rename="camel", kw_only=True, array_like=True, omit_defaults=True, forbid_unknown_fields=True):
    buyer_name: str
    count: Annotated[int, Meta(gt=0)] = 1
    note: str | UnsetType | None = UNSET
    lines: Annotated[list[Line], Meta(max_length=3)] = msgspec.field(default_factory=list)
    color: Color | str = Color.RED
    total: Decimal = msgspec.field(name="sum", default=Decimal(0))


class Card(Struct, tag="card"):
    number: str


class Cash(Struct, tag="cash"):
    amount: int


class First(Struct, tag_field="n", tag=1):
    pass


class LongerOrder(Order):
    more: int = 1


class TestConformance(KindConformance):
    kind = plugin()
    model = Order
    longer = LongerOrder
    instances = st.builds(
        Order,
        buyer_name=st.text(),
        count=st.integers(1, 9),
        note=st.none() | st.just(UNSET) | st.text(),
        lines=st.lists(st.builds(Line, st.text()), max_size=3),
        color=st.sampled_from(Color) | st.text(),
        total=st.decimals(allow_nan=False),
    )
    refused = ({"buyerName": "ada", "count": SECRET},)


class TestConformanceOfATaggedStruct(KindConformance):
    kind = plugin()
    model = Card
    instances = st.builds(Card, st.text())


def test_the_shape_of_a_struct() -> None:
    line = ObjectType(Shape("Line", (Attribute("sku", Scalar("str"), REQUIRED),)))
    assert shape_of(Order) == Shape(
        "Order",
        (
            Attribute("buyerName", Scalar("str"), REQUIRED),
            Attribute("count", Scalar("int"), Constant(1)),
            Attribute("note", NullableType(Scalar("str")), ABSENT),
            Attribute("lines", ListType(line), FACTORY),
            Attribute("color", EnumType(("red", "blue"), open=True), Constant(Color.RED)),
            Attribute("sum", Scalar("decimal"), Constant(Decimal(0))),
        ),
    )
    assert shape_of(Order).model is Order


def test_the_kind_owns_structs_and_nothing_else() -> None:
    kind = plugin()
    assert (kind.name, kind.presence) == ("msgspec", False)
    assert kind.unknown(shape_of(Line)) == "dropped"
    assert kind.owns(Order)
    assert not any(map(kind.owns, (Struct, Line("a"), int, Color, None)))


def test_what_is_unset_is_absent_and_all_else_is_written() -> None:
    assert take(Order(buyer_name="ada")) == {
        "buyerName": "ada",
        "count": 1,
        "lines": [],
        "color": Color.RED,
        "sum": Decimal(0),
    }
    assert take(Order(buyer_name="ada", note=None))["note"] is None
    assert make(Order, {"buyerName": "ada"}) == Order(buyer_name="ada")


def test_the_tag_is_an_attribute_that_instances_do_not_have() -> None:
    assert shape_of(Card).attributes == (
        Attribute("type", EnumType(("card",)), REQUIRED),
        Attribute("number", Scalar("str"), REQUIRED),
    )
    assert take(Card("1")) == {"type": "card", "number": "1"}
    assert make(Card, {"type": "card", "number": "1"}) == Card("1")
    assert take(First()) == {"n": 1}
    assert make(First, {"n": 1}) == First()


def test_tagged_structs_make_a_union() -> None:
    assert type_of(Card | Cash) == UnionType(
        "type", (("card", ObjectType(shape_of(Card))), ("cash", ObjectType(shape_of(Cash))))
    )


def test_an_instance_of_another_class_is_refused() -> None:
    with pytest.raises(UnwritableValueError, match=r"^Expected `Line`, found `Card`\.$"):
        take(Card("1"), Line)


def test_an_instance_without_an_attribute_is_refused() -> None:
    card = Card("1")
    del card.number
    with pytest.raises(UnwritableValueError) as caught:
        take(card)
    assert str(caught.value) == "at `number`: The attribute has to be written, but the instance does not have it."


@pytest.mark.parametrize(("values", "name"), [({}, "buyerName"), ({"count": 1}, "buyerName")])
def test_a_missing_attribute_is_named(values: dict[str, Any], name: str) -> None:
    with pytest.raises(PayloadError) as caught:
        make(Order, values)
    assert str(caught.value) == f"at `{name}`: The attribute is required, but missing."


def test_a_missing_tag_is_named() -> None:
    with pytest.raises(PayloadError, match=r"^at `type`: The attribute is required, but missing\.$"):
        make(Card, {"number": "1"})


class Bounded(Struct):
    count: Annotated[int, Meta(gt=0)] | UnsetType = UNSET
    names: dict[str, list[Annotated[str, Meta(pattern="^a")]]] = {}
    cards: Annotated[list[Card | Cash], Meta(max_length=1)] = []
    dated: Annotated[list[Decimal | None], Meta(max_length=1)] = []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"count": 0}, "at `count`: Expected `int` >= 1."),
        ({"names": {"secret": ["a", "secret"]}}, "at `names[...][1]`: Expected `str` matching regex '^a'."),
        ({"cards": [Card("1"), Cash(1)]}, "at `cards`: Expected `array` of length <= 1."),
    ],
)
def test_constraints_are_checked(values: dict[str, Any], text: str) -> None:
    with pytest.raises(PayloadError) as caught:
        make(Bounded, values)
    assert str(caught.value) == text


def test_values_that_meet_the_constraints_pass_as_they_are() -> None:
    values = {"count": 1, "names": {"x": ["a"]}, "cards": [Card("1")], "dated": [Decimal("1.10")]}
    assert take(make(Bounded, values)) == values
    assert make(Bounded, {}).count is UNSET


def test_texts_that_may_quote_values_are_left_out() -> None:
    class Closed(Struct):
        colors: Annotated[list[Color], Meta(max_length=3)]

    with pytest.raises(PayloadError) as caught:
        make(Closed, {"colors": ["secret - at `$secret`"]})
    assert str(caught.value) == "at `colors`: msgspec rejected the value."


def test_the_text_of_an_error_in_the_model_is_left_out() -> None:
    class Checked(Struct):
        x: str

        def __post_init__(self) -> None:
            raise ValueError(self.x)

    with pytest.raises(PayloadError) as caught:
        make(Checked, {"x": "secret"})
    assert str(caught.value) == (
        "`Checked` rejected the values with a ValueError. The text is left out because it may quote them."
    )


class Page(Struct, Generic[T]):
    items: list[T]


class Either(Struct):
    x: int | UnsetType = 3


class RawValue(Struct):
    x: msgspec.Raw


class Unsupported(Struct):
    x: Annotated[list[Color | str], Meta(max_length=3)]


class Untagged(Struct):
    x: Line | Order


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (
            Either,
            (
                "at `x`: The attribute can be `UNSET`, but its default is another, so `UNSET` would not come back."
                " Give it the default `UNSET`."
            ),
        ),
        (
            RawValue,
            (
                "at `x`: `Raw` of `msgspec` is not a type whose bytes this service controls."
                " Use basic types or a model of your own, and convert at the edge of your service."
            ),
        ),
        (
            Page,
            (
                "at `items`: `~T` of `tests.models.test_msgspec` is not a type whose bytes this service controls."
                " Use basic types or a model of your own, and convert at the edge of your service."
            ),
        ),
        (
            Untagged,
            (
                "at `x`: `Line | Order` is a union that the bytes could not tell apart. Give each arm a model with one"
                " common attribute of a distinct `Literal` value, such as `kind: Literal['card']`."
            ),
        ),
    ],
)
def test_structs_that_cannot_be_kept_faithfully_are_refused(model: type[Struct], text: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        shape_of(model)
    assert str(caught.value) == text


def test_constraints_that_msgspec_cannot_check_are_refused() -> None:
    with pytest.raises(DeclarationError, match=r"^at `x`: msgspec cannot check the constraints of the attribute: Type"):
        shape_of(Unsupported)


def test_an_annotation_that_names_nothing_is_refused() -> None:
    model = msgspec.defstruct("Lost", [("x", "Nowhere")], module=__name__)
    with pytest.raises(DeclarationError, match="An annotation of `Lost` names `Nowhere`, which does not exist"):
        shape_of(model)
