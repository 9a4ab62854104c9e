"""Plain dictionaries as models, with a shape declared by a `TypedDict` class or by a `Shape` itself.

A dictionary holds what is present and nothing else: a default of a declared shape is what readers take for an absent
key, and is not filled in.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from versioned_serde.adapters.attributes import described, missing, unset
from versioned_serde.errors import DeclarationError, UnwritableValueError
from versioned_serde.protocols import Describe, Make, ModelKind, Unknown
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    Attribute,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
    UnionType,
)


class MappingKind:
    """`TypedDict` classes (of `typing_extensions`, too) and declared shapes."""

    name = "mapping"
    presence = True

    def owns(self, model: Any) -> bool:
        return isinstance(model, Shape) or _is_typed_dict(model)

    def shape(self, model: Any, describe: Describe) -> Shape:
        if isinstance(model, Shape):
            return _declared(model)
        try:
            hints = typing.get_type_hints(model, include_extras=True)
        except NameError as error:
            raise DeclarationError(
                f"An annotation of `{model.__name__}` names `{error.name}`, which does not exist in its module.",
                hint="Define it at the top level of the module, before the schema is declared.",
            ) from None
        return Shape(
            model.__name__,
            tuple(
                Attribute(
                    name,
                    described(name, hint, describe),
                    REQUIRED if _is_required(hint, name in model.__required_keys__) else ABSENT,
                )
                for name, hint in hints.items()
            ),
            model,
        )

    def unknown(self, shape: Shape) -> Unknown:
        return "dropped"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        names = shape.names
        known = frozenset(names)
        required = _required(shape)

        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, Mapping):
                raise UnwritableValueError(f"Expected a mapping, found {type(instance).__name__}.")
            taken = {name: instance[name] for name in names if name in instance}
            if len(taken) != len(instance):
                strange = next(key for key in instance if key not in known)
                raise UnwritableValueError(
                    f"The key is not declared by `{shape.name}`, so it would be lost.",
                    hint="Declare it, or remove it from the mapping.",
                ).inside(str(strange))
            for name in required:
                if name not in taken:
                    raise unset(name)
            return taken

        return take

    def making(self, shape: Shape) -> Make | None:
        return self.make(shape)

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        required = _required(shape)

        def make(values: dict[str, Any]) -> Any:
            for name in required:
                if name not in values:
                    raise missing(name)
            return dict(values)

        return make


def _required(shape: Shape) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in shape.attributes if not attribute.optional)


def _is_typed_dict(model: Any) -> bool:
    # `typing.is_typeddict` does not know those of `typing_extensions`, which pydantic asks for before Python 3.12.
    return isinstance(model, type) and issubclass(model, dict) and hasattr(model, "__required_keys__")


def _is_required(hint: Any, otherwise: bool) -> bool:
    """Whether the key is required. `__required_keys__` misses qualifiers inside annotations that are strings."""
    while (origin := typing.get_origin(hint)) is not None:
        if origin is typing.Required:
            return True
        if origin is typing.NotRequired:
            return False
        if origin is not typing.Annotated and not str(origin).endswith(".ReadOnly"):
            break
        hint = typing.get_args(hint)[0]
    return otherwise


def _declared(shape: Shape) -> Shape:
    """The shape with every declared shape in it as its own model."""
    attributes: list[Attribute] = []
    for attribute in shape.attributes:
        if attribute.default is FACTORY:
            raise DeclarationError(
                "The attribute has a computed default, but nothing computes it for a plain mapping.",
                hint="Use a `Constant`, `ABSENT` or `REQUIRED`.",
            ).inside(attribute.name)
        try:
            attributes.append(replace(attribute, type=_with_models(attribute.type)))
        except DeclarationError as error:
            error.inside(attribute.name)
            raise
    return replace(shape, attributes=tuple(attributes), model=shape)


def _with_models(type_: Type) -> Type:
    match type_:
        case ObjectType():
            return _object_with_models(type_)
        case NullableType(inner=inner):
            return NullableType(_with_models(inner))
        case ListType(item=item):
            return replace(type_, item=_with_models(item))
        case MapType(value=value):
            return MapType(_with_models(value))
        case UnionType(discriminator=discriminator, arms=arms):
            return UnionType(
                discriminator,
                tuple((tag, arm if isinstance(arm, RecursiveType) else _object_with_models(arm)) for tag, arm in arms),
            )
        case _:
            return type_


def _object_with_models(type_: ObjectType) -> ObjectType:
    return type_ if type_.shape.model is not None else ObjectType(_declared(type_.shape))


def plugin() -> ModelKind:
    """The model kind."""
    return MappingKind()
