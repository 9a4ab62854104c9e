"""Recursive models as shapes: of every kind, through every type, and through each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Optional, TypedDict

import msgspec
import pytest
from pydantic import BaseModel

from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.describing import Describer
from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    Attribute,
    Constant,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    UnionType,
)


class PydanticNode(BaseModel):
    next: Optional[PydanticNode] = None  # noqa: UP045
    nodes: list[PydanticNode] = []
    named: dict[str, PydanticNode] = {}
    deep: dict[str, list[PydanticNode | None]] = {}


@dataclass
class DataNode:
    next: Optional[DataNode] = None  # noqa: UP045
    nodes: list[DataNode] = field(default_factory=list)
    named: dict[str, DataNode] = field(default_factory=dict)
    deep: dict[str, list[DataNode | None]] = field(default_factory=dict)


class StructNode(msgspec.Struct):
    next: Optional[StructNode] = None  # noqa: UP045
    nodes: list[StructNode] = []
    named: dict[str, StructNode] = {}
    deep: dict[str, list[StructNode | None]] = {}


class DictNode(TypedDict):
    next: Optional[DictNode]  # noqa: UP045
    nodes: list[DictNode]
    named: dict[str, DictNode]
    deep: dict[str, list[DictNode | None]]


def types(model: Any) -> dict[str, Any]:
    return {attribute.name: attribute.type for attribute in Describer().shape(model).attributes}


@pytest.mark.parametrize("model", [PydanticNode, DataNode, StructNode, DictNode])
def test_a_model_in_itself_is_a_back_reference(model: Any) -> None:
    level = RecursiveType(model.__name__)
    assert types(model) == {
        "next": NullableType(level),
        "nodes": ListType(level),
        "named": MapType(level),
        "deep": MapType(ListType(NullableType(level))),
    }


def test_a_message_in_itself() -> None:
    node = classes("message Node\noptional Node next = 1\nrepeated Node nodes = 2\nmap Node named = 3")["Node"]
    level = RecursiveType("Node")
    assert types(node) == {"next": level, "nodes": ListType(level), "named": MapType(level)}


def test_a_declared_shape_in_itself() -> None:
    node = Shape("Node", (Attribute("nodes", ListType(RecursiveType("Node"))),))
    assert types(node) == {"nodes": ListType(RecursiveType("Node"))}
    with pytest.raises(DeclarationError, match="names `Nod`, but no shape around it has that name"):
        Describer().shape(Shape("Node", (Attribute("nodes", ListType(RecursiveType("Nod"))),)))


@dataclass
class Folder:
    files: list[File]


@dataclass
class File:
    parent: Optional[Folder]  # noqa: UP045
    copies: list[File]


def test_models_in_each_other() -> None:
    file = Shape(
        "File",
        (
            Attribute("parent", NullableType(RecursiveType("Folder"))),
            Attribute("copies", ListType(RecursiveType("File"))),
        ),
    )
    folder = Shape("Folder", (Attribute("files", ListType(ObjectType(file))),))
    assert Describer().shape(Folder) == folder
    assert Describer().shape(File).get("copies") == Attribute("copies", ListType(RecursiveType("File")))


def test_shapes_are_equal_wherever_their_back_references_stand() -> None:
    folder, file = Describer().shape(Folder), Describer().shape(File)
    (files,) = folder.unrolled.attributes
    assert files.type == ListType(ObjectType(file))  # described from another root
    assert hash(files.type) == hash(ListType(ObjectType(file)))
    assert folder.unrolled == folder
    assert folder != file
    renamed = Shape("Other", (Attribute("files", ListType(ObjectType(file))),))
    assert renamed == folder
    changed = Shape("File", (*file.attributes, Attribute("more", Scalar("str"))))
    assert ObjectType(changed) != ObjectType(file)
    assert Shape("Folder", (Attribute("files", ListType(ObjectType(changed))),)) != folder


class Number(BaseModel):
    kind: Literal["number"]
    value: int


class Sum(BaseModel):
    kind: Literal["sum", "difference"]
    left: Number | Sum
    right: Number | Sum


class Formula(BaseModel):
    of: Number | Sum


def test_an_arm_of_a_union_around_itself() -> None:
    union = Describer().shape(Sum).get("left")
    assert union is not None
    assert isinstance(union.type, UnionType)
    assert union.type.discriminator == "kind"
    assert [(tag, type(arm)) for tag, arm in union.type.arms] == [
        ("number", ObjectType),
        ("sum", RecursiveType),
        ("difference", RecursiveType),
    ]
    schema = Schema("x.formula", Formula, Version(1, codec="json", framing="envelope"))
    inner = Sum(kind="difference", left=Number(kind="number", value=2), right=Number(kind="number", value=3))
    deep = Sum(kind="sum", left=Number(kind="number", value=1), right=inner)
    assert schema.loads(schema.dumps(Formula(of=deep))) == Formula(of=deep)
    alone = Schema("x.sum", Sum, Version(1, codec="msgpack", framing="envelope"))
    assert alone.loads(alone.dumps(deep)) == deep


class Negation(BaseModel):
    kind: Literal["negation"]
    of: Negation | Number | None = None


class Text(BaseModel):
    head: Negation | Number | None = None


def test_a_default_beside_a_union_with_an_arm_around_it() -> None:
    schema = Schema("x.text", Text, Version(1, codec="json", framing="envelope"))
    text = Text(head=Negation(kind="negation", of=Negation(kind="negation", of=Number(kind="number", value=1))))
    assert schema.loads(schema.dumps(text)) == text


def blank(name: str) -> Any:
    """A class whose annotations are still to come."""
    return type(name, (), {"__annotations__": {}})


def holding(cls: Any, held: list[Any]) -> None:
    """Makes it a dataclass of attributes that may each be an object of one of these classes."""
    for index, each in enumerate(held):
        cls.__annotations__[f"to_{index}"] = each | None
        setattr(cls, f"to_{index}", None)
    dataclass(cls)


def each_holds_all(count: int) -> list[Any]:
    models = [blank(f"Model{index}") for index in range(count)]
    for model in models:
        holding(model, models)
    return models


def test_models_that_hold_each_other_on_too_many_ways_are_refused_at_once() -> None:
    assert Describer().shape(each_holds_all(4)[0]).recursive
    with pytest.raises(DeclarationError, match="hold each other on more than 400 ways"):
        Describer().shape(each_holds_all(12)[0])


def test_by_way_of_one_model_any_number_can_hold_each_other() -> None:
    whole, models = blank("Whole"), [blank(f"Model{index}") for index in range(30)]
    holding(whole, models)
    for model in models:
        holding(model, [whole, whole])
    assert Describer().shape(whole).recursive


def named_alike() -> type:
    """Two models of one name, each of which holds the other and itself."""

    @dataclass
    class Node:
        other: Any
        own: Any

    inner = Node

    @dataclass
    class Outer:
        other: Any
        own: Any

    Outer.__name__ = "Node"
    inner.__annotations__ = {"other": Optional[Outer], "own": list[inner]}  # type: ignore[valid-type]  # noqa: UP045
    Outer.__annotations__ = {"other": Optional[inner], "own": list[Outer]}  # noqa: UP045
    return Outer


def test_two_models_of_one_name_around_each_other() -> None:
    shape = Describer().shape(named_alike())
    nested = shape.attributes[0]
    assert isinstance(nested.type, NullableType)
    assert isinstance(nested.type.inner, ObjectType)
    inner = nested.type.inner.shape
    assert (shape.name, inner.name) == ("Node", "Node (2)")
    assert inner.attributes[0].type == NullableType(RecursiveType("Node"))
    assert inner.attributes[1].type == ListType(RecursiveType("Node (2)"))


class Endless(BaseModel):
    next: Endless


class EndlessRing(BaseModel):
    other: EndlessOther


class EndlessOther(BaseModel):
    back: EndlessRing


class EndlessSum(BaseModel):
    kind: Literal["sum"]
    left: EndlessSum | EndlessDifference


class EndlessDifference(BaseModel):
    kind: Literal["difference"]
    left: EndlessSum | EndlessDifference


class Around(BaseModel):
    held: list[Endless] = []


class Ring(BaseModel):
    other: RingOther


class RingOther(BaseModel):
    back: Ring | None = None


@pytest.mark.parametrize("model", [Endless, EndlessRing, EndlessSum, Around])
def test_what_requires_itself_has_no_values(model: Any) -> None:
    with pytest.raises(DeclarationError, match=r"requires another `Endless.*so its values have no end"):
        Describer().shape(model)


def test_what_requires_itself_by_way_of_something_optional_has_values() -> None:
    schema = Schema("x.ring", Ring, Version(1, codec="json", framing="envelope"))
    ring = Ring(other=RingOther(back=Ring(other=RingOther())))
    assert schema.loads(schema.dumps(ring)) == ring


@dataclass(frozen=True)
class WithDefault:
    first: Optional[Inner] = None  # noqa: UP045


@dataclass(frozen=True)
class Inner:
    outer: WithDefault = WithDefault()


def test_a_default_that_holds_a_model_around_it_is_refused() -> None:
    (outer,) = Describer().shape(Inner).attributes
    assert outer.default == Constant({"first": None})
    with pytest.raises(DeclarationError, match=r"at `first.outer`: .*Use a default that is computed"):
        Describer().shape(WithDefault)
