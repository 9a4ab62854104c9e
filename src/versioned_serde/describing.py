"""Annotations and models -> types, across all model kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from versioned_serde import plugins
from versioned_serde.annotations import describe
from versioned_serde.errors import ConversionError, DeclarationError, SerdeError, UnwritableValueError
from versioned_serde.evolution.results import checked
from versioned_serde.protocols import ModelKind
from versioned_serde.serializer.instances import Dump, Instances, Trace
from versioned_serde.shape import (
    Attribute,
    Constant,
    ObjectType,
    Shape,
    Type,
)
from versioned_serde.tree import Raw


class Describer:
    """Describes models of any kind, nested in each other. One for each schema."""

    def __init__(self) -> None:
        self._open: list[Any] = []
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
        return describe(annotation, self._model)

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

    def _model(self, model: Any) -> ObjectType | None:
        if isinstance(model, Shape) and model.model is not None:
            return ObjectType(model)
        found = plugins.kind(model)
        if found is None:
            return None
        if any(model is other for other in self._open):
            raise DeclarationError(
                f"`{getattr(model, '__qualname__', model)}` contains itself.",
                hint="Recursive models are not supported; keep references.",
            )
        self._open.append(model)
        try:
            shape = found.shape(model, self.type)
        finally:
            self._open.pop()
        return ObjectType(replace(shape, attributes=tuple(map(self._with_tree_default, shape.attributes))))

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

    def object_dump(self, shape: Shape) -> Dump:
        def dump(value: Any, trace: Trace | None) -> Any:
            try:
                compiled = Instances.object_dump(self, shape)
            except LookupError:
                raise DeclarationError(
                    f"A default or fill holds a `{shape.name}`, which had other attributes at that version.",
                    hint="Give a function that returns the object as a dict by wire names.",
                ) from None
            return compiled(value, trace)

        return dump


def _no_plain(raw: Raw) -> Any:
    raise DeclarationError("A default cannot hold unknown attributes.")
