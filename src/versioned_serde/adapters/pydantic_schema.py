"""Which pydantic models take values as they are, and what their instances then hold.

pydantic compiles a model into a core schema, and validates by that alone. Here is listed what in a core schema neither
checks nor changes a value that is of the attribute's type already. Whatever is not listed may do either.
"""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined, SchemaValidator

from versioned_serde.protocols import Make, Making
from versioned_serde.shape import (
    AnyType,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
)

Schema = Mapping[str, Any]
_PASSED_THROUGH = (
    *("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"),
    *("__new__", "__dict__", "__getattribute__", "model_validate"),
)
"""What making an instance leads through. A class that has its own is left alone."""

_IN_MODEL = {"cls", "config", "custom_init", "generic_origin", "post_init", "root_model", "schema"}
_IN_CONFIG = {
    *("title", "extra_fields_behavior", "from_attributes", "hide_input_in_errors", "loc_by_alias"),
    *("serialize_by_alias", "validate_by_alias", "validate_by_name", "validation_error_cause"),
}
_IN_FIELDS = {"computed_fields", "fields", "model_name"}
_IN_FIELD = {"frozen", "schema", "serialization_alias", "serialization_exclude", "validation_alias"}
_IN_DEFAULT = {"default", "default_factory", "default_factory_takes_data", "schema"}
_ANYWHERE = {"type", "metadata", "ref"}
"""The parts of core schemas that say nothing of values already checked, by the schema's type."""
_CHECKS = {
    *("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern", "max_digits", "decimal_places"),
    *("allow_inf_nan", "now_op", "strict", "strip_whitespace", "to_lower", "to_upper", "tz_constraint"),
    *("revalidate_instances", "validate_default", "str_max_length", "str_min_length", "str_strip_whitespace"),
    *("str_to_lower", "str_to_upper"),
}
"""Parts and settings that check or change values, by pydantic's own code."""


def making(cls: type[BaseModel], shape: Shape, python_names: Mapping[str, str], make: Make) -> Making | Make | None:
    """How instances of the model are made.

    Args:
        cls: the model.
        shape: its shape.
        python_names: wire name -> name in Python, for the attributes that are stored.
        make: makes them by validation.

    Returns:
        A `Making` where values are taken as they are; `make` where pydantic's own code checks or changes some; None
        where code of the service may run.
    """
    if type(cls.__pydantic_validator__) is not SchemaValidator or inspect.isabstract(cls):
        return None
    if any(_static(cls, name) is not _static(BaseModel, name) for name in _PASSED_THROUGH):
        return None
    unchecked = _making(_Seen(cls.__pydantic_core_schema__, set()), cls, shape, python_names)
    if unchecked is not None:
        return unchecked
    return make if _making(_Seen(cls.__pydantic_core_schema__, _CHECKS), cls, shape, python_names) else None


def _making(seen: _Seen, cls: type[BaseModel], shape: Shape, python_names: Mapping[str, str]) -> Making | None:
    model = seen.model(seen.outermost, cls)
    if model is None or not _finishes_alone(cls, model) or not python_names.keys() >= set(shape.names):
        return None
    types = {python_names[attribute.name]: attribute for attribute in shape.attributes}
    blank: dict[str, Any] = {}
    fresh: dict[str, Callable[[], Any]] = {}
    for name, field in model["schema"]["fields"].items():
        schema: Schema = field["schema"]
        if not seen.holds(field, "model-field", _IN_FIELD):
            return None
        default, schema = (schema, schema["schema"]) if schema["type"] == "default" else ({}, schema)
        if default and not seen.holds(default, "default", _IN_DEFAULT):
            return None
        attribute = types.get(name)
        if attribute is not None and not seen.takes(schema, attribute.type):
            return None
        blank[name] = default.get("default")
        if attribute is None and "default" not in default:
            return None
        if "default" in default and not _hashable(blank[name]):
            fresh[name] = _copies(blank[name])
            if attribute is None or not isinstance(attribute.default, Constant):
                return None
    return Making(
        cls,
        tuple(python_names[name] for name in shape.names),
        blank,
        fresh,
        given=_static(cls, "__pydantic_fields_set__"),
        extra=_static(cls, "__pydantic_extra__"),
        extras=model.get("config", {}).get("extra_fields_behavior") == "allow",
        private=_static(cls, "__pydantic_private__"),
        finish=_static(cls, "model_post_init") if model.get("post_init") else None,
    )


