"""A kind of model: named tuples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_type_hints

from versioned_serde import REQUIRED, DeclarationError, PayloadError, Shape, UnwritableValueError
from versioned_serde.protocols import Describe, Unknown
from versioned_serde.shape import Attribute, Constant


class NamedTupleKind:
    """Subclasses of `typing.NamedTuple`."""

    name = "namedtuple"
    presence = False

    def owns(self, model: Any) -> bool:
        return isinstance(model, type) and issubclass(model, tuple) and hasattr(model, "_fields")

    def shape(self, model: Any, describe: Describe) -> Shape:
        hints = get_type_hints(model)
        attributes = []
        for name in model._fields:
            default = Constant(model._field_defaults[name]) if name in model._field_defaults else REQUIRED
            try:
                attributes.append(Attribute(name, describe(hints[name]), default))
            except DeclarationError as error:
                raise error.inside(name) from None
        return Shape(model.__name__, tuple(attributes), model)

    def unknown(self, shape: Shape) -> Unknown:
        return "dropped"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, shape.model):
                raise UnwritableValueError(f"Expected `{shape.name}`, found `{type(instance).__name__}`.")
            return {name: getattr(instance, name) for name in shape.names}

        return take

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        required = [attribute.name for attribute in shape.attributes if not attribute.optional]

        def make(values: dict[str, Any]) -> Any:
            for name in required:
                if name not in values:
                    raise PayloadError("The attribute is required, but missing.").inside(name)
            return shape.model(**values)

        return make
