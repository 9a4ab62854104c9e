"""Which attributes which fields can carry, and what a message class that is the model itself may do beyond that."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.message import Message

from tests.protos.build import classes
from versioned_serde.codecs.protobuf import Protobuf, plugin
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.models.protobuf import plugin as kind
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Raw, Tree

PROTO3 = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Line
    string sku = 1
    message Order
    string text = 1
    optional string said = 2
    int32 number = 3
    optional uint64 big = 4
    float single = 5
    double double = 6
    bytes raw = 7
    bool flag = 8
    Size size = 9
    Line line = 10
    repeated Line lines = 11
    repeated string texts = 12
    map Line by_name = 13
    map:int32 string by_number = 14
    string card = 15 in means
    string voucher = 16 in means
    repeated Size sizes = 17
    """
)
PROTO2 = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Old
    required int32 id = 1
    optional Size size = 2
    repeated Size sizes = 3
    optional string text = 4
    """,
    syntax="proto2",
)
ORDER = Protobuf(PROTO3["Order"])
LINE = ObjectType(Shape("Line", (Attribute("sku", Scalar("str")),)))
TEXT = Scalar("str")


def attribute(name: str, type_: Type, default: Default = REQUIRED) -> Shape:
    return Shape("Order", (Attribute(name, type_, default),))


TEXTS: tuple[ScalarName, ...] = ("str", "decimal", "datetime", "date", "time", "timedelta", "uuid")


@pytest.mark.parametrize(
    "shape",
    [
        *(attribute("text", Scalar(name)) for name in TEXTS),
        attribute("text", EnumType(("a", "b"))),
        attribute("text", TEXT, Constant("")),
        attribute("text", TEXT, FACTORY),
        attribute("said", NullableType(TEXT), Constant(None)),
        attribute("said", TEXT, Constant("x")),
        attribute("said", TEXT, ABSENT),
        attribute("number", Scalar("int")),
        attribute("number", EnumType((0, 5)), Constant(0)),
        attribute("big", Scalar("int")),
        attribute("double", Scalar("float"), Constant(0.0)),
        attribute("raw", Scalar("bytes")),
        attribute("flag", Scalar("bool")),
        attribute("size", EnumType((0, 1, 2), open=True)),
        attribute("line", LINE),
        attribute("line", NullableType(LINE), Constant(None)),
        attribute("lines", ListType(LINE)),
        attribute("lines", NullableType(ListType(LINE)), Constant(None)),
        attribute("texts", ListType(Scalar("date")), Constant([])),
        attribute("by_name", MapType(LINE), ABSENT),
        attribute("sizes", ListType(EnumType((0, 1), open=True))),
        attribute("card", NullableType(TEXT), Constant(None)),
    ],
    ids=repr,
)  # fmt: skip
def test_what_fits(shape: Shape) -> None:
    ORDER.check(shape)


UNION = UnionType("kind", (("a", ObjectType(Shape("A", (Attribute("kind", EnumType(("a",))),)))),))


@pytest.mark.parametrize(
    ("name", "type_", "declared", "found", "wanted"),
    [
        ("text", Scalar("int"), "string", "int", "Declare it as `int64 or another integer`."),
        ("number", TEXT, "int32", "str", "Declare it as `string`."),
        ("number", Scalar("decimal"), "int32", "decimal", "Declare it as `string`."),
        ("single", Scalar("float"), "float", "float", "Declare it as `double`."),
        ("size", EnumType(("a",)), "Size", "enum", "Declare it as `string`."),
        ("text", EnumType((1,)), "string", "enum", "Declare it as `int32`."),
        ("text", AnyType(), "string", "any", ""),
        ("line", UNION, "Line", "union", ""),
        ("text", LINE, "string", "object", "Declare it as `a message`."),
        ("text", ListType(TEXT), "string", "list", "Declare it as `repeated ...`."),
        ("texts", TEXT, "repeated string", "str", ""),
        ("texts", MapType(TEXT), "repeated string", "map", "Declare it as `map<string, ...>`."),
        ("by_name", ListType(TEXT), "map<string, Line>", "list", "Declare it as `repeated ...`."),
        ("by_number", MapType(TEXT), "map<int32, string>", "map", "Declare it as `map<string, ...>`."),
        ("texts", ListType(ListType(TEXT)), "repeated string", "list", ""),
        ("texts", ListType(NullableType(TEXT)), "repeated string", "nullable", ""),
    ],
)
def test_types_that_do_not_fit(name: str, type_: Type, declared: str, found: str, wanted: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        ORDER.check(attribute(name, type_))
    assert str(caught.value) == (
        f"at `{name}`: The protobuf field `test.Order.{name}` of type `{declared}` cannot carry the type {found}. "
        f"{wanted or 'Give the attribute another type, or use another codec.'}"
    )


@pytest.mark.parametrize(
    ("name", "type_", "default", "declared"),
    [
        ("text", NullableType(TEXT), REQUIRED, "string"),
        ("number", Scalar("int"), Constant(5), "int32"),
        ("text", TEXT, ABSENT, "string"),
        ("text", Scalar("decimal"), Constant(0), "string"),
    ],
)
def test_fields_without_presence(name: str, type_: Type, default: Default, declared: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        ORDER.check(attribute(name, type_, default))
    assert str(caught.value) == (
        f"at `{name}`: The protobuf field `test.Order.{name}` of type `{declared}` cannot say whether it was written, "
        f"but the attribute can be null, or be absent without meaning zero. Declare it as `optional {declared}`."
    )


def refusal(codec: Protobuf, shape: Shape) -> str:
    with pytest.raises(DeclarationError) as caught:
        codec.check(shape)
    return str(caught.value)


def test_fields_that_are_not_there() -> None:
    assert refusal(ORDER, attribute("gone", TEXT)) == (
        "at `gone`: The message `test.Order` has no field of that name. "
        "Add it to the .proto file, and leave it there when the attribute is gone."
    )


def test_lists_with_a_default() -> None:
    assert refusal(ORDER, attribute("texts", ListType(TEXT), Constant(["x"]))) == (
        "at `texts`: The default of the attribute is not empty, as the unwritten protobuf field `test.Order.texts` is. "
        "Make the default empty, or put the field into a message of its own."
    )


def test_two_members_of_a_oneof() -> None:
    shape = Shape("Order", (Attribute("card", TEXT, ABSENT), Attribute("voucher", TEXT, ABSENT)))
    assert refusal(ORDER, shape) == (
        "at `voucher`: The field is in the oneof `means`, and so is that of `card`: "
        "they cannot be present together. Use fields outside of a oneof."
    )


def test_refusals_name_the_place() -> None:
    line = ObjectType(Shape("Line", (Attribute("sku", Scalar("int")),)))
    for name, type_ in (("line", line), ("lines", ListType(line)), ("by_name", MapType(line))):
        assert refusal(ORDER, attribute(name, type_)).startswith(
            f"at `{name}.sku`: The protobuf field `test.Line.sku` "
        )


OLD_ID = Attribute("id", Scalar("int"))


@pytest.mark.parametrize(
    ("name", "type_"), [("size", EnumType((0, 1), open=True)), ("sizes", ListType(EnumType((0, 1))))]
)
def test_closed_enums(name: str, type_: Type) -> None:
    shape = Shape("Old", (Attribute(name, type_, ABSENT), OLD_ID))
    assert refusal(Protobuf(PROTO2["Old"]), shape) == (
        f"at `{name}`: The enum of the protobuf field `test.Old.{name}` is closed: other members lose their place. "
        "Declare the field as `int32`, or the enum in a file of proto3."
    )


def test_members_that_a_closed_enum_lacks() -> None:
    shape = Shape("Old", (Attribute("size", EnumType((0, 1, 2, 3)), ABSENT), OLD_ID))
    assert refusal(Protobuf(PROTO2["Old"]), shape) == (
        "at `size`: The enum of the protobuf field `test.Old.size` lacks 2, 3. "
        "Add the missing members to the .proto file."
    )


def test_required_fields() -> None:
    assert refusal(Protobuf(PROTO2["Old"]), attribute("text", TEXT, ABSENT)) == (
        "at `id`: The protobuf field `test.Old.id` is `required`, but the attribute is not always written. "
        "Declare it as `optional`."
    )


def test_the_number_of_the_notes_is_taken() -> None:
    cls = classes("message Bad\nstring text = 536870911")["Bad"]
    with pytest.raises(DeclarationError) as caught:
        Protobuf(cls).check(attribute("text", TEXT))
    assert str(caught.value) == (
        "The message `test.Bad` declares the field number 536870911, which is used for notes. Use another number."
    )


def test_without_a_class_the_model_must_be_one() -> None:
    with pytest.raises(DeclarationError) as caught:
        plugin().check(attribute("text", TEXT))
    assert str(caught.value) == (
        "The codec `protobuf` does not know which message `Order` is written as. "
        "Name its class: `codec=Protobuf(OrderPb)`, with `Protobuf` from `versioned_serde.codecs.protobuf`."
    )


def test_unwritten_means_absent_where_empty_is_no_value() -> None:
    compiled = ORDER.payload(attribute("text", Scalar("decimal")), DEFAULT_LIMITS)
    assert compiled.decode(b"") == {}


def test_a_flat_object_needs_no_depth_for_its_notes() -> None:
    compiled = ORDER.payload(attribute("said", NullableType(TEXT)), Limits(max_depth=1))
    tree: Tree = {"said": None, "x": Raw("json", b"1")}
    assert compiled.decode(compiled.encode(tree)) == tree


# --- message classes as models


def describe(model: Any) -> Type:
    return ObjectType(kind().shape(model, describe))


def own(cls: type[Message]) -> Any:
    return plugin().payload(kind().shape(cls, describe), DEFAULT_LIMITS)


OWN = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Line
    string sku = 1
    float weight = 2
    message Order
    string text = 1
    float single = 2
    repeated Size sizes = 3
    string card = 4 in means
    Line line = 5 in means
    """
)


