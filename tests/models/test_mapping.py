from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Any, Literal, NotRequired, Required, TypedDict

import pytest
import typing_extensions
from hypothesis import strategies as st

from tests.models.described import make, shape_of, take, type_of
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.mapping import plugin
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
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
    object_types,
)
from versioned_serde.testing.conformance.kinds import KindConformance


class Line(TypedDict):
    sku: str
    count: NotRequired[int]


class Base(TypedDict, total=False):
    note: str | None
    buyer: Annotated[Required[str], "a comment"]


class Order(Base):
    lines: list[Line]
    gift: NotRequired[bool]


class Readable(typing_extensions.TypedDict, total=False):
    fixed: typing_extensions.ReadOnly[Required[int]]
    other: typing_extensions.ReadOnly[int]


class Card(TypedDict):
    kind: Literal["card"]


class Cash(TypedDict):
    kind: Literal["cash"]


LINE = Shape("line", (Attribute("sku", Scalar("str")), Attribute("count", Scalar("int"), Constant(1))))
ARM = Shape("arm", (Attribute("kind", EnumType(("a",))),))
ORDER = Shape(
    "order",
    (
        Attribute("buyer", Scalar("str")),
        Attribute("note", NullableType(Scalar("str")), ABSENT),
        Attribute("lines", ListType(ObjectType(LINE)), Constant([])),
        Attribute("by_day", MapType(NullableType(ObjectType(LINE))), ABSENT),
        Attribute("paid", UnionType("kind", (("a", ObjectType(ARM)),)), ABSENT),
    ),
)


ORDERS = st.fixed_dictionaries(
    {"buyer": st.text(), "lines": st.lists(st.fixed_dictionaries({"sku": st.text()}))},
    optional={"note": st.none() | st.text()},
)


class TestConformanceOfTypedDicts(KindConformance):
    kind = plugin()
    model = Order
    instances = ORDERS


class TestConformanceOfDeclaredShapes(KindConformance):
    kind = plugin()
    model = ORDER
    instances = ORDERS


def test_the_shape_of_a_typed_dict() -> None:
    line = Shape("Line", (Attribute("sku", Scalar("str"), REQUIRED), Attribute("count", Scalar("int"), ABSENT)))
    assert shape_of(Order) == Shape(
        "Order",
        (
            Attribute("note", NullableType(Scalar("str")), ABSENT),
            Attribute("buyer", Scalar("str"), REQUIRED),
            Attribute("lines", ListType(ObjectType(line)), REQUIRED),
            Attribute("gift", Scalar("bool"), ABSENT),
        ),
    )
    assert shape_of(Order).model is Order


def test_typed_dicts_of_typing_extensions_and_read_only_keys() -> None:
    assert shape_of(Readable).attributes == (
        Attribute("fixed", Scalar("int"), REQUIRED),
        Attribute("other", Scalar("int"), ABSENT),
    )


def test_typed_dicts_make_a_union() -> None:
    assert type_of(Card | Cash) == UnionType(
        "kind", (("card", ObjectType(shape_of(Card))), ("cash", ObjectType(shape_of(Cash))))
    )


def test_a_declared_shape_is_its_own_model_at_every_level() -> None:
    shape = shape_of(ORDER)
    assert shape == ORDER
    assert shape.model is ORDER
    nested = [arm.shape.model for attribute in shape.attributes for arm in object_types(attribute.type)]
    assert nested == [LINE, LINE, ARM]
    assert all(model is not None for model in nested)


def test_a_nested_model_of_another_kind_keeps_its_class() -> None:
    mixed = Shape("mixed", (Attribute("line", ObjectType(shape_of(Line))),))
    attribute = shape_of(mixed).attributes[0]
    assert [nested.shape.model for nested in object_types(attribute.type)] == [Line]


def test_the_kind_owns_typed_dicts_and_shapes_and_nothing_else() -> None:
    kind = plugin()
    assert (kind.name, kind.presence) == ("mapping", True)
    assert kind.unknown(ORDER) == "dropped"
    assert all(map(kind.owns, (Order, Readable, ORDER)))
    assert not any(map(kind.owns, (dict, dict[str, int], {"a": 1}, int, None)))


def test_a_default_is_not_filled_in() -> None:
    assert make(ORDER, {"buyer": "ada"}) == {"buyer": "ada"}
    assert take({"buyer": "ada"}, ORDER) == {"buyer": "ada"}


def test_any_mapping_can_be_written_and_the_order_is_that_of_the_shape() -> None:
    taken = take(MappingProxyType({"lines": [], "buyer": "ada"}), Order)
    assert list(taken.items()) == [("buyer", "ada"), ("lines", [])]


def test_a_missing_attribute_is_named() -> None:
    with pytest.raises(PayloadError) as caught:
        make(Order, {"buyer": "ada"})
    assert str(caught.value) == "at `lines`: The attribute is required, but missing."


@pytest.mark.parametrize(
    ("instance", "text"),
    [
        (["buyer"], "Expected a mapping, found list."),
        (
            {"buyer": "ada"},
            "at `lines`: The attribute has to be written, but the instance does not have it.",
        ),
        (
            {"buyer": "ada", "lines": [], "colour": 1},
            (
                "at `colour`: The key is not declared by `Order`, so it would be lost."
                " Declare it, or remove it from the mapping."
            ),
        ),
        (
            {"buyer": "ada", "lines": [], 7: 1},
            (
                "at `7`: The key is not declared by `Order`, so it would be lost."
                " Declare it, or remove it from the mapping."
            ),
        ),
    ],
)
def test_mappings_that_do_not_fit_are_refused(instance: Any, text: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        take(instance, Order)
    assert str(caught.value) == text


def test_a_computed_default_is_refused_at_any_depth() -> None:
    inner = Shape("inner", (Attribute("x", Scalar("int"), FACTORY),))
    outer = Shape("outer", (Attribute("inners", ListType(ObjectType(inner))),))
    with pytest.raises(DeclarationError) as caught:
        shape_of(outer)
    assert str(caught.value) == (
        "at `inners.x`: The attribute has a computed default, but nothing computes it for a plain mapping."
        " Use a `Constant`, `ABSENT` or `REQUIRED`."
    )


def test_an_annotation_that_names_nothing_is_refused() -> None:
    class Lost(TypedDict):
        x: Nowhere  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(DeclarationError, match="An annotation of `Lost` names `Nowhere`, which does not exist"):
        shape_of(Lost)
