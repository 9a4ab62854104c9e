"""Annotations and models -> types, across all model kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from versioned_serde import plugins
from versioned_serde.annotations import describe
from versioned_serde.errors import ConversionError, DeclarationError, SerdeError, UnwritableValueError
from versioned_serde.evolution.results import checked
from versioned_serde.evolution.soundness import check_sound
from versioned_serde.levels import Levels
from versioned_serde.protocols import ModelKind
from versioned_serde.serializer.instances import Instances
from versioned_serde.serializer.values import Dump, Trace
from versioned_serde.shape import AnyType, Attribute, Constant, ObjectType, RecursiveType, Shape, Type
from versioned_serde.tree import Raw

_MOST = 400
"""Objects in the description of models that hold each other: where each of many holds all others, it grows with the
number of ways through them."""


class Describer:
    """Describes models of any kind, nested in each other. One for each schema."""

    def __init__(self) -> None:
        self._open: list[tuple[Any, str]] = []
        self._described = 0
        self._looked_into: dict[int, tuple[Any, Shape]] = {}
        self._instances = _LateInstances(self.kind_of, _no_plain)

    def shape(self, model: Any) -> Shape:
        """The shape of a model, with defaults in tree form.

        Raises:
            DeclarationError: no kind owns it, or it holds what cannot be serialized.
        """
        described = self.type(model)
        if isinstance(described, ObjectType):
            return described.shape
        raise DeclarationError(
            f"`{getattr(model, '__qualname__', model)}` is not a model.",
            hint="Give a pydantic model, a dataclass, a msgspec Struct, a protobuf message, a TypedDict or a `Shape`.",
        )

    def kind_of(self, shape: Shape) -> ModelKind:
        """The kind of a shape's model; a shape without a class is its own model."""
        found = plugins.kind(shape if shape.model is None else shape.model)
        assert found is not None  # the shape was made by a kind, or is a mapping's
        return found

    def type(self, annotation: Any) -> Type:
        """See `evolution.steps.step.Describer`."""
        return describe(annotation, self._model, self._alone)

    def constant(self, type_: Type, value: Any) -> Any:
        """See `evolution.steps.step.Describer`."""
        dump = self._instances.dump(type_)
        try:
            return checked("The default", type_, value if dump is None else dump(value, None))
        except (ConversionError, UnwritableValueError):
            raise DeclarationError(
                f"The default is a `{type(value).__qualname__}`, which is not of the attribute's type.",
                hint="Correct the value, or the type.",
            ) from None

    def _model(self, model: Any) -> ObjectType | RecursiveType | None:
        if isinstance(model, Shape) and model.model is not None:
            return ObjectType(model)
        for other, name in self._open:
            if model is other:
                if self._described > _MOST:
                    raise DeclarationError(
                        f"`{name}` and the models within it hold each other on more than {_MOST} ways.",
                        hint="Let them hold each other by way of one model, such as one that holds their union.",
                    )
                return RecursiveType(name)
        found = plugins.kind(model)
        if found is None:
            return None
        self._described = self._described + 1 if self._open else 1
        name = self._name(model)
        self._open.append((model, name))
        try:
            shape = found.shape(model, self.type)
        finally:
            self._open.pop()
        shape = replace(shape, name=name, attributes=tuple(map(self._with_tree_default, shape.attributes)))
        if not self._open:
            check_sound(shape)
        return ObjectType(shape)

    def _name(self, model: Any) -> str:
        """The name of the model's shape: the model's own, unless a model around it has the same."""
        own: str = model.name if isinstance(model, Shape) else model.__name__
        name, count = own, 1
        while any(name == other for _, other in self._open):
            count += 1
            name = f"{own} ({count})"
        return name

    def _alone(self, model: Any) -> Shape:
        """See `annotations.Alone`: the attribute that tells the arms of a union apart is none that holds models."""
        if id(model) not in self._looked_into:
            found = plugins.kind(model)
            assert found is not None  # it is being described
            self._looked_into[id(model)] = model, found.shape(model, _without_models)
        return self._looked_into[id(model)][1]

    def _with_tree_default(self, attribute: Attribute) -> Attribute:
        if not isinstance(attribute.default, Constant):
            return attribute
        try:
            return replace(attribute, default=Constant(self.constant(attribute.type, attribute.default.value)))
        except SerdeError as error:
            raise error.inside(attribute.name) from None


class _LateInstances(Instances):
    """Looks at a class only when there is an instance of it.

    The type of a fill or default may hold objects in an older form, which the class does not have any more. As long as
    the value holds none of them (an empty list, null), that does not matter.
    """

    def reference_dump(self, type_: RecursiveType) -> Dump:
        name = type_.name

        def dump(value: Any, trace: Trace | None) -> Any:
            raise DeclarationError(
                f"The default holds a `{name}`, and is itself the default of an attribute within `{name}`.",
                hint="Use a default that is computed, a default factory.",
            )

        return dump

    def object_dump(self, shape: Shape, room: int, levels: Levels[Dump]) -> Dump:
        def dump(value: Any, trace: Trace | None) -> Any:
            try:
                compiled = Instances.object_dump(self, shape, room, levels)
            except LookupError:
                raise DeclarationError(
                    f"A default or fill holds a `{shape.name}`, which had other attributes at that version.",
                    hint="Give a function that returns the object as a dict by wire names.",
                ) from None
            return compiled(value, trace)

        return dump


def _without_models(annotation: Any) -> Type:
    try:
        return describe(annotation, lambda _: None)
    except DeclarationError:
        return AnyType()


def _no_plain(raw: Raw) -> Any:
    raise DeclarationError("A default cannot hold unknown attributes.")
