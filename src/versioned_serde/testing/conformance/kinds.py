"""What every kind of model must do: `KindConformance`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde import plugins
from versioned_serde.annotations import describe
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.protocols import NOTHING, HasLayout, HasMaking, Layout, Making, ModelKind
from versioned_serde.shape import ABSENT, FACTORY, REQUIRED, Constant, ObjectType, Shape, Type
from versioned_serde.testing.conformance import checks
from versioned_serde.tree import Raw

_STRANGERS = (None, 5, "text", object(), int, dict, object)
"""What is a model of no kind, and an instance of no model."""


class _Unfit:
    def __repr__(self) -> str:
        return checks.SECRET


class KindConformance:
    """The promises of `protocols.ModelKind`, each a test. A subclass says which kind, and gives it a model.

        class TestMyKind(KindConformance):
            kind = MyKind()
            model = Order
            instances = st.builds(Order, buyer=st.text(), count=st.integers())

    One model shows what it has: take one with a required attribute, one with each sort of default, and a nested model.

    Attributes:
        kind: the kind.
        model: a model of it.
        instances: instances of the model.
        longer: a model that is a subclass of it, with more attributes, each with a default; None where there are no
            subclasses.
        implicit: wire names of attributes of whose default an instance does not know whether it was set.
        refused: present attributes by wire name that the model itself refuses, one of the values being the text
            `checks.SECRET`; empty where a model takes whatever is of its types.
        undeclared: attributes that the shape does not declare, as `make` is given them; where the kind carries none,
            it stays as it is.
    """

    kind: ModelKind
    model: Any
    instances: st.SearchStrategy[Any]
    longer: Any = None
    implicit: frozenset[str] = frozenset()
    refused: tuple[Mapping[str, Any], ...] = ()
    undeclared: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
        st.sampled_from(["x-one", "x-two", "x-three"]), st.none() | st.integers() | st.lists(st.text())
    )

    def _describe(self, annotation: Any) -> Type:
        return describe(annotation, self._object_type)

    def _object_type(self, model: Any) -> ObjectType | None:
        kind = self.kind if self.kind.owns(model) else plugins.kind(model)
        return None if kind is None else ObjectType(kind.shape(model, self._describe))

    def _shape(self) -> Shape:
        return self.kind.shape(self.model, self._describe)

    # --- What the kind is, and what is of it

    def test_the_name_and_what_it_says_of_itself(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", self.kind.name), self.kind.name
        assert type(self.kind.presence) is bool
        assert self.kind.unknown(self._shape()) in ("dropped", "plain", "raw")

    def test_it_owns_its_models_and_nothing_else(self) -> None:
        @given(self.instances)
        def check(instance: Any) -> None:
            assert self.kind.owns(self.model) is True
            assert [each for each in (*_STRANGERS, instance) if self.kind.owns(each)] == []

        check()

    def test_the_shape_is_that_of_the_model(self) -> None:
        shape = self._shape()
        assert shape.model is self.model
        assert shape == self._shape()
        assert shape.names == self._shape().names

    def test_the_types_come_from_describe_and_its_errors_tell_the_attribute(self) -> None:
        asked: list[Any] = []

        def refuse(annotation: Any) -> Type:
            asked.append(annotation)
            raise DeclarationError("Not described.").inside("within")

        names = self._shape().names
        try:
            self.kind.shape(self.model, refuse)
        except DeclarationError as error:
            path = error.path
        else:
            path = ""
            assert not asked, "an error of `describe` was swallowed"
        assert not asked or path in {f"{name}.within" for name in names}, path

    # --- Take and make

    def test_present_attributes_are_taken_in_order(self) -> None:
        shape = self._shape()
        take = self.kind.take(shape)
        always = {each.name for each in shape.attributes if each.always_written}

        @given(self.instances)
        def check(instance: Any) -> None:
            taken = take(instance)
            assert type(taken) is dict
            assert [name for name in taken if name in shape.names] == [name for name in shape.names if name in taken]
            assert always <= taken.keys(), "what is always written was not taken"
            if self.kind.unknown(shape) == "dropped":
                assert taken.keys() <= set(shape.names)
            assert take(instance) is not taken, "the same dict was given twice"

        check()

    def test_an_instance_comes_back(self) -> None:
        shape = self._shape()
        take, make = self.kind.take(shape), self.kind.make(shape)

        @given(self.instances)
        def check(instance: Any) -> None:
            taken = take(instance)
            made = make(dict(taken))
            assert made == instance
            assert type(made) is type(instance)
            assert take(made) == taken

        check()

    def test_what_was_set_is_present_and_nothing_else(self) -> None:
        shape = self._shape()
        take, make = self.kind.take(shape), self.kind.make(shape)
        optional = [each for each in shape.attributes if each.optional]

        @given(self.instances, st.data())
        def check(instance: Any, data: st.DataObject) -> None:
            values = take(instance)
            for each in optional:
                choices = ["as it is", "absent"] + ["default"] * isinstance(each.default, Constant)
                match data.draw(st.sampled_from(choices), label=each.name):
                    case "absent":
                        values.pop(each.name, None)
                    case "default" if self._may_be_set(each.name):
                        values[each.name] = each.default.value  # type: ignore[attr-defined]
            values = {name: values[name] for name in shape.names if name in values}
            taken = take(make(dict(values)))
            for each in optional:
                if each.name in values:
                    assert taken[each.name] == values[each.name]
                elif each.default is ABSENT:
                    assert each.name not in taken
                elif isinstance(each.default, Constant) and self.kind.presence:
                    assert each.name not in taken, "an attribute that was not set is present"
                elif isinstance(each.default, Constant):
                    assert taken[each.name] == each.default.value
                else:
                    assert each.default is FACTORY
                    assert each.name in taken

        check()

    def _may_be_set(self, name: str) -> bool:
        return name not in self.implicit

    def test_another_instance_is_not_taken(self) -> None:
        take = self.kind.take(self._shape())
        for stranger in (*_STRANGERS, _Unfit()):
            with pytest.raises(UnwritableValueError) as caught:
                take(stranger)
            assert checks.SECRET not in checks.logged(caught.value)

    def test_an_instance_of_a_subclass_gives_what_the_shape_declares(self) -> None:
        if self.longer is None:
            return
        shape = self._shape()
        longer = self.kind.shape(self.longer, self._describe)
        assert set(longer.names) > set(shape.names), "`longer` declares no attribute more"
        take, make = self.kind.take(shape), self.kind.make(longer)

        @given(self.instances)
        def check(instance: Any) -> None:
            taken = take(instance)
            assert take(make(dict(taken))) == taken

        check()

    def test_a_required_attribute_that_is_missing_is_named(self) -> None:
        shape = self._shape()
        take, make = self.kind.take(shape), self.kind.make(shape)

        @given(self.instances)
        def check(instance: Any) -> None:
            taken = take(instance)
            for each in shape.attributes:
                if each.default is REQUIRED:
                    with pytest.raises(PayloadError) as caught:
                        make({name: value for name, value in taken.items() if name != each.name})
                    assert caught.value.path == each.name

        check()

    def test_an_error_of_make_tells_no_value(self) -> None:
        make = self.kind.make(self._shape())
        for values in self.refused:
            assert checks.SECRET in values.values()
            with pytest.raises(PayloadError) as caught:
                make(dict(values))
            assert checks.SECRET not in checks.logged(caught.value)

    def test_the_dict_that_make_was_given_is_not_kept(self) -> None:
        shape = self._shape()
        take, make = self.kind.take(shape), self.kind.make(shape)

        @given(self.instances)
        def check(instance: Any) -> None:
            values = take(instance)
            before = dict(values)
            made = make(values)
            assert values == before, "`make` changed the dict"
            values.clear()
            assert take(made) == before

        check()

    # --- What the shape does not declare

    def test_undeclared_attributes_are_carried_as_the_kind_says(self) -> None:
        shape = self._shape()
        take, make, how = self.kind.take(shape), self.kind.make(shape), self.kind.unknown(shape)
        if how == "dropped":
            return

        @given(self.instances, self.undeclared)
        def check(instance: Any, undeclared: dict[str, Any]) -> None:
            declared = {name: value for name, value in take(instance).items() if name in shape.names}
            taken = take(make(declared | undeclared))
            assert taken == declared | undeclared
            assert list(taken)[: len(declared)] == list(declared)
            assert how == "plain" or {type(value) for value in undeclared.values()} <= {Raw}

        check()

    # --- The shortcuts

    def test_the_layout_says_what_take_gives(self) -> None:
        shape = self._shape()
        layout = self.kind.layout(shape) if isinstance(self.kind, HasLayout) else None
        if layout is None:
            return
        assert layout.model is self.model
        assert len(layout.names) == len(shape.names)
        take = self.kind.take(shape)

        @given(self.instances)
        def check(instance: Any) -> None:
            taken = take(instance)
            if layout.extra is None or not getattr(instance, layout.extra):
                assert list(_looked_up(shape, layout, instance).items()) == list(taken.items())

        check()

    def test_making_makes_what_make_makes(self) -> None:
        shape = self._shape()
        making = self.kind.making(shape) if isinstance(self.kind, HasMaking) else None
        if making is None:
            return
        take, make = self.kind.take(shape), self.kind.make(shape)
        optional = {each.name for each in shape.attributes if not each.always_written}

        @given(self.instances, st.sets(st.sampled_from(sorted(optional))) if optional else st.just(set()))
        def check(instance: Any, absent: set[str]) -> None:
            values = {name: value for name, value in take(instance).items() if name in set(shape.names) - absent}
            one = _made(shape, making, dict(values)) if isinstance(making, Making) else making(dict(values))
            other = make(dict(values))
            assert one == other
            assert type(one) is type(other)
            assert take(one) == take(other)

        check()


def _looked_up(shape: Shape, layout: Layout, instance: Any) -> dict[str, Any]:
    """The present attributes of an instance, by its layout alone."""
    found: dict[str, Any] = {}
    for attribute, python_name in zip(shape.attributes, layout.names, strict=True):
        if layout.access == "attributes":
            value = getattr(instance, python_name)
        elif attribute.always_written or python_name in instance.__pydantic_fields_set__:
            value = instance.__dict__[python_name]
        else:
            continue
        if layout.absent is NOTHING or value is not layout.absent:
            found[attribute.name] = value
    return found


def _made(shape: Shape, making: Making, values: dict[str, Any]) -> Any:
    """An instance, by its making alone."""
    held = {name: making.fresh[name]() if name in making.fresh else value for name, value in making.blank.items()}
    python_names = dict(zip(shape.names, making.names, strict=True))
    held.update({python_names[name]: value for name, value in values.items()})
    instance: Any = object.__new__(making.model)
    object.__setattr__(instance, "__dict__", held)
    making.given.__set__(instance, {python_names[name] for name in values})
    making.extra.__set__(instance, {} if making.extras else None)
    making.private.__set__(instance, None)
    if making.finish is not None:
        making.finish(instance, None)
    return instance
