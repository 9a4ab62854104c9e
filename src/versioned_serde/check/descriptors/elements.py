"""What a descriptor set holds: files, and in them messages, fields, enums and services.

An element is made when somebody looks at it, because most of a large set is never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

from versioned_serde.check.descriptors.features import (
    DELIMITED,
    EDITION_2023,
    IMPLICIT,
    LEGACY_REQUIRED,
    PROTO2,
    PROTO3,
    Features,
    features_of_edition,
    of_element,
)
from versioned_serde.check.descriptors.parts import parsed
from versioned_serde.check.descriptors.places import Places
from versioned_serde.check.descriptors.wire import spans

Path = tuple[int, ...]
"""Numbers of fields and indexes from the file down to an element, as source locations have them."""

GROUP: Final[int] = FieldDescriptorProto.TYPE_GROUP
MESSAGE: Final[int] = FieldDescriptorProto.TYPE_MESSAGE
ENUM: Final[int] = FieldDescriptorProto.TYPE_ENUM

# Numbers of fields in descriptor.proto.
_NAME: Final = 1
_PARTS: Final = {4: "messages", 5: "enums", 6: "services", 7: "extensions"}
_SOURCE: Final = 9
_BUF_EXTENSION: Final = 8042  # of buf's images; its field 1 says whether the file is there as an import alone


class File:
    """A file of a descriptor set.

    Attributes:
        path: its name, as others import it.
        messages: its messages, serialized, in the order of the file; `enums`, `services`, `extensions` likewise.
        head: all else of it but the source locations, serialized.
        source: the source locations.
        imported: whether it is there because others import it, and nobody asked for it.
    """

    def __init__(self, data: bytes, start: int, end: int) -> None:
        parts: dict[str, list[bytes]] = {"messages": [], "enums": [], "services": [], "extensions": []}
        head, source = bytearray(), b""
        self.imported: bool = False
        for field in spans(data, start, end):
            if field.number in _PARTS and field.sized:
                parts[_PARTS[field.number]].append(data[field.start : field.end])
            elif field.number == _SOURCE and field.sized:
                source += data[field.start : field.end]
            elif field.number == _BUF_EXTENSION and field.sized:
                own = spans(data, field.start, field.end)
                self.imported = any(each.number == 1 and each.value for each in own)
            else:
                head += data[field.tag : field.end]
        self.messages: tuple[bytes, ...] = tuple(parts["messages"])
        self.enums: tuple[bytes, ...] = tuple(parts["enums"])
        self.services: tuple[bytes, ...] = tuple(parts["services"])
        self.extensions: tuple[bytes, ...] = tuple(parts["extensions"])
        self.head: bytes = bytes(head)
        self.places: Places = Places(source)
        self.proto: FileDescriptorProto = parsed(FileDescriptorProto, self.head)
        self.path: str = self.proto.name
        self.package: str = self.proto.package

    def same_content(self, other: File) -> bool:
        """Whether two files say the same, wherever it stands in them."""
        return (
            self.head == other.head
            and self.messages == other.messages
            and self.enums == other.enums
            and self.services == other.services
            and self.extensions == other.extensions
        )

    @property
    def syntax(self) -> str:
        """`proto2`, `proto3` or `editions`."""
        return self.proto.syntax or "proto2"

    @cached_property
    def edition(self) -> int:
        match self.syntax:
            case "proto2":
                return PROTO2
            case "proto3":
                return PROTO3
            case _:
                return self.proto.edition or EDITION_2023

    @cached_property
    def features(self) -> Features:
        return of_element(features_of_edition(self.edition), self.proto)

    @cached_property
    def context(self) -> tuple[object, ...]:
        """All of a file that changes what the same bytes of an element mean."""
        options = self.proto.options
        return (
            self.package,
            self.edition,
            self.features,
            options.HasField("java_string_check_utf8"),
            options.java_string_check_utf8,
        )

    def full(self, nested: str) -> str:
        """The full name of something in this file."""
        return f"{self.package}.{nested}" if self.package else nested


class Element:
    """A named part of a file.

    Attributes:
        file: the file.
        path: where in the file.
        nested: its name within the package.
        full: its name with the package.
        features: what holds for it.
    """

    __slots__ = ("features", "file", "full", "nested", "path")

    def __init__(self, file: File, path: Path, nested: str, features: Features) -> None:
        self.file: File = file
        self.path: Path = path
        self.nested: str = nested
        self.full: str = file.full(nested)
        self.features: Features = features


class Enum(Element):
    """An enum."""

    __slots__ = ("proto",)

    def __init__(self, file: File, path: Path, scope: str, inherited: Features, proto: EnumDescriptorProto) -> None:
        super().__init__(file, path, scope + proto.name, of_element(inherited, proto))
        self.proto: EnumDescriptorProto = proto

    @property
    def name(self) -> str:
        return self.proto.name

    @property
    def first(self) -> int:
        """The number that a field has which is not there."""
        return self.proto.value[0].number if self.proto.value else 0


class Message(Element):
    """A message, or the entry of a map.

    Attributes:
        parent: the message around it, or None.
    """

    __slots__ = ("_data", "_maps", "_numbers", "_proto", "_synthetic", "parent")

    def __init__(
        self,
        file: File,
        path: Path,
        scope: str,
        inherited: Features,
        proto: DescriptorProto,
        parent: Message | None,
        data: bytes | None = None,
    ) -> None:
        # With `data`, the whole descriptor, `proto` need not have the fields.
        super().__init__(file, path, scope + proto.name, of_element(inherited, proto))
        self.parent: Message | None = parent
        self._proto: DescriptorProto = proto
        self._data: bytes | None = data
        self._maps: frozenset[str] | None = None
        self._numbers: dict[int, int] | None = None
        self._synthetic: frozenset[int] | None = None

    @property
    def proto(self) -> DescriptorProto:
        """Its descriptor, parsed when somebody asks for it."""
        if self._data is not None:
            self._proto, self._data = parsed(DescriptorProto, self._data), None
        return self._proto

    @property
    def name(self) -> str:
        return self._proto.name

    @property
    def is_map_entry(self) -> bool:
        return self._proto.HasField("options") and self._proto.options.map_entry

    @property
    def maps(self) -> frozenset[str]:
        """The types of its maps' entries, as fields name them."""
        if self._maps is None:
            entries = (each for each in self._proto.nested_type if each.options.map_entry)
            self._maps = frozenset(f".{self.full}.{each.name}" for each in entries)
        return self._maps

    @property
    def numbers(self) -> dict[int, int]:
        """Number of a field -> its index."""
        if self._numbers is None:
            self._numbers = {each.number: index for index, each in enumerate(self.proto.field)}
        return self._numbers

    def field(self, index: int, proto: FieldDescriptorProto | None = None) -> Field:
        """One of its fields; `proto` is its descriptor, if that is at hand."""
        return Field(self.file, (*self.path, 2, index), proto or self.proto.field[index], self.features, self)

    def fields(self) -> Iterator[Field]:
        return map(self.field, range(len(self.proto.field)))

    def synthetic(self, oneof: int) -> bool:
        """Whether a oneof only stands for the presence of one field, as proto3 has it for `optional`."""
        if self._synthetic is None:
            self._synthetic = frozenset(each.oneof_index for each in self.proto.field if each.proto3_optional)
        return oneof in self._synthetic

    def oneof_names(self) -> list[str]:
        """The oneofs that somebody wrote."""
        return [each.name for index, each in enumerate(self.proto.oneof_decl) if not self.synthetic(index)]


