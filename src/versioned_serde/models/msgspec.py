"""msgspec Structs as models.

The wire name of an attribute is the one that `rename` or `field(name=...)` gives. An attribute of type `X | UnsetType`
is absent while it is `UNSET`; all others are written. The tag of a tagged Struct is an attribute of the shape, though
instances do not have it. `array_like`, `omit_defaults` and `forbid_unknown_fields` concern msgspec's own codecs alone.

msgspec checks the constraints of `Meta` when it decodes, not when an instance is made; so the attributes that have
constraints are checked here, and the others, whose types the codec has made sure of, are not looked at twice.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec.structs import FieldInfo

from versioned_serde.adapters.attributes import described, foreign_instance, missing, rejected, unset
from versioned_serde.adapters.behaviour import annotation_facts, body, factory_facts
from versioned_serde.errors import DeclarationError, PayloadError
from versioned_serde.protocols import Describe, Layout, Make, ModelKind, Unknown
from versioned_serde.shape import ABSENT, FACTORY, REQUIRED, Attribute, Constant, Default, EnumType, Shape


class MsgspecKind:
    """Subclasses of `msgspec.Struct`."""

    name = "msgspec"
    presence = False

    def owns(self, model: Any) -> bool:
        return isinstance(model, type) and issubclass(model, msgspec.Struct) and model is not msgspec.Struct

    def shape(self, model: Any, describe: Describe) -> Shape:
        config = model.__struct_config__
        attributes: list[Attribute] = []
        if config.tag is not None:
            attributes.append(Attribute(config.tag_field, EnumType((config.tag,))))
        for field in _fields(model):
            name, annotation = field.encode_name, _without_unset(field.type)
            attributes.append(Attribute(name, described(name, annotation, describe), _default(field)))
            if field.default is not msgspec.UNSET and annotation is not field.type:
                raise DeclarationError(
                    "The attribute can be `UNSET`, but its default is another, so `UNSET` would not come back.",
                    hint="Give it the default `UNSET`.",
                ).inside(name)
            if _constrained(annotation):
                _probe(name, annotation)
        return Shape(model.__name__, tuple(attributes), model)

    def unknown(self, shape: Shape) -> Unknown:
        return "dropped"

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        cls: type[msgspec.Struct] = shape.model
        tag = _tag(cls)
        pairs = [(field.encode_name, field.name) for field in _fields(cls)]
        unset_value = msgspec.UNSET

        def take(instance: Any) -> dict[str, Any]:
            if not isinstance(instance, cls):
                raise foreign_instance(cls, instance)
            taken = dict(tag)
            try:
                for name, python_name in pairs:
                    if (value := getattr(instance, python_name)) is not unset_value:
                        taken[name] = value
            except AttributeError:
                absent = next((name for name, python_name in pairs if not hasattr(instance, python_name)), "")
                raise unset(absent) from None
            return taken

        return take

    def layout(self, shape: Shape) -> Layout | None:
        if _tag(shape.model):
            return None
        python_names = {field.encode_name: field.name for field in _fields(shape.model)}
        return Layout(shape.model, "attributes", tuple(python_names[name] for name in shape.names), msgspec.UNSET)

    def behaviour(self, shape: Shape) -> Mapping[str, list[str]]:
        cls: type[msgspec.Struct] = shape.model
        run = getattr(cls, "__post_init__", None)
        found = {"": [] if run is None else [f"__post_init__ {body(run)}"]}
        for field in _fields(cls):
            factory = field.default_factory
            made = [] if factory is msgspec.NODEFAULT else factory_facts(factory)
            found[field.encode_name] = [*annotation_facts(field.type), *made]
        return found

    def making(self, shape: Shape) -> Make | None:
        cls: type[msgspec.Struct] = shape.model
        own = {name for base in cls.__mro__[: cls.__mro__.index(msgspec.Struct)] for name in vars(base)}
        return None if own & _RUNS else self.make(shape)

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        cls: type[msgspec.Struct] = shape.model
        tag = _tag(cls)
        python_names = {field.encode_name: field.name for field in _fields(cls)}
        types_ = {field.encode_name: _without_unset(field.type) for field in _fields(cls)}
        constrained = [(name, type_) for name, type_ in types_.items() if _constrained(type_)]
        required = [attribute.name for attribute in shape.attributes if not attribute.optional]

        def make(values: dict[str, Any]) -> Any:
            for name in required:
                if name not in values:
                    raise missing(name)
            for name, type_ in constrained:
                if name in values:
                    _check(name, values[name], type_)
            try:
                return cls(**{python_names[name]: value for name, value in values.items() if name not in tag})
            except Exception as error:  # noqa: BLE001  `__post_init__` is the service's code and raises what it likes
                raise rejected(cls, error) from None

        return make


_RUNS = {"__init__", "__new__", "__post_init__"}
"""What runs when an instance is made, where a class has it."""


def _fields(cls: type[msgspec.Struct]) -> tuple[FieldInfo, ...]:
    try:
        return tuple(msgspec.structs.fields(cls))
    except NameError as error:
        raise DeclarationError(
            f"An annotation of `{cls.__name__}` names `{error.name}`, which does not exist in its module.",
            hint="Define it at the top level of the module, before the schema is declared.",
        ) from None


def _tag(cls: type[msgspec.Struct]) -> dict[str, str | int]:
    config = cls.__struct_config__
    return {} if config.tag is None or config.tag_field is None else {config.tag_field: config.tag}


def _default(field: FieldInfo) -> Default:
    if field.default is msgspec.UNSET:
        return ABSENT
    if field.default_factory is not msgspec.NODEFAULT:
        return FACTORY
    return REQUIRED if field.default is msgspec.NODEFAULT else Constant(field.default)


def _without_unset(annotation: Any) -> Any:
    """The annotation without `UnsetType`, or itself if it has none."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        inner = _without_unset(arguments[0])
        return annotation if inner is arguments[0] else typing.Annotated[(inner, *arguments[1:])]
    if origin is typing.Union or origin is types.UnionType:
        rest = tuple(argument for argument in arguments if argument is not msgspec.UnsetType)
        return annotation if len(rest) == len(arguments) else typing.Union[rest]  # noqa: UP007  made at run time
    return annotation


def _constrained(annotation: Any) -> bool:
    """Whether msgspec would check more than the type."""
    if typing.get_origin(annotation) is typing.Annotated and any(
        isinstance(item, msgspec.Meta) for item in annotation.__metadata__
    ):
        return True
    if type(annotation).__name__ == "TypeAliasType":
        return _constrained(annotation.__value__)
    return any(_constrained(argument) for argument in typing.get_args(annotation))


def _probe(name: str, type_: Any) -> None:
    """Refuses what msgspec could not check later: it says so for any value."""
    try:
        _check(name, None, type_)
    except PayloadError:
        pass
    except TypeError as error:
        raise DeclarationError(
            f"msgspec cannot check the constraints of the attribute: {error}.",
            hint="Mend the annotation, or drop `Meta`.",
        ).inside(name) from None


def _check(name: str, value: Any, type_: Any) -> None:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `$")
        if text.startswith("Expected "):
            # Such a text tells types and bounds, and its place has no keys of maps. Others quote the value.
            failure = PayloadError(f"{text}.")
            raise (failure.inside(place.rstrip("`").lstrip(".")) if place else failure).inside(name) from None
        raise PayloadError("msgspec rejected the value.").inside(name) from None


def plugin() -> ModelKind:
    """The model kind."""
    return MsgspecKind()
