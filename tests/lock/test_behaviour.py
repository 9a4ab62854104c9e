"""The lock says what models do beyond their shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, Field, field_validator, model_validator

from versioned_serde import Schema, Version, check_lock, write_lock
from versioned_serde.lock.description import described
from versioned_serde.shape import Attribute, Scalar, Shape

FIRST = Version(1, codec="json", framing="envelope")


class Line(BaseModel, strict=True):
    sku: Annotated[str, Field(min_length=1)]


class Order(BaseModel):
    size: int = Field(default_factory=lambda: 3)
    lines: list[Line] = Field(default_factory=list, max_length=9, serialization_alias="all lines")

    @field_validator("size", mode="before")
    @classmethod
    def checked(cls, size: Any) -> Any:
        return size

    @model_validator(mode="after")
    def whole(self) -> Order:
        return self

    def model_post_init(self, context: Any) -> None:
        assert self.size


@dataclass
class Plain:
    size: Annotated[int, Field(gt=0)] = field(default_factory=lambda: 3)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.size


class Struct(msgspec.Struct, rename="camel"):
    the_size: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(default_factory=lambda: 3)

    def __post_init__(self) -> None:
        assert self.the_size


def facts(model: Any, **more: Any) -> dict[str, str]:
    found: dict[str, str] = described(Schema("shop.order", model, FIRST, **more)).get("behaviour", {})
    return found


def test_pydantic_models() -> None:
    assert facts(Order, keys={"all lines": "sku"}) == {
        '"all lines"': "max_length=9",
        '"all lines".': "strict=True",
        '"all lines".sku': "min_length=1",
        "size": "before validator 04e0a355; factory dca32a71",
        "the top": "model_post_init d8f6e16c; validator 82ab56b6",
    }


def test_dataclasses_and_structs_tell_the_same_of_the_same() -> None:
    plain, struct = facts(Plain), facts(Struct)
    assert plain["size"] == "factory dca32a71; gt=0"
    assert struct["theSize"] == "factory dca32a71; ge=0"
    assert [each.partition(" ")[0] for each in (plain["the top"], struct["the top"])] == ["__post_init__"] * 2
    assert "tags" not in plain


def test_a_model_that_does_nothing_has_no_facts() -> None:
    shape = Shape("Order", (Attribute("x", Scalar("int")),))
    assert "behaviour" not in described(Schema("shop.order", shape, FIRST))


def test_other_behaviour_makes_the_lock_stale(tmp_path: Path) -> None:
    @dataclass
    class Other:
        size: Annotated[int, Field(gt=1)] = field(default_factory=lambda: 3)
        tags: list[str] = field(default_factory=list)

    write_lock([Schema("shop.order", Plain, FIRST)], tmp_path)
    (difference,) = check_lock([Schema("shop.order", Other, FIRST)], tmp_path)
    assert (difference.rule, "behaviour" in difference.message) == ("stale", True)
    write_lock([Schema("shop.order", Other, FIRST)], tmp_path)
    content = json.loads((tmp_path / "shop.order.json").read_text())
    assert content["behaviour"] == {"size": "factory dca32a71; gt=1"}