class Field:
    """A field of a message, or an extension.

    Attributes:
        file: the file.
        path: where in the file.
        proto: its descriptor.
        message: the message that it is in; of an extension, the one that it is declared in, or None.
        features: what holds for it.
        kind: its type, with messages between group tags told from those with a length.
        is_extension: whether it is one.
        in_map_entry: whether it is the key or the value of a map.
    """

    __slots__ = (
        "_cardinality",
        "features",
        "file",
        "in_map_entry",
        "is_extension",
        "kind",
        "message",
        "number",
        "path",
        "proto",
    )

    def __init__(
        self, file: File, path: Path, proto: FieldDescriptorProto, inherited: Features, message: Message | None
    ) -> None:
        self.file: File = file
        self.path: Path = path
        self.proto: FieldDescriptorProto = proto
        self.message: Message | None = message
        self.number: int = proto.number
        self.is_extension: bool = proto.HasField("extendee")
        self.in_map_entry: bool = not self.is_extension and message is not None and message.is_map_entry
        self._cardinality: str | None = None
        self.features: Features = of_element(inherited, proto)
        self.kind: int = proto.type
        if (
            self.kind == MESSAGE
            and self.features.message_encoding == DELIMITED
            and not (self.in_map_entry or self.is_map)
        ):
            self.kind = GROUP

    @property
    def name(self) -> str:
        return self.proto.name

    @property
    def is_map(self) -> bool:
        repeated = self.proto.label == FieldDescriptorProto.LABEL_REPEATED
        return repeated and self.message is not None and self.proto.type_name in self.message.maps

    @property
    def oneof(self) -> str | None:
        """The oneof that somebody put it into."""
        if self.is_extension or self.message is None or not self.proto.HasField("oneof_index"):
            return None
        index = self.proto.oneof_index
        oneofs = self.message.proto.oneof_decl
        return oneofs[index].name if index < len(oneofs) and not self.message.synthetic(index) else None

    @property
    def cardinality(self) -> str:
        """`repeated`, `map`, `required`, `explicit` or `implicit`: the last two tell whether absent is unlike zero."""
        if self._cardinality is None:
            self._cardinality = self._find_cardinality()
        return self._cardinality

    def _find_cardinality(self) -> str:
        label = self.proto.label
        if label == FieldDescriptorProto.LABEL_REPEATED:
            return "map" if self.is_map else "repeated"
        if label == FieldDescriptorProto.LABEL_REQUIRED or self.features.presence == LEGACY_REQUIRED:
            return "required"
        shared = self.kind in (MESSAGE, GROUP) or self.proto.HasField("oneof_index") or self.is_extension
        return "implicit" if self.features.presence == IMPLICIT and not shared else "explicit"

    @property
    def type_name(self) -> str:
        """The full name of the message or enum that it holds; empty for others."""
        return self.proto.type_name.removeprefix(".")

    @property
    def json_name(self) -> str:
        """The name in JSON; descriptors of some tools leave out the one that follows from the name."""
        return self.proto.json_name or _camel(self.proto.name)

    @property
    def full(self) -> str:
        """The full name."""
        scope = self.message.full if self.message is not None else self.file.package
        return f"{scope}.{self.name}" if scope else self.name

    @property
    def nested(self) -> str:
        """The name within the package."""
        return f"{self.message.nested}.{self.name}" if self.message is not None else self.name

    @property
    def owner(self) -> str:
        """The full name of the message whose field it is."""
        if self.is_extension:
            return self.proto.extendee.removeprefix(".")
        assert self.message is not None, "only extensions stand outside of messages"
        return self.message.full

    @property
    def shown(self) -> str:
        """What to call it within its message: an extension by its full name."""
        return self.full if self.is_extension else self.name


class Service:
    """A service."""

    __slots__ = ("file", "full", "path", "proto")

    def __init__(self, file: File, path: Path, proto: ServiceDescriptorProto) -> None:
        self.file: File = file
        self.path: Path = path
        self.proto: ServiceDescriptorProto = proto
        self.full: str = file.full(proto.name)

    @property
    def name(self) -> str:
        return self.proto.name

    def methods(self) -> Iterator[Method]:
        for index, proto in enumerate(self.proto.method):
            yield Method(self, (*self.path, 2, index), proto)


class Method:
    """A call of a service."""

    __slots__ = ("path", "proto", "service")

    def __init__(self, service: Service, path: Path, proto: MethodDescriptorProto) -> None:
        self.service: Service = service
        self.path: Path = path
        self.proto: MethodDescriptorProto = proto

    @property
    def name(self) -> str:
        return self.proto.name


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
