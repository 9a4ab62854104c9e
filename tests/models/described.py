"""What `plugins` does for the kinds, in its simplest form: classes are described by the first kind that owns them."""

from __future__ import annotations

from typing import Any

from versioned_serde.annotations import describe
from versioned_serde.models import dataclass, mapping, msgspec, pydantic
from versioned_serde.protocols import ModelKind
from versioned_serde.shape import ObjectType, Shape, Type

KINDS = [kind.plugin() for kind in (pydantic, msgspec, dataclass, mapping)]


def kind_of(model: Any) -> ModelKind | None:
    return next((kind for kind in KINDS if kind.owns(model)), None)


def type_of(annotation: Any) -> Type:
    def object_type(model: Any) -> ObjectType | None:
        kind = kind_of(model)
        return None if kind is None else ObjectType(kind.shape(model, type_of))

    return describe(annotation, object_type)


def shape_of(model: Any) -> Shape:
    kind = kind_of(model)
    assert kind is not None
    return kind.shape(model, type_of)


def take(instance: Any, model: Any = None) -> dict[str, Any]:
    model = type(instance) if model is None else model
    kind = kind_of(model)
    assert kind is not None
    return kind.take(kind.shape(model, type_of))(instance)


def make(model: Any, values: dict[str, Any]) -> Any:
    kind = kind_of(model)
    assert kind is not None
    return kind.make(kind.shape(model, type_of))(values)
