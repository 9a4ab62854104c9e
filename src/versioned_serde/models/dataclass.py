"""Dataclasses of the standard library as models.

The wire name of an attribute is its name in Python, or `field(metadata={"name": "..."})`. A dataclass does not know
which attributes were set explicitly, so all are written. Values are not checked beyond their type, except by
`__post_init__`, which runs whenever an instance is made.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from versioned_serde.adapters.attributes import described, foreign_instance, missing, rejected, unset
from versioned_serde.adapters.behaviour import annotation_facts, body, factory_facts
from versioned_serde.errors import DeclarationError
from versioned_serde.protocols import Describe, Layout, Make, ModelKind, Unknown
from versioned_serde.shape import FACTORY, REQUIRED, Attribute, Constant, Default, Shape


class DataclassKind:
    """Classes made by `dataclasses.dataclass`, frozen, slotted and keyword-only ones too."""

    name = "dataclass"
    presence = False

    def owns(self, model: Any) -> bool:
        return isinstance(model, type) and dataclasses.is_dataclass(model)

    def shape(self, model: Any, describe: Describe) -> Shape:
        if hasattr(model, "__pydantic_validator__"):
            # It ignores an argument given by the attribute's name when there is an alias: data would be lost silently.
            raise DeclarationError(
                f"`{model.__name__}` is a pydantic dataclass, whose constructor knows attributes by their aliases.",
                hint="Use a pydantic `BaseModel` or a dataclass of the standard library.",
            )
        hints = _hints(model)
        for field in dataclasses.fields(model):
            if not field.init:
                raise DeclarationError(
                    "The attribute has `init=False`, so an instance could not be made with the value that was read.",
                    hint="Let the constructor take it, or compute it in a property.",
                ).inside(field.name)
        return Shape(
            model.__name__,
            tuple(
                Attribute(name := _wire_name(field), described(name, hints[field.name], describe), _default(field))
                for field in dataclasses.fields(model)
            ),
            model,
        )

    def unknown(self, shape: Shape) -> Unknown:
        return "dropped"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        cls: type = shape.model
        python_names = _python_names(cls)
        pairs = [(name, python_names[name]) for name in shape.names]

        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, cls):
                raise foreign_instance(cls, instance)
            try:
                return {name: getattr(instance, python_name) for name, python_name in pairs}
            except AttributeError:
                # A slot that was never filled, or that was deleted.
                absent = next((name for name, python_name in pairs if not hasattr(instance, python_name)), "")
                raise unset(absent) from None

        return take

    def layout(self, shape: Shape) -> Layout | None:
        python_names = _python_names(shape.model)
        return Layout(shape.model, "attributes", tuple(python_names[name] for name in shape.names))

    def behaviour(self, shape: Shape) -> Mapping[str, list[str]]:
        cls: type = shape.model
        run = getattr(cls, "__post_init__", None)
        found = {"": [] if run is None else [f"__post_init__ {body(run)}"]}
        hints = _hints(cls)
        for field in dataclasses.fields(cls):
            factory = field.default_factory
            made = [] if factory is dataclasses.MISSING else factory_facts(factory)
            found[_wire_name(field)] = [*annotation_facts(hints[field.name]), *made]
        return found

    def making(self, shape: Shape) -> Make | None:
        return self.make(shape) if _made_alone(shape.model) else None

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        cls: type = shape.model
        python_names = _python_names(cls)
        required = [attribute.name for attribute in shape.attributes if not attribute.optional]

        def make(values: dict[str, Any]) -> Any:
            for name in required:
                if name not in values:
                    raise missing(name)
            try:
                return cls(**{python_names[name]: value for name, value in values.items()})
            except Exception as error:  # noqa: BLE001  `__post_init__` is the service's code and raises what it likes
                raise rejected(cls, error) from None

        return make


def _python_names(cls: type) -> dict[str, str]:
    return {_wire_name(field): field.name for field in dataclasses.fields(cls)}


def _wire_name(field: dataclasses.Field[Any]) -> str:
    name = field.metadata.get("name", field.name)
    if not isinstance(name, str):
        raise DeclarationError(
            f"The wire name in the field's metadata is a `{type(name).__name__}`.", hint="Use a `str`."
        ).inside(field.name)
    return name


def _hints(cls: type) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise DeclarationError(
            f"An annotation of `{cls.__name__}` names `{error.name}`, which does not exist in its module.",
            hint="Define it at the top level of the module, before the schema is declared.",
        ) from None
    for name, hint in hints.items():
        if isinstance(hint, dataclasses.InitVar):
            raise DeclarationError(
                "The attribute is an `InitVar`, so an instance no longer has the value that it was made with.",
                hint="Make it an attribute, or give the dataclass a class method that computes one.",
            ).inside(name)
    return hints


def _made_alone(cls: type) -> bool:
    """Whether nothing but what `dataclasses` wrote runs when an instance is made."""
    init, new, sets = (inspect.getattr_static(cls, name) for name in ("__init__", "__new__", "__setattr__"))
    written = isinstance(init, FunctionType) and init.__code__.co_filename == "<string>"
    frozen: bool = cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    plain = new is object.__new__ and (frozen or sets is object.__setattr__)
    return written and plain and not hasattr(cls, "__post_init__")


def _default(field: dataclasses.Field[Any]) -> Default:
    if field.default_factory is not dataclasses.MISSING:
        return FACTORY
    return REQUIRED if field.default is dataclasses.MISSING else Constant(field.default)


def plugin() -> ModelKind:
    """The model kind."""
    return DataclassKind()
