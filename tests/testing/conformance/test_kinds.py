"""A kind that breaks a promise is caught by the check of that promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from tests.testing.conformance.failing import failure
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.dataclass import DataclassKind
from versioned_serde.models.mapping import MappingKind
from versioned_serde.models.pydantic import PydanticKind
from versioned_serde.protocols import Describe, Layout, Make, Making, Unknown
from versioned_serde.shape import AnyType, Shape
from versioned_serde.testing.conformance.checks import SECRET
from versioned_serde.testing.conformance.kinds import KindConformance

Take = Callable[[Any], dict[str, Any]]


@dataclass
class Order:
    buyer: str
    count: int = 1
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.buyer == SECRET:
            raise ValueError(self.buyer)


@dataclass
class LongerOrder(Order):
    more: int = 1


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    buyer: str
    count: int = 1
    note: str | None = None


class Dataclasses(KindConformance):
    kind = DataclassKind()
    model = Order
    longer = LongerOrder
    instances = st.builds(Order, st.text(), st.integers(), st.lists(st.text()))
    refused = ({"buyer": SECRET},)


class Pydantic(KindConformance):
    kind = PydanticKind()
    model = Open
    instances = st.builds(Open, buyer=st.text(), count=st.integers())


class TestSoundDataclasses(Dataclasses):
    pass


class TestSoundPydantic(Pydantic):
    pass


class OwnsInstances(DataclassKind):
    def owns(self, model: Any) -> bool:
        return super().owns(model) or super().owns(type(model))


class OwnsClasses(DataclassKind):
    def owns(self, model: Any) -> bool:
        return isinstance(model, type)


class HasNoModel(DataclassKind):
    def shape(self, model: Any, describe: Describe) -> Shape:
        return replace(super().shape(model, describe), model=None)


class DescribesWhatItCannot(DataclassKind):
    def shape(self, model: Any, describe: Describe) -> Shape:
        def described(annotation: Any) -> Any:
            try:
                return describe(annotation)
            except DeclarationError:
                return AnyType()

        return super().shape(model, described)


class DoesNotTellTheAttribute(DataclassKind):
    def shape(self, model: Any, describe: Describe) -> Shape:
        try:
            return super().shape(model, describe)
        except DeclarationError:
            raise DeclarationError("Something cannot be described.") from None


class SortsNames(DataclassKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        return lambda instance: dict(sorted(take(instance).items(), reverse=True))


class LeavesOutEmptyLists(DataclassKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        return lambda instance: {name: value for name, value in take(instance).items() if value != []}


class TakesAnything(DataclassKind):
    def take(self, shape: Shape) -> Take:
        return lambda instance: dict(vars(instance))


class ShowsTheStranger(DataclassKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)

        def told(instance: Any) -> dict[str, Any]:
            try:
                return take(instance)
            except UnwritableValueError:
                raise UnwritableValueError(f"Cannot take {instance!r}.") from None

        return told


class GivesWhatSubclassesHave(DataclassKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        return lambda instance: take(instance) and dict(vars(instance))


class RefusesSubclasses(DataclassKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)

        def exact(instance: Any) -> dict[str, Any]:
            if type(instance) is not shape.model:
                raise UnwritableValueError("Another class.")
            return take(instance)

        return exact


class FillsWithNull(DataclassKind):
    def make(self, shape: Shape) -> Make:
        make = super().make(shape)
        return lambda values: make({name: values.get(name) for name in shape.names})


class ShowsValues(DataclassKind):
    def make(self, shape: Shape) -> Make:
        make = super().make(shape)

        def told(values: dict[str, Any]) -> Any:
            try:
                return make(values)
            except PayloadError as error:
                error.problem = f"{error.problem} {values}"
                raise

        return told


class LeaksTheModelsErrors(DataclassKind):
    def make(self, shape: Shape) -> Make:
        return lambda values: shape.model(**values)


class EmptiesTheDict(DataclassKind):
    def make(self, shape: Shape) -> Make:
        def make(values: dict[str, Any]) -> Any:
            made = shape.model(**values)
            values.clear()
            return made

        return make


class LooksElsewhere(DataclassKind):
    def layout(self, shape: Shape) -> Layout | None:
        layout = super().layout(shape)
        return layout and replace(layout, names=layout.names[:1] + layout.names[:1] + layout.names[2:])


class MakesAnother(DataclassKind):
    def making(self, shape: Shape) -> Make | None:
        return lambda values: self.make(shape)({**values, "count": 0})


class SaysNothingOfPresence(PydanticKind):
    def take(self, shape: Shape) -> Take:
        return lambda instance: {name: getattr(instance, name) for name in shape.names}


class LeavesOutDefaults(PydanticKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        defaults = {each.name: each.default for each in shape.attributes}
        return lambda instance: {
            name: value
            for name, value in take(instance).items()
            if name not in defaults or getattr(defaults[name], "value", ...) != value
        }


class ForgetsExtra(PydanticKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        return lambda instance: {name: value for name, value in take(instance).items() if name in shape.names}


class GivesExtraFirst(PydanticKind):
    def take(self, shape: Shape) -> Take:
        take = super().take(shape)
        return lambda instance: dict(sorted(take(instance).items(), key=lambda item: item[0] in shape.names))


class HasAnotherBlank(PydanticKind):
    def making(self, shape: Shape) -> Making | Make | None:
        making = super().making(shape)
        assert isinstance(making, Making)
        return replace(making, blank={**making.blank, "count": 2})


class SaysSomethingElse(PydanticKind):
    def unknown(self, shape: Shape) -> Unknown:
        return "kept"  # type: ignore[return-value]


BROKEN: list[tuple[DataclassKind | PydanticKind, str]] = [
    (OwnsInstances(), "test_it_owns_its_models_and_nothing_else"),
    (OwnsClasses(), "test_it_owns_its_models_and_nothing_else"),
    (HasNoModel(), "test_the_shape_is_that_of_the_model"),
    (DescribesWhatItCannot(), "test_the_types_come_from_describe_and_its_errors_tell_the_attribute"),
    (DoesNotTellTheAttribute(), "test_the_types_come_from_describe_and_its_errors_tell_the_attribute"),
    (SortsNames(), "test_present_attributes_are_taken_in_order"),
    (LeavesOutEmptyLists(), "test_present_attributes_are_taken_in_order"),
    (TakesAnything(), "test_another_instance_is_not_taken"),
    (ShowsTheStranger(), "test_another_instance_is_not_taken"),
    (GivesWhatSubclassesHave(), "test_an_instance_of_a_subclass_gives_what_the_shape_declares"),
    (RefusesSubclasses(), "test_an_instance_of_a_subclass_gives_what_the_shape_declares"),
    (FillsWithNull(), "test_a_required_attribute_that_is_missing_is_named"),
    (FillsWithNull(), "test_what_was_set_is_present_and_nothing_else"),
    (ShowsValues(), "test_an_error_of_make_tells_no_value"),
    (LeaksTheModelsErrors(), "test_an_error_of_make_tells_no_value"),
    (LeaksTheModelsErrors(), "test_a_required_attribute_that_is_missing_is_named"),
    (EmptiesTheDict(), "test_the_dict_that_make_was_given_is_not_kept"),
    (LooksElsewhere(), "test_the_layout_says_what_take_gives"),
    (SaysNothingOfPresence(), "test_what_was_set_is_present_and_nothing_else"),
    (LeavesOutDefaults(), "test_what_was_set_is_present_and_nothing_else"),
    (SaysNothingOfPresence(), "test_the_layout_says_what_take_gives"),
    (ForgetsExtra(), "test_undeclared_attributes_are_carried_as_the_kind_says"),
    (GivesExtraFirst(), "test_undeclared_attributes_are_carried_as_the_kind_says"),
    (HasAnotherBlank(), "test_making_makes_what_make_makes"),
    (SaysSomethingElse(), "test_the_name_and_what_it_says_of_itself"),
]


@pytest.mark.parametrize(("kind", "check"), BROKEN, ids=[f"{type(kind).__name__}-{check}" for kind, check in BROKEN])
def test_a_broken_promise_is_caught(kind: DataclassKind | PydanticKind, check: str) -> None:
    tested: KindConformance = Dataclasses() if isinstance(kind, DataclassKind) else Pydantic()
    tested.kind = kind
    failure(tested, check)


@dataclass
class Plain:
    count: int = 1


def test_another_making_is_caught() -> None:
    tested = KindConformance()
    tested.kind, tested.model, tested.instances = MakesAnother(), Plain, st.builds(Plain, st.integers())
    failure(tested, "test_making_makes_what_make_makes")


def test_a_dict_that_is_kept_is_caught() -> None:
    class KeepsTheDict(MappingKind):
        def make(self, shape: Shape) -> Make:
            return lambda values: values

    tested = KindConformance()
    tested.kind, tested.model = KeepsTheDict(), Shape("Made", ())
    tested.model = replace(tested.model, attributes=DataclassKind().shape(Plain, tested._describe).attributes)
    tested.instances = st.builds(dict, count=st.integers())
    failure(tested, "test_the_dict_that_make_was_given_is_not_kept")
