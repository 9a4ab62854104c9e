"""pydantic models.

The wire name of an attribute is its serialization alias, or its name in Python; validation aliases do not matter. What
`model_fields_set` names is present. Computed fields, private attributes and fields with `exclude=True` are not stored.

Instances are made through the model's validation, in its own mode, so its validators run on every read: they must
accept what they once returned.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    EmailStr,
    EncodedBytes,
    EncodedStr,
    FutureDate,
    FutureDatetime,
    Json,
    JsonValue,
    NaiveDatetime,
    PastDate,
    PastDatetime,
    PlainSerializer,
    PydanticUndefinedAnnotation,
    RootModel,
    SerializeAsAny,
    ValidationError,
    WrapSerializer,
)
from pydantic.fields import FieldInfo

from versioned_serde.adapters.attributes import described, foreign_instance, rejected, unset
from versioned_serde.adapters.pydantic_behaviour import behaviour
from versioned_serde.adapters.pydantic_schema import making
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.protocols import Describe, Layout, Make, Making, ModelKind, Unknown
from versioned_serde.shape import FACTORY, REQUIRED, Attribute, Constant, Default, Shape
from versioned_serde.tree import COMPLEMENT

_STAND_INS: tuple[tuple[Any, Any], ...] = (
    (EmailStr, str),
    (AwareDatetime, datetime),
    (NaiveDatetime, datetime),
    (PastDatetime, datetime),
    (FutureDatetime, datetime),
    (PastDate, date),
    (FutureDate, date),
    (JsonValue, Any),
)
"""Annotations of pydantic's own whose values are of a basic type."""

_REWRITERS: tuple[Any, ...] = (PlainSerializer, WrapSerializer, SerializeAsAny, EncodedBytes, EncodedStr, Json)
"""Metadata that makes what is written, or what validation takes, another value than the one in memory."""

_LOOKED_AT = (
    *("__dict__", "__getattribute__", "__pydantic_extra__", "__pydantic_fields_set__"),
    *("model_extra", "model_fields_set"),
)
"""What `take` looks through. A class that has its own is not looked into past it."""


class PydanticKind:
    """Subclasses of pydantic v2's `BaseModel`."""

    name = "pydantic"
    presence = True

    def owns(self, model: Any) -> bool:
        return isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel

    def shape(self, model: Any, describe: Describe) -> Shape:
        cls: type[BaseModel] = model
        _complete(cls)
        _refuse(cls)
        attributes: list[Attribute] = []
        for python_name, field in cls.model_fields.items():
            if _stored(python_name, field):
                name = _wire_name(python_name, field)
                annotation = (
                    typing.Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
                )
                type_ = described(name, annotation, lambda given: describe(_basic(given)))
                attributes.append(Attribute(name, type_, _default(field)))
        return Shape(cls.__name__, tuple(attributes), cls)

    def unknown(self, shape: Shape) -> Unknown:
        return "plain" if shape.model.model_config.get("extra") == "allow" else "dropped"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        cls: type[BaseModel] = shape.model
        python_names = _python_names(cls)
        triples = [(python_names[a.name], a.name, a.always_written) for a in shape.attributes]
        names = frozenset(shape.names)
        carries_unknown = self.unknown(shape) == "plain"

        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, cls):
                raise foreign_instance(cls, instance)
            values, given = instance.__dict__, instance.model_fields_set
            try:
                taken = {name: values[python] for python, name, always in triples if always or python in given}
            except KeyError as error:
                # Made by `model_construct`, or an attribute was deleted.
                absent = next(name for python, name, _ in triples if python == error.args[0])
                raise unset(absent) from None
            if carries_unknown and (extra := instance.model_extra):
                for name, value in extra.items():
                    if name in names or name == COMPLEMENT:
                        raise UnwritableValueError(
                            "An undeclared attribute has a name that is taken.", hint="Remove it from `model_extra`."
                        ).inside(name)
                    taken[name] = value
            return taken

        return take

    def layout(self, shape: Shape) -> Layout | None:
        cls: type[BaseModel] = shape.model
        if any(_found(cls, name) is not _found(BaseModel, name) for name in _LOOKED_AT):
            return None
        python_names = _python_names(cls)
        if not python_names.keys() >= set(shape.names):
            return None
        extra = None if self.unknown(shape) == "dropped" else "__pydantic_extra__"
        return Layout(cls, "dict", tuple(python_names[name] for name in shape.names), extra=extra)

    def behaviour(self, shape: Shape) -> Mapping[str, list[str]]:
        return behaviour(shape.model, {name: wire_name for wire_name, name in _python_names(shape.model).items()})

    def making(self, shape: Shape) -> Making | Make | None:
        return making(shape.model, shape, _python_names(shape.model), self.make(shape))

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        cls: type[BaseModel] = shape.model
        python_names = _python_names(cls)
        validate = cls.model_validate
        places = {python_name: name for name, python_name in python_names.items()}

        def make(values: dict[str, Any]) -> Any:
            declared = {python_names[name]: value for name, value in values.items() if name in python_names}
            try:
                instance = validate(declared, by_name=True, by_alias=False)
            except ValidationError as error:
                raise _payload_error(cls, error, places) from None
            except Exception as error:  # noqa: BLE001  validators are the service's code and raise what they like
                raise rejected(cls, error) from None
            if len(declared) != len(values) and (extra := instance.model_extra) is not None:
                # Past validation: a type that newer data does not share must not make it unreadable, and an unknown
                # attribute may be called what a declared one is called in Python.
                unknown = {name: value for name, value in values.items() if name not in python_names}
                extra.update(unknown)
                instance.model_fields_set.update(unknown)
            return instance

        return make