class _Seen:
    """A core schema with the definitions that its parts refer to.

    Args:
        schema: the core schema.
        checks: parts that do not matter either.
    """

    def __init__(self, schema: Any, checks: set[str]) -> None:
        self._checks = checks
        given: Schema = schema if isinstance(schema, dict) else {"type": "not made yet"}
        defined = given["definitions"] if given["type"] == "definitions" else ()
        self._defined: dict[str, Schema] = {definition["ref"]: definition for definition in defined}
        self.outermost: Schema = given["schema"] if given["type"] == "definitions" else given

    def model(self, schema: Schema, cls: type) -> Schema | None:
        """The schema of a model whose instances are taken as they are; None if it is another, or not only that."""
        schema = self._resolved(schema)
        if not self.holds(schema, "model", _IN_MODEL) or schema["cls"] is not cls:
            return None
        if schema.get("custom_init") or schema.get("root_model"):
            return None
        if not schema.get("config", {}).keys() <= _IN_CONFIG | self._checks:
            return None
        return schema if self.holds(schema["schema"], "model-fields", _IN_FIELDS) else None

    def takes(self, schema: Schema, type_: Type) -> bool:
        """Whether values of the type stay as they are."""
        schema = self._resolved(schema)
        match type_:
            case Scalar(name=name):
                return self.holds(schema, name, {"microseconds_precision"})
            case EnumType(cls=None):
                return self.holds(schema, "literal", {"expected"}) and _same(schema["expected"], type_.members)
            case EnumType(cls=cls):
                held = self.holds(schema, "enum", {"cls", "members", "missing", "sub_type"})
                return held and schema["cls"] is cls and not type_.open
            case NullableType(inner=inner):
                return self.holds(schema, "nullable", {"schema"}) and self.takes(schema["schema"], inner)
            case ListType(item=item, container="list"):
                return self.holds(schema, "list", {"items_schema"}) and self.takes(schema["items_schema"], item)
            case ListType(item=item, container="tuple"):
                held = self.holds(schema, "tuple", {"items_schema", "variadic_item_index"})
                return held and "variadic_item_index" in schema and self._each(schema["items_schema"], item)
            case MapType(value=value):
                held = self.holds(schema, "dict", {"keys_schema", "values_schema"})
                return (
                    held
                    and self.takes(schema["keys_schema"], Scalar("str"))
                    and (self.takes(schema["values_schema"], value))
                )
            case ObjectType(shape=shape):
                return self.model(schema, shape.model) is not None
            case UnionType():
                if not self.holds(schema, "tagged-union", {"choices", "discriminator", "from_attributes", "strict"}):
                    return False
                choices = schema["choices"]
                return (not schema.get("strict") or bool(self._checks)) and all(
                    tag in choices
                    and self._tells(schema["discriminator"], type_.discriminator, arm.shape.model)
                    and self.takes(choices[tag], arm)
                    for tag, arm in type_.objects
                )
            case ListType() | AnyType() | RecursiveType():  # an iteration order, what may be anything, any depth
                return False

    def _each(self, schemas: Sequence[Schema], item: Type) -> bool:
        return len(schemas) == 1 and self.takes(schemas[0], item)

    def _tells(self, discriminator: object, wire_name: str, model: Any) -> bool:
        """Whether instances have the discriminator under the name by which pydantic looks for it."""
        fields = getattr(model, "model_fields", {})
        return discriminator in fields and (fields[discriminator].serialization_alias or discriminator) == wire_name

    def holds(self, schema: Schema, type_: str, parts: set[str]) -> bool:
        """Whether a schema is of a type and has no other parts."""
        return schema["type"] == type_ and schema.keys() <= parts | _ANYWHERE | self._checks

    def _resolved(self, schema: Schema) -> Schema:
        while self.holds(schema, "definition-ref", {"schema_ref"}):
            schema = self._defined[schema["schema_ref"]]
        return schema


def _finishes_alone(cls: type[BaseModel], model: Schema) -> bool:
    """Whether nothing but pydantic's own code runs when an instance is there, to fill in private attributes."""
    if not model.get("post_init"):
        return True
    own = _static(cls, "model_post_init")
    return getattr(own, "__module__", "").startswith("pydantic._internal.") and all(
        private.default_factory is None for private in cls.__private_attributes__.values()
    )


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except Exception:  # noqa: BLE001  as pydantic asks: whatever goes wrong, it copies
        return False
    return True


def _copies(value: Any) -> Callable[[], Any]:
    """As pydantic does it with a default that cannot be hashed; for an empty container a copy of it is the same."""
    empty = type(value) in (list, dict) and not value
    return value.copy if empty else functools.partial(copy.deepcopy, value)


def _same(expected: Any, members: tuple[Any, ...]) -> bool:
    return [(type(each), each) for each in expected] == [(type(each), each) for each in members]


def _static(cls: type, name: str) -> Any:
    return inspect.getattr_static(cls, name, PydanticUndefined)