def test_a_message_class_may_be_as_it_is() -> None:
    order = OWN["Order"](text="a", single=0.1, sizes=[0, 7], line={"sku": "b", "weight": 0.5})
    compiled = own(OWN["Order"])
    found = compiled.decode(order.SerializeToString())
    assert found == {"text": "a", "single": 0.10000000149011612, "sizes": [0, 7], "line": {"sku": "b", "weight": 0.5}}
    assert compiled.encode(found) == order.SerializeToString(deterministic=True)
    assert compiled.decode(b"") == {}


def test_but_not_beyond_what_its_fields_hold() -> None:
    compiled = own(OWN["Order"])
    for value in (0.1, 1e300):
        with pytest.raises(UnwritableValueError) as caught:
            compiled.encode({"single": value})
        assert str(caught.value) == (
            "at `single`: A float has more digits than a protobuf field of type `float` carries."
        )
    with pytest.raises(UnwritableValueError) as caught:
        compiled.encode({"card": "c", "line": {}})
    assert str(caught.value) == "at `line`: `card` is present too, but only one of the oneof `means` can be."


def test_messages_of_proto2() -> None:
    compiled = own(PROTO2["Old"])
    old = PROTO2["Old"].FromString(b"\x08\x05\x10\x07\x18\x00\x18\x01")
    found = compiled.decode(old.SerializeToString())
    assert found == {"id": 5, "sizes": [0, 1], "#": Raw("protobuf", b"\x10\x07")}
    assert compiled.encode(found) == old.SerializeToString(deterministic=True)
    # Once the field is set, the member that this class does not know is gone.
    assert "#" not in compiled.decode(compiled.encode({**found, "size": 1}))
    with pytest.raises(PayloadError, match="in a list a member that the enum lacks") as caught:
        compiled.decode(b"\x18\x00\x18\x09\x18\x01")  # its place would be lost
    assert caught.value.path == "sizes"
    with pytest.raises(PayloadError) as caught:
        compiled.decode(b"\x22\x01\xff")
    assert str(caught.value) == "at `text`: Expected str, found bytes that are not UTF-8."
    assert compiled.decode(b"") == {}


def test_an_older_shape_of_a_message_class() -> None:
    shape = kind().shape(OWN["Order"], describe).without("text")
    compiled = plugin().payload(shape, DEFAULT_LIMITS)
    order = OWN["Order"](text="a", single=0.5)
    assert compiled.encode(compiled.decode(order.SerializeToString())) == order.SerializeToString()
