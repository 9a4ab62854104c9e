"""Kinds of models, as far as making classes of them and looking at their instances goes."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any, ClassVar, NewType, NotRequired, Protocol, TypedDict, Union

import msgspec
import pydantic

from versioned_serde.describing import Describer
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    Attribute,
    Constant,
    Default,
    Shape,
)
from versioned_serde.testing.histories import KIND, Field

Annotated = tuple[Field, Any, Any]
"""An attribute with its annotation, and with its default as it stands in memory."""
NOTHING = object()
"""What an instance holds where it holds nothing."""


class Classes(Protocol):
    """A kind of model. One for each release, because some keep what their classes are made in.

    Attributes:
        kind: the name of the plug-in.
        presence: whether an instance knows which attributes are present although they have a default.
    """

    kind: str
    presence: bool

    def says(self, each: Field) -> bool:
        """Whether a class of this kind can have such an attribute at all."""
        ...

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        """A class."""
        ...

    def annotation(self, model: Any) -> Any:
        """A class as it stands in an annotation."""
        ...

    def new(self, model: Any, values: dict[str, Any]) -> Any:
        """An instance with these attributes, as they stand in memory."""
        ...

    def given(self, instance: Any) -> set[str]:
        """The attributes that are present."""
        ...

    def get(self, instance: Any, name: str) -> Any:
        """What an instance holds, or `NOTHING`."""
        ...

    def put(self, instance: Any, name: str, value: Any) -> None:
        """Sets an attribute in place."""
        ...

    def drop(self, instance: Any, name: str) -> None:
        """Makes an attribute absent that may be absent."""
        ...


class _Ordinary:
    """Kinds whose instances hold attributes as Python does."""

    says_defaults: ClassVar[tuple[Default, ...]] = (REQUIRED, FACTORY)
    says_mutable: ClassVar[bool] = False

    def says(self, each: Field) -> bool:
        if isinstance(each.default, Constant):
            return self.says_mutable or not isinstance(each.default.value, list | dict)
        return each.default in self.says_defaults

    def annotation(self, model: Any) -> Any:
        return model

    def new(self, model: Any, values: dict[str, Any]) -> Any:
        return model(**values)

    def get(self, instance: Any, name: str) -> Any:
        return getattr(instance, name)

    def put(self, instance: Any, name: str, value: Any) -> None:
        setattr(instance, name, value)

    def drop(self, instance: Any, name: str) -> None:
        raise NotImplementedError(f"`{name}` cannot be absent")


class PydanticClasses(_Ordinary):
    """pydantic models."""

    kind = "pydantic"
    presence = True
    says_mutable = True

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        fields: dict[str, Any] = {}
        for each, annotation, default in attributes:
            if each.default is FACTORY:
                fields[each.name] = (annotation, pydantic.Field(default_factory=partial(_fresh, default)))
            else:
                fields[each.name] = (annotation, default if isinstance(each.default, Constant) else ...)
        config = pydantic.ConfigDict(frozen=frozen, defer_build=True)
        return pydantic.create_model(name, __config__=config, **fields)

    def given(self, instance: Any) -> set[str]:
        computed = {name for name, info in type(instance).model_fields.items() if info.default_factory is not None}
        return set(instance.model_fields_set) | computed


class DataclassClasses(_Ordinary):
    """Dataclasses."""

    kind = "dataclass"
    presence = False

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        fields: list[Any] = []
        for each, annotation, default in attributes:
            if each.default is FACTORY:
                stated = dataclasses.field(default_factory=partial(_fresh, default))
            elif isinstance(each.default, Constant):
                stated = dataclasses.field(default=default)
            else:
                stated = dataclasses.field()
            fields.append((each.name, annotation, stated))
        return dataclasses.make_dataclass(name, fields, kw_only=True, frozen=frozen)

    def given(self, instance: Any) -> set[str]:
        return {each.name for each in dataclasses.fields(instance)}


class MsgspecClasses(_Ordinary):
    """msgspec Structs. Those of a union are tagged; what may be absent is `UNSET`."""

    kind = "msgspec"
    presence = False
    says_defaults: ClassVar[tuple[Default, ...]] = (REQUIRED, FACTORY, ABSENT)

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        fields: list[Any] = []
        options: dict[str, Any] = {}
        for each, annotation, default in attributes:
            if each.name == KIND:
                options |= {"tag_field": KIND, "tag": each.type.members[0]}
            elif each.default is FACTORY:
                fields.append((each.name, annotation, msgspec.field(default_factory=partial(_fresh, default))))
            elif each.default is ABSENT:
                fields.append((each.name, Union[annotation, msgspec.UnsetType], msgspec.UNSET))  # noqa: UP007
            elif isinstance(each.default, Constant):
                fields.append((each.name, annotation, default))
            else:
                fields.append((each.name, annotation))
        # What concerns msgspec's own codecs alone; half of the classes have it.
        if len(fields) % 2:
            options |= {"forbid_unknown_fields": True, "omit_defaults": True}
        return msgspec.defstruct(name, fields, kw_only=True, frozen=frozen, **options)

    def new(self, model: Any, values: dict[str, Any]) -> Any:
        return model(**{name: value for name, value in values.items() if name != KIND})

    def given(self, instance: Any) -> set[str]:
        names = [*instance.__struct_fields__, *([KIND] if instance.__struct_config__.tag else [])]
        return {name for name in names if self.get(instance, name) is not NOTHING}

    def get(self, instance: Any, name: str) -> Any:
        if name == KIND and instance.__struct_config__.tag is not None:
            return instance.__struct_config__.tag
        held = getattr(instance, name)
        return NOTHING if held is msgspec.UNSET else held

    def drop(self, instance: Any, name: str) -> None:
        setattr(instance, name, msgspec.UNSET)


class _Mapping:
    """Plain dictionaries."""

    kind = "mapping"
    presence = True

    def annotation(self, model: Any) -> Any:
        return model

    def new(self, model: Any, values: dict[str, Any]) -> Any:
        return dict(values)

    def given(self, instance: Any) -> set[str]:
        return set(instance)

    def get(self, instance: Any, name: str) -> Any:
        return instance.get(name, NOTHING)

    def put(self, instance: Any, name: str, value: Any) -> None:
        instance[name] = value

    def drop(self, instance: Any, name: str) -> None:
        del instance[name]


class TypedDictClasses(_Mapping):
    """`TypedDict` classes."""

    def says(self, each: Field) -> bool:
        return each.default in (REQUIRED, ABSENT)

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        hints = {
            each.name: NotRequired[annotation] if each.default is ABSENT else annotation
            for each, annotation, _ in attributes
        }
        made: Any = TypedDict
        return made(name, hints)


class ShapeClasses(_Mapping):
    """Declared shapes."""

    def says(self, each: Field) -> bool:
        return each.default is not FACTORY

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        describe = Describer().type
        return Shape(
            name,
            tuple(
                Attribute(
                    each.name,
                    describe(annotation),
                    Constant(default) if isinstance(each.default, Constant) else each.default,
                )
                for each, annotation, default in attributes
            ),
        )

    def annotation(self, model: Any) -> Any:
        made: Any = NewType  # a shape is no class, and `| None` wants one
        return made(model.name, model)


def _fresh(value: Any) -> Any:
    return type(value)(value) if isinstance(value, list | dict | set) else value