def _complete(cls: type[BaseModel]) -> None:
    """Resolves annotations that named what did not exist yet when the class was made."""
    try:
        if not cls.__pydantic_fields_complete__:
            cls.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        raise DeclarationError(
            f"An annotation of `{cls.__name__}` names `{error.name}`, which does not exist in its module.",
            hint="Define it at the top level of the module, before the schema is declared.",
        ) from None


def _refuse(cls: type[BaseModel]) -> None:
    """Refuses what concerns the model as a whole."""
    if issubclass(cls, RootModel):
        raise DeclarationError(
            f"`{cls.__name__}` is a `RootModel`, whose value has no name to evolve by.",
            hint="Use a `BaseModel` with the value as an attribute.",
        )
    if parameters := cls.__pydantic_generic_metadata__["parameters"]:
        raise DeclarationError(
            f"`{cls.__name__}` is generic and its parameters are open.",
            hint=f"Say what it holds: `{cls.__name__}[{', '.join(['X'] * len(parameters))}]`.",
        )
    decorators = cls.__pydantic_decorators__
    if decorators.model_serializers or cls.model_config.get("json_encoders"):
        raise _rewritten(f"`{cls.__name__}` has a serializer of its own")
    for decorator in decorators.field_serializers.values():
        python_name = decorator.info.fields[0]
        field = cls.model_fields.get(python_name)  # none for `*`, which means all
        place = _wire_name(python_name, field) if field else python_name
        raise _rewritten("The attribute has a serializer of its own").inside(place)
    if cls.__pydantic_custom_init__ and not (
        cls.model_config.get("validate_by_name") or cls.model_config.get("populate_by_name")
    ):
        for python_name, field in cls.model_fields.items():
            # pydantic calls such a constructor without saying that names are meant, not aliases.
            if field.validation_alias not in (None, python_name):
                raise DeclarationError(
                    f"`{cls.__name__}` has an `__init__` of its own, and the attribute an alias for validation.",
                    hint="Use a model validator instead of `__init__`, or `serialization_alias` for the wire name.",
                ).inside(_wire_name(python_name, field))


def _rewritten(what: str) -> DeclarationError:
    return DeclarationError(
        f"{what}, so what is written would not be what its type says.",
        hint="Drop it here, and convert where the value is shown or sent elsewhere.",
    )


def _stored(python_name: str, field: FieldInfo) -> bool:
    """Whether the field is part of the shape."""
    if field.exclude_if is not None:
        raise DeclarationError(
            "The attribute has `exclude_if`, so some of its values would be lost.",
            hint="Drop it here, and leave the attribute out where it is shown.",
        ).inside(_wire_name(python_name, field))
    if field.exclude and field.is_required():
        raise DeclarationError(
            "The attribute is required, but has `exclude=True`, so what is written could not be read.",
            hint="Give it a default, or do not exclude it.",
        ).inside(_wire_name(python_name, field))
    return not field.exclude


def _wire_name(python_name: str, field: FieldInfo) -> str:
    return field.serialization_alias or python_name


def _python_names(cls: type[BaseModel]) -> dict[str, str]:
    return {_wire_name(name, field): name for name, field in cls.model_fields.items() if not field.exclude}


def _default(field: FieldInfo) -> Default:
    if field.is_required():
        return REQUIRED
    return FACTORY if field.default_factory is not None else Constant(field.default)


def _basic(annotation: Any) -> Any:
    """The annotation with basic types in the place of pydantic's own, at any depth."""
    for own, basic in _STAND_INS:
        if annotation is own:
            return basic
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        for item in annotation.__metadata__:
            if isinstance(item, _REWRITERS):
                raise _rewritten(f"The type has a `{type(item).__name__}`")
        return _basic(arguments[0])
    if type(annotation).__name__ == "TypeAliasType":
        return _basic(annotation.__value__)
    if origin is None or origin is typing.Literal:
        return annotation
    inner = tuple(_basic(argument) for argument in arguments)
    if all(one is other for one, other in zip(inner, arguments, strict=True)):
        return annotation
    return typing.Union[inner] if origin in (typing.Union, types.UnionType) else origin[inner]  # noqa: UP007


def _payload_error(cls: type[BaseModel], error: ValidationError, places: dict[str, str]) -> PayloadError:
    """What pydantic found, without the values and without the texts, which quote them."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    reasons = [(_path(item["loc"], places), item["type"]) for item in found]
    if len(reasons) == 1:
        path, reason = reasons[0]
        failure = PayloadError(f"`{cls.__name__}` rejected the value: {reason}.")
        return failure.inside(path) if path else failure
    listed = ", ".join(f"`{path}` {reason}" if path else reason for path, reason in reasons[:3])
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return PayloadError(f"`{cls.__name__}` rejected the values: {listed}{more}.")


def _path(location: tuple[int | str, ...], places: dict[str, str]) -> str:
    """As far as it is certain: what follows the attribute may be a key of a map, which is a value, or an arm's name."""
    if not location:
        return ""
    path = places.get(str(location[0]), "")
    for place in location[1:]:
        if not path or not isinstance(place, int):
            break
        path += f"[{place}]"
    return path


def plugin() -> ModelKind:
    """The model kind."""
    return PydanticKind()


def _found(cls: type, name: str) -> object:
    """What instances of the class find under a name before they look into themselves."""
    return next(vars(base)[name] for base in cls.__mro__ if name in vars(base))
