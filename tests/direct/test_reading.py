"""Which models are read without a tree, and which are not."""

from __future__ import annotations

import abc
import dataclasses
import enum
import warnings
from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec
import pydantic
import pytest
from pydantic import AwareDatetime, ConfigDict, Field, PrivateAttr, create_model

from tests.native.pairs import needs_native
from tests.native.readings import check, decoder
from versioned_serde import Schema, Version
from versioned_serde.limits import Limits

pytestmark = needs_native


def schema_of(model: Any, codec: str = "json", **more: Any) -> Schema[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Schema("direct.read", model, Version(1, codec=codec, framing="envelope", checksum=False), **more)


def made(*bases: type, config: Any = None, **attributes: Any) -> Any:
    return create_model("Made", __base__=bases or None, __config__=config, **({"x": (int, 0)} | attributes))


class Inner(pydantic.BaseModel):
    y: str = "inner"


class Color(enum.Enum):
    RED = "red"


class Hidden(pydantic.BaseModel):
    x: int = 0
    _seen: list[int] = [1]
    _never: int = PrivateAttr()


class Computed(pydantic.BaseModel):
    x: int = 0

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> int:
        return 2 * self.x


TAKEN: dict[str, Any] = {
    "plain": made(),
    "frozen": made(config=ConfigDict(frozen=True)),
    "assignments validated": made(config=ConfigDict(validate_assignment=True)),
    "extra forbidden": made(config=ConfigDict(extra="forbid")),
    "extra allowed": made(config=ConfigDict(extra="allow")),
    "private attributes": Hidden,
    "a computed field": Computed,
    "a nested model": made(a=(Inner, Inner()), b=(Inner | None, None), c=(list[Inner], []), d=(dict[str, Inner], {})),
    "aliases": made(a=(int, Field(1, alias="A")), b=(int, Field(2, validation_alias="B", serialization_alias="C"))),
    "an excluded attribute": made(a=(int, Field(1, exclude=True))),
    "a factory": made(a=(list[int], Field(default_factory=list))),
    "defaults that are copied": made(a=(list[int], []), b=(dict[str, list[int]], {"k": [1]}), c=(Inner, Inner())),
    "an enum": made(a=(Color, Color.RED), b=(Literal["p", "q"], "p"), c=(Literal[3], 3)),
}


@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("name", TAKEN)
def test_read_without_a_tree(name: str, codec: str) -> None:
    schema = schema_of(TAKEN[name], codec)
    given = {"x": 7} if schema.model.model_fields["x"].default == 0 else {}
    for instance in (schema.model(), schema.model(**given), schema.model.model_validate(schema.model().__dict__)):
        assert check(schema, schema.dumps(instance))


def test_instances_share_nothing_but_what_pydantic_shares() -> None:
    schema = schema_of(TAKEN["defaults that are copied"])
    record = schema.dumps(schema.model())
    one, other = schema.loads(record), schema.loads(record)
    assert one.a is not other.a
    assert one.b["k"] is not other.b["k"]
    assert one.c is not other.c  # a model with values that can change has no hash
    assert one.model_fields_set is not other.model_fields_set
    assert one.__dict__ is not other.__dict__
    hidden = schema_of(Hidden)
    first, second = (hidden.loads(hidden.dumps(Hidden())) for _ in range(2))
    assert first._seen is not second._seen


class Before(pydantic.BaseModel):
    x: int = 0

    @pydantic.field_validator("x", mode="before")
    @classmethod
    def look(cls, value: Any) -> Any:
        return value + 1


class After(pydantic.BaseModel):
    x: int = 0

    @pydantic.model_validator(mode="after")
    def look(self) -> Self:
        self.x += 1
        return self


class Around(pydantic.BaseModel):
    x: int = 0

    @pydantic.model_validator(mode="wrap")
    @classmethod
    def look(cls, value: Any, handler: Any) -> Any:
        return handler(value)


class Init(pydantic.BaseModel):
    x: int = 0

    def __init__(self, **values: Any) -> None:
        super().__init__(**(values | {"x": 9}))


class Post(pydantic.BaseModel):
    x: int = 0

    def model_post_init(self, context: Any, /) -> None:
        self.x += 1


class New(pydantic.BaseModel):
    x: int = 0

    def __new__(cls, *_: Any, **__: Any) -> Self:
        return super().__new__(cls)


class OwnValidate(pydantic.BaseModel):
    x: int = 0

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        return super().model_validate(obj | {"x": 5}, **options)


class Counting(pydantic.BaseModel):
    x: int = 0
    _number: int = PrivateAttr(default_factory=lambda: 5)


class Abstract(pydantic.BaseModel, abc.ABC):
    x: int = 0

    @abc.abstractmethod
    def look(self) -> None: ...


class Mixin:
    y = 1


class Nested(pydantic.BaseModel):
    x: int = 0
    inner: After | None = None


class Revalidated(pydantic.BaseModel):
    model_config = ConfigDict(revalidate_instances="always")
    y: int = 0


@dataclasses.dataclass
class InDataclass:
    y: int = 0


LEFT: dict[str, Any] = {
    "a validator before": Before,
    "a validator after": After,
    "a validator around": Around,
    "a validator in what is nested": Nested,
    "a constructor": Init,
    "a hook after construction": Post,
    "a factory of a private attribute": Counting,
    "`__new__`": New,
    "`model_validate`": OwnValidate,
    "an abstract class": Abstract,
    "a place for attributes elsewhere": made(Mixin, pydantic.BaseModel),
    "a bound": made(a=(int, Field(3, ge=0))),
    "a length": made(a=(str, Field("abc", max_length=4))),
    "a pattern": made(a=(str, Field("abc", pattern="a"))),
    "a length of a list": made(a=(list[int], Field([], max_length=4))),
    "a bound within": made(a=(list[Annotated[int, Field(ge=0)]], [])),
    "a validator of a type": made(a=(Annotated[int, pydantic.AfterValidator(abs)], 3)),
    "a zone that is asked for": made(a=(AwareDatetime | None, None), b=(datetime | None, None)),
    "a stripped text": made(config=ConfigDict(str_strip_whitespace=True), a=(str, "")),
    "strict": made(config=ConfigDict(strict=True)),
    "enums as values": made(config=ConfigDict(use_enum_values=True), a=(Color, Color.RED)),
    "a default that is checked": made(a=(int, Field(3, validate_default=True))),
    "instances that are checked again": made(a=(Revalidated | None, None)),
    "a dataclass": made(a=(InDataclass, InDataclass())),
    "anything": made(a=(Any, None)),
    "a set": made(a=(set[int], set())),
    "an open enum": made(a=(Color | str, Color.RED)),
    "a name that cannot be one of a twin": made(a=(int, Field(1, serialization_alias='"'))),
}


@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("name", LEFT)
def test_left_to_the_tree(name: str, codec: str) -> None:
    schema = schema_of(LEFT[name], codec)
    assert decoder(schema) is None
    if LEFT[name] is not Abstract:
        assert not check(schema, schema.dumps(schema.model(x=1)))


@pytest.mark.parametrize("codec", ["json", "msgpack"])
def test_limits_below_any_number_of_64_bits(codec: str) -> None:
    assert decoder(schema_of(made(), codec, limits=Limits(max_digits=19))) is None
    assert decoder(schema_of(made(), codec, limits=Limits(max_digits=20))) is not None


class DirectPart(msgspec.Struct):
    n: int
    more: float = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class DirectWhole:
    parts: list[DirectPart]
    name: str = dataclasses.field(default="", metadata={"name": "Name"})


class Tagged(msgspec.Struct, tag="t"):
    n: int | msgspec.UnsetType = msgspec.UNSET


@pytest.mark.parametrize("codec", ["json", "msgpack"])
@pytest.mark.parametrize("value", [DirectWhole([DirectPart(1), DirectPart(2, 1.0)], "a"), Tagged(), Tagged(5)])
def test_other_kinds_are_made_by_their_constructors(value: Any, codec: str) -> None:
    schema = schema_of(type(value), codec)
    assert check(schema, schema.dumps(value))


class Limited(msgspec.Struct):
    n: Annotated[int, msgspec.Meta(le=5)]


def test_a_constructor_that_refuses() -> None:
    schema = schema_of(Limited)
    record = schema.dumps(Limited(6))
    assert decoder(schema) is not None
    assert not check(schema, record)


@dataclasses.dataclass
class PostInit:
    x: int

    def __post_init__(self) -> None:
        self.x += 1


@dataclasses.dataclass
class OwnInit:
    x: int

    def __init__(self, x: int) -> None:
        self.x = x


@dataclasses.dataclass
class OwnNew:
    x: int

    def __new__(cls, *_: Any, **__: Any) -> Self:
        return super().__new__(cls)


@dataclasses.dataclass
class OwnSetattr:
    x: int

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)


class StructPostInit(msgspec.Struct):
    x: int

    def __post_init__(self) -> None:
        self.x += 1


@pytest.mark.parametrize("model", [PostInit, OwnInit, OwnNew, OwnSetattr, StructPostInit])
def test_constructors_with_code_of_the_service(model: Any) -> None:
    schema = schema_of(model)
    assert decoder(schema) is None
    assert not check(schema, schema.dumps(model(3)))
