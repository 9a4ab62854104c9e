from __future__ import annotations

import dataclasses
import subprocess
import sys
from dataclasses import KW_ONLY, InitVar, dataclass, field
from enum import Enum
from typing import Any, ClassVar

import pydantic.dataclasses
import pytest
from hypothesis import strategies as st

from tests.models.described import make, shape_of, take
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.dataclass import plugin
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


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Line:
    sku: str


@dataclass(frozen=True, slots=True)
class Order:
    LIMIT: ClassVar[int] = 5

    buyer: str = field(metadata={"name": "customer"})
    color: Color = Color.RED
    _: KW_ONLY
    note: str | None = None
    lines: tuple[Line, ...] = ()
    tags: list[str] = field(default_factory=list, compare=False, repr=False)
    count: int


@dataclass(frozen=True, slots=True)
class LongerOrder(Order):
    more: int = 1


class TestConformance(KindConformance):
    kind = plugin()
    model = Order
    longer = LongerOrder
    instances = st.builds(
        Order,
        buyer=st.text(),
        color=st.sampled_from(Color),
        note=st.none() | st.text(),
        lines=st.lists(st.builds(Line, st.text())).map(tuple),
        tags=st.lists(st.text()),
        count=st.integers(),
    )


@dataclass
class Checked:
    x: str

    def __post_init__(self) -> None:
        if self.x == SECRET:
            raise ValueError(self.x)


class TestConformanceOfAModelThatChecks(KindConformance):
    kind = plugin()
    model = Checked
    instances = st.builds(Checked, x=st.text().filter(lambda text: text != SECRET))
    refused = ({"x": SECRET},)


def test_the_shape_of_a_dataclass() -> None:
    line = ObjectType(Shape("Line", (Attribute("sku", Scalar("str"), REQUIRED),)))
    assert shape_of(Order) == Shape(
        "Order",
        (
            Attribute("customer", Scalar("str"), REQUIRED),
            Attribute("color", EnumType((1, 2)), Constant(Color.RED)),
            Attribute("note", NullableType(Scalar("str")), Constant(None)),
            Attribute("lines", ListType(line, "tuple"), Constant(())),
            Attribute("tags", ListType(Scalar("str")), FACTORY),
            Attribute("count", Scalar("int"), REQUIRED),
        ),
    )
    assert shape_of(Order).model is Order


def test_the_kind_owns_dataclasses_and_nothing_else() -> None:
    kind = plugin()
    assert (kind.name, kind.presence) == ("dataclass", False)
    assert kind.unknown(shape_of(Line)) == "dropped"
    assert kind.owns(Order)
    assert not any(map(kind.owns, (Line("a"), int, Color, {"sku": str}, None)))


def test_every_attribute_is_written() -> None:
    assert take(Order("ada", count=1)) == {
        "customer": "ada",
        "color": Color.RED,
        "note": None,
        "lines": (),
        "tags": [],
        "count": 1,
    }


def test_absent_attributes_get_the_defaults_of_the_class() -> None:
    assert make(Order, {"customer": "ada", "count": 1}) == Order("ada", count=1)


def test_an_instance_of_another_class_is_refused() -> None:
    with pytest.raises(UnwritableValueError, match=r"^Expected `Line`, found `Order`\.$"):
        take(Order("ada", count=1), Line)


def test_an_instance_without_an_attribute_is_refused() -> None:
    with pytest.raises(UnwritableValueError) as caught:
        take(object.__new__(Order))
    assert str(caught.value) == "at `customer`: The attribute has to be written, but the instance does not have it."


def test_a_missing_attribute_is_named() -> None:
    with pytest.raises(PayloadError) as caught:
        make(Order, {"count": 1})
    assert str(caught.value) == "at `customer`: The attribute is required, but missing."


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, ZeroDivisionError])
def test_the_text_of_an_error_in_the_model_is_left_out(error: type[Exception]) -> None:
    @dataclass
    class Checked:
        x: str

        def __post_init__(self) -> None:
            if self.x != "right":
                raise error(self.x)

    assert make(Checked, {"x": "right"}).x == "right"
    with pytest.raises(PayloadError) as caught:
        make(Checked, {"x": "secret"})
    assert str(caught.value) == (
        f"`Checked` rejected the values with a {error.__name__}. The text is left out because it may quote them."
    )
    assert caught.value.__suppress_context__


@dataclass
class Derived:
    x: int
    double: int = field(init=False)


@dataclass
class Consumed:
    x: int
    seed: InitVar[int]


@dataclass
class Foreign:
    lines: list[subprocess.Popen[str]]


@dataclass
class Misnamed:
    x: int = field(metadata={"name": 1})


@dataclass
class Twins:
    x: int
    y: int = field(metadata={"name": "x"})


@pydantic.dataclasses.dataclass
class Pydantic:
    x: int


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (
            Derived,
            (
                "at `double`: The attribute has `init=False`, so an instance could not be made with the value that was"
                " read. Let the constructor take it, or compute it in a property."
            ),
        ),
        (
            Consumed,
            (
                "at `seed`: The attribute is an `InitVar`, so an instance no longer has the value that it was made"
                " with. Make it an attribute, or give the dataclass a class method that computes one."
            ),
        ),
        (
            Foreign,
            (
                "at `lines`: `Popen` of `subprocess` is not a type whose bytes this service controls."
                " Use basic types or a model of your own, and convert at the edge of your service."
            ),
        ),
        (Misnamed, "at `x`: The wire name in the field's metadata is a `int`. Use a `str`."),
        (Twins, "at `x`: Two attributes have this name on the wire. Rename one."),
        (
            Pydantic,
            (
                "`Pydantic` is a pydantic dataclass, whose constructor knows attributes by their aliases."
                " Use a pydantic `BaseModel` or a dataclass of the standard library."
            ),
        ),
    ],
)
def test_dataclasses_that_cannot_be_kept_faithfully_are_refused(model: type, text: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        shape_of(model)
    assert str(caught.value) == text


def test_a_dataclass_that_a_pydantic_model_uses_is_still_one_of_the_standard_library() -> None:
    class Outer(pydantic.BaseModel):
        line: Line

    assert Outer(line=Line("a")).line == Line("a")
    assert shape_of(Line).names == ("sku",)


def test_an_annotation_that_names_nothing_is_refused() -> None:
    model = dataclasses.make_dataclass("Lost", [("x", "Nowhere")])
    with pytest.raises(DeclarationError, match="An annotation of `Lost` names `Nowhere`, which does not exist"):
        shape_of(model)


@pytest.mark.parametrize("module", ["dataclass", "mapping"])
def test_the_kind_needs_the_standard_library_alone(module: str) -> None:
    code = f"""
import sys
before = set(sys.modules)
import versioned_serde.models.{module}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(new - sys.stdlib_module_names - {{"versioned_serde"}}))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_values_stay_as_they_are() -> None:
    lines: Any = (Line("a"),)
    assert make(Order, {"customer": "ada", "count": 1, "lines": lines}).lines is lines
