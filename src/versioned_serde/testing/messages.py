"""Protobuf messages of made-up schemas, made without a compiler: models, and what other models are stored as.

They are of edition 2023, in which each field says its own presence and each enum whether it is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.shape import ABSENT, REQUIRED, Constant, EnumType, ListType, MapType, NullableType, Scalar
from versioned_serde.testing.histories import KEY, KIND, NAMES, Field, Nested, Spec, specs_in
from versioned_serde.testing.kinds import NOTHING, Annotated

_SCALARS = {
    "str": FieldDescriptorProto.TYPE_STRING,
    "int": FieldDescriptorProto.TYPE_INT64,
    "float": FieldDescriptorProto.TYPE_DOUBLE,
    "bool": FieldDescriptorProto.TYPE_BOOL,
    "bytes": FieldDescriptorProto.TYPE_BYTES,
}
_NUMBERS = {name: index for index, name in enumerate((KEY, KIND, *NAMES), 1)}
_WIDTH = 16
_MAP = 100
"""More than any type of a field."""


def field_kind(type_: Any) -> int:
    """The type of the field that holds a type: for an enum that of its raw values, for a map of its values and more."""
    match type_:
        case MapType(value=value):
            return _MAP + field_kind(value)
        case NullableType(inner=inner) | ListType(item=inner):
            return field_kind(inner)
        case Scalar(name=name):
            return _SCALARS.get(name, FieldDescriptorProto.TYPE_STRING)
        case EnumType(base=base):
            return _SCALARS[base]
        case Nested():
            return FieldDescriptorProto.TYPE_MESSAGE
        case _:
            return FieldDescriptorProto.TYPE_STRING  # no field holds it, and the codec says so


def _number(each: Field) -> int:
    """Of a name and a type, for all time: a field that changes its type is another field."""
    kinds = (*_SCALARS.values(), FieldDescriptorProto.TYPE_MESSAGE)
    is_map, kind = divmod(field_kind(each.type), _MAP)
    return _NUMBERS[each.name] * _WIDTH + is_map * len(kinds) + kinds.index(kind)


class Messages:
    """Makes message classes. Each has a file of its own, and all are in one pool, which nobody else sees."""

    def __init__(self) -> None:
        self._pool = DescriptorPool()
        self._files = 0

    def make(self, name: str, fields: list[Field], nested: Callable[[Spec], Any], *, enums: bool) -> Any:
        """A message class.

        Args:
            name: of the message.
            fields: its fields.
            nested: the class of an object within.
            enums: whether an enum is one in the file, too, and a default is written there; otherwise all fields but
                lists and maps are `optional` and hold raw values.
        """
        self._files += 1
        package = f"made{self._files}"
        file = FileDescriptorProto(
            name=f"{package}.proto", package=package, syntax="editions", edition=Edition.EDITION_2023
        )
        message = file.message_type.add(name=name)
        for each in fields:
            field = message.field.add(name=each.name, number=_number(each), label=FieldDescriptorProto.LABEL_OPTIONAL)
            self._typed(file, message, field, each.type, nested, enums=enums)
            if enums and field.label == FieldDescriptorProto.LABEL_OPTIONAL:
                _say_default(field, each)
        self._pool.AddSerializedFile(file.SerializeToString())
        return GetMessageClass(self._pool.FindMessageTypeByName(f"{package}.{name}"))

    def _typed(
        self,
        file: FileDescriptorProto,
        message: DescriptorProto,
        field: FieldDescriptorProto,
        type_: Any,
        nested: Callable[[Spec], Any],
        *,
        enums: bool,
    ) -> None:
        match type_:
            case NullableType(inner=inner):
                self._typed(file, message, field, inner, nested, enums=enums)
            case ListType(item=item):
                field.label = FieldDescriptorProto.LABEL_REPEATED
                self._typed(file, message, field, item, nested, enums=enums)
            case MapType(value=value):
                entry = message.nested_type.add(name=f"{field.name.capitalize()}Entry")
                entry.options.map_entry = True
                entry.field.add(name="key", number=1, label=1, type=FieldDescriptorProto.TYPE_STRING)
                self._typed(file, message, entry.field.add(name="value", number=2, label=1), value, nested, enums=enums)
                field.label = FieldDescriptorProto.LABEL_REPEATED
                field.type = FieldDescriptorProto.TYPE_MESSAGE
                field.type_name = f".{file.package}.{message.name}.{entry.name}"
            case Nested(spec=spec):
                descriptor = nested(spec).DESCRIPTOR
                if descriptor.file.name not in file.dependency:
                    file.dependency.append(descriptor.file.name)
                field.type = FieldDescriptorProto.TYPE_MESSAGE
                field.type_name = f".{descriptor.full_name}"
            case EnumType(members=members, open=is_open) if enums:
                enum = message.enum_type.add(name=f"{field.name.capitalize()}Enum")
                enum.options.features.enum_type = FeatureSet.OPEN if is_open else FeatureSet.CLOSED
                for member in members:
                    enum.value.add(name=f"{field.name}_{member}", number=int(member))
                field.type = FieldDescriptorProto.TYPE_ENUM
                field.type_name = f".{file.package}.{message.name}.{enum.name}"
            case _:
                field.type = field_kind(type_)  # type: ignore[assignment]


def _say_default(field: FieldDescriptorProto, each: Field) -> None:
    if each.default is REQUIRED:
        field.options.features.field_presence = FeatureSet.LEGACY_REQUIRED
    elif each.implied:
        field.options.features.field_presence = FeatureSet.IMPLICIT
    elif isinstance(each.default, Constant):
        value = each.default.value
        if field.type == FieldDescriptorProto.TYPE_ENUM:
            field.default_value = f"{field.name}_{value}"
        elif isinstance(value, bytes):
            field.default_value = "".join(f"\\{byte:03o}" for byte in value)
        else:
            field.default_value = str(value).lower() if isinstance(value, bool) else str(value)


class ProtobufClasses:
    """Message classes. A list or a map is absent while it is empty."""

    kind = "protobuf"
    presence = True

    def __init__(self) -> None:
        self._messages = Messages()

    def says(self, each: Field) -> bool:
        default = each.default
        match each.type:
            case ListType(item=item):
                return _single(item) and each.type.container == "list" and default == Constant([])
            case MapType(value=value):
                return _single(value) and default == Constant({})
            case Nested():
                return default is REQUIRED or default is ABSENT
            case _:
                said = default is REQUIRED or default is ABSENT or isinstance(default, Constant)
                return _single(each.type) and said

    def make(self, name: str, attributes: list[Annotated], frozen: bool) -> Any:
        # An object's class stands last in `list[X]` and `dict[str, X]`.
        classes = {
            id(spec): (get_args(annotation) or (annotation,))[-1]
            for each, annotation, _ in attributes
            for spec in specs_in(each.type)
        }
        fields = [each for each, _, _ in attributes]
        return self._messages.make(name, fields, lambda spec: classes[id(spec)], enums=True)

    def annotation(self, model: Any) -> Any:
        return model

    def new(self, model: Any, values: dict[str, Any]) -> Any:
        return model(**values)

    def given(self, instance: Any) -> set[str]:
        return {field.name for field, _ in instance.ListFields()}

    def get(self, instance: Any, name: str) -> Any:
        field = instance.DESCRIPTOR.fields_by_name[name]
        if field.has_presence and not field.has_default_value and not instance.HasField(name):
            return NOTHING
        return getattr(instance, name)

    def put(self, instance: Any, name: str, value: Any) -> None:
        if isinstance(value, Message):
            getattr(instance, name).CopyFrom(value)
        elif isinstance(value, list):
            held = getattr(instance, name)
            del held[:]
            held.extend(value)
        elif isinstance(value, dict):
            instance.ClearField(name)
            for key, item in value.items():
                put_in_map(getattr(instance, name), key, item)
        else:
            setattr(instance, name, value)

    def drop(self, instance: Any, name: str) -> None:
        instance.ClearField(name)


def put_in_map(held: Any, key: str, value: Any) -> None:
    """Sets a member of a map in a message."""
    if isinstance(value, Message):
        held[key].CopyFrom(value)
    else:
        held[key] = value


def _single(type_: Any) -> bool:
    """Whether one field can hold it once."""
    match type_:
        case Scalar(name=name):
            return name in _SCALARS
        case EnumType(members=members, open=is_open, cls=cls):
            # The first member of an open enum is 0.
            return type(members[0]) is int and cls is None and (not is_open or members[0] == 0)
        case _:
            return isinstance(type_, Nested)


def storage(spec: Spec, version: int) -> Any:
    """The class of messages that objects of any other kind are stored as, up to a version."""
    messages = Messages()
    made: dict[int, Any] = {}

    def of(spec: Spec) -> Any:
        if id(spec) not in made:
            # A field stays when its attribute is gone.
            stages = spec.stages[: spec.stage(version) + 1]
            fields = {each.name: each for stage in stages for each in stage}
            made[id(spec)] = messages.make(spec.name, list(fields.values()), of, enums=False)
        return made[id(spec)]

    return of(spec)
