"""Two descriptor sets side by side: what of them can differ at all, and what belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    ServiceDescriptorProto,
)

from versioned_serde.check.descriptors.elements import (
    Enum,
    Field,
    File,
    Message,
    Path,
    Service,
)
from versioned_serde.check.descriptors.features import Features
from versioned_serde.check.descriptors.parts import fields_and_rest, parsed
from versioned_serde.check.descriptors.wire import WireError, spans

_MESSAGES: Final = 4  # numbers of fields of a file in descriptor.proto
_ENUMS: Final = 5
_SERVICES: Final = 6
_EXTENSIONS: Final = 7
_FILE: Final = 1  # of a descriptor set

_E = TypeVar("_E")

Fields = dict[int, tuple[int, FieldDescriptorProto]]
"""Fields of a message by their numbers: index and descriptor."""


@dataclass(slots=True)
class Elements:
    """Elements by their full names; extensions by the message that they extend and their numbers."""

    messages: dict[str, Message] = field(default_factory=dict)
    enums: dict[str, Enum] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    extensions: dict[tuple[str, int], Field] = field(default_factory=dict)

    def add_file(self, file: File) -> None:
        """All that is in a file."""
        for index, data in enumerate(file.messages):
            self.add_message(file, (_MESSAGES, index), data)
        self.add_all_but_messages(file, None)

    def add_all_but_messages(self, file: File, other: File | None) -> None:
        """What is in a file beside messages, but not in the other file, byte for byte."""
        for index, data in _others(file.enums, other.enums if other else ()):
            self.add_enum(file, (_ENUMS, index), data)
        for index, data in _others(file.services, other.services if other else ()):
            self.add_service(file, (_SERVICES, index), data)
        for index, data in _others(file.extensions, other.extensions if other else ()):
            self.add_extension(file, (_EXTENSIONS, index), data)

    def add_message(self, file: File, path: Path, data: bytes) -> None:
        """A message of a file, and what is inside of it."""
        self._message(file, path, "", file.features, parsed(DescriptorProto, data), None)

    def top(self, file: File, path: Path, data: bytes, head: DescriptorProto | None) -> Message:
        """A message of a file; if its descriptor without fields is at hand, without what is inside of it."""
        if head is None:
            return self._message(file, path, "", file.features, parsed(DescriptorProto, data), None)
        message = Message(file, path, "", file.features, head, None, data)
        self.messages[message.full] = message
        return message

    def add_enum(self, file: File, path: Path, data: bytes) -> None:
        self._enum(file, path, "", file.features, parsed(EnumDescriptorProto, data))

    def add_service(self, file: File, path: Path, data: bytes) -> None:
        service = Service(file, path, parsed(ServiceDescriptorProto, data))
        self.services[service.full] = service

    def add_extension(self, file: File, path: Path, data: bytes) -> None:
        self._extension(Field(file, path, parsed(FieldDescriptorProto, data), file.features, None))

    def _message(
        self,
        file: File,
        path: Path,
        scope: str,
        inherited: Features,
        proto: DescriptorProto,
        parent: Message | None,
    ) -> Message:
        message = Message(file, path, scope, inherited, proto, parent)
        self.messages[message.full] = message
        inner = f"{message.nested}."
        for index, each in enumerate(proto.nested_type):
            self._message(file, (*path, 3, index), inner, message.features, each, message)
        for index, enum in enumerate(proto.enum_type):
            self._enum(file, (*path, 4, index), inner, message.features, enum)
        for index, extension in enumerate(proto.extension):
            self._extension(Field(file, (*path, 6, index), extension, message.features, message))
        return message

    def _enum(self, file: File, path: Path, scope: str, inherited: Features, proto: EnumDescriptorProto) -> None:
        enum = Enum(file, path, scope, inherited, proto)
        self.enums[enum.full] = enum

    def _extension(self, extension: Field) -> None:
        self.extensions[extension.owner, extension.number] = extension


class DescriptorSet:
    """All files of one side.

    Attributes:
        files: by their paths.
    """

    def __init__(self, files: Iterable[File]) -> None:
        self.files: dict[str, File] = {}
        for file in files:
            self.files.setdefault(file.path, file)
        self._tops: dict[str, tuple[File, int, int, bytes]] | None = None
        self._found: dict[str, Elements] = {}

    @classmethod
    def of_bytes(cls, data: bytes) -> DescriptorSet:
        """A serialized FileDescriptorSet, or an image of buf.

        Raises:
            WireError: it is none.
        """
        files = [File(data, each.start, each.end) for each in spans(data, 0, len(data)) if each.number == _FILE]
        if any(not file.path for file in files):
            raise WireError("it holds a file without a name")
        return cls(files)

    def enum(self, full: str) -> Enum | None:
        """An enum, wherever in the set it is."""
        if self._tops is None:
            self._tops = {
                file.full(name_of(data)): (file, kind, index, data)
                for file in self.files.values()
                for kind, parts in ((_MESSAGES, file.messages), (_ENUMS, file.enums))
                for index, data in enumerate(parts)
            }
        top = full
        while top not in self._tops:
            top = top.rpartition(".")[0]
            if not top:
                return None
        if top not in self._found:
            file, kind, index, data = self._tops[top]
            self._found[top] = Elements()
            if kind == _MESSAGES:
                self._found[top].add_message(file, (kind, index), data)
            else:
                self._found[top].add_enum(file, (kind, index), data)
        return self._found[top].enums.get(full)


class _Compared(NamedTuple):
    """Two messages at the same place that differ, compared as bytes.

    Attributes:
        old: one side.
        new: the newer side.
        changed: the fields of each that the other has not there, byte for byte.
        rest_is_same: whether all but the fields is the same.
    """

    old: Message
    new: Message
    changed: tuple[Fields, Fields]
    rest_is_same: bool


class Difference:
    """Two descriptor sets.

    Attributes:
        old: one side.
        new: the newer side.
        before: what of the old side may have changed: all but what is the same, byte for byte, at the same place.
        after: the same of the newer side.
        enums_with_other_zero: enums, as fields name them, of which an absent field has another number now.
    """

    def __init__(self, old: DescriptorSet, new: DescriptorSet) -> None:
        self.old: DescriptorSet = old
        self.new: DescriptorSet = new
        self.before: Elements = Elements()
        self.after: Elements = Elements()
        self._compared: dict[str, _Compared] = {}
        for path, file in old.files.items():
            other = new.files.get(path)
            if other is None or not file.same_content(other):
                self._open(file, other)
        for path, file in new.files.items():
            if path not in old.files:
                self.after.add_file(file)
        self.enums_with_other_zero: frozenset[str] = frozenset(
            f".{name}" for name, enum in self.before.enums.items() if self._other_zero(enum, self.after.enums.get(name))
        )
        if self.enums_with_other_zero:
            self._open_users()

    def _open(self, old: File, new: File | None) -> None:
        """Makes elements of what may differ between two files of the same path."""
        if new is None or old.context != new.context:
            self.before.add_file(old)
            if new is not None:
                self.after.add_file(new)
            return
        changed = {name_of(data): (index, data) for index, data in _others(new.messages, old.messages)}
        for index, data in _others(old.messages, new.messages):
            found = changed.pop(name_of(data), None)
            if found is None:
                self.before.add_message(old, (_MESSAGES, index), data)
            else:
                self._compare((old, index, data), (new, *found))
        for index, data in changed.values():
            self.after.add_message(new, (_MESSAGES, index), data)
        self.before.add_all_but_messages(old, new)
        self.after.add_all_but_messages(new, old)

    def _compare(self, old: tuple[File, int, bytes], new: tuple[File, int, bytes]) -> None:
        """Makes elements of two messages, each its file, index and bytes; mostly, only fields of theirs differ."""
        (fields, rest), (others, other_rest) = fields_and_rest(old[2]), fields_and_rest(new[2])
        changed = _changed(fields, others), _changed(others, fields)
        head = parsed(DescriptorProto, rest) if rest == other_rest else None
        before, after = (
            side.top(file, (_MESSAGES, index), data, head)
            for side, (file, index, data) in ((self.before, old), (self.after, new))
        )
        self._compared[before.full] = _Compared(before, after, changed, rest_is_same=head is not None)

    def _other_zero(self, enum: Enum, now: Enum | None) -> bool:
        return now is not None and enum.first != now.first

    def _open_users(self) -> None:
        """Opens what is the same on both sides, but has fields of an enum whose first number is another one."""
        needles = [name.encode() for name in self.enums_with_other_zero]
        for opened, side in ((self.before, self.old), (self.after, self.new)):
            for file in side.files.values():
                for index, data in enumerate(file.messages):
                    if any(each in data for each in needles) and file.full(name_of(data)) not in opened.messages:
                        opened.add_message(file, (_MESSAGES, index), data)
                for index, data in enumerate(file.extensions):
                    if any(each in data for each in needles):
                        opened.add_extension(file, (_EXTENSIONS, index), data)

    def has_messages(self, package: str) -> bool:
        """Whether a package has a message on the new side."""
        return any(file.messages for file in self.new.files.values() if file.package == package)

    def has_enums(self, package: str) -> bool:
        """Whether a package has an enum on the new side, in a message or outside."""
        return any(file.enums or _all(file).enums for file in self.new.files.values() if file.package == package)

    def has_extensions(self, package: str) -> bool:
        """Whether a package declares an extension on the new side, in a message or outside."""
        return any(
            file.extensions or _all(file).extensions for file in self.new.files.values() if file.package == package
        )

    def files(self) -> Iterator[tuple[File, File]]:
        """Files of the same path whose heads differ."""
        for path, file in self.old.files.items():
            other = self.new.files.get(path)
            if other is not None and file.head != other.head:
                yield file, other

    def messages(self) -> Iterator[tuple[Message, Message, bool]]:
        """Messages of the same name that are not the same, and whether the same field means the same in both."""
        zeros = self.enums_with_other_zero
        for old, new in _pairs(self.before.messages, self.after.messages):
            only_fields = self.only_fields(old, new)
            alike = only_fields or _alike(old, new)
            if zeros or only_fields or not alike or old.proto != new.proto:
                yield old, new, alike

    def enums(self) -> Iterator[tuple[Enum, Enum]]:
        yield from _pairs(self.before.enums, self.after.enums)

    def services(self) -> Iterator[tuple[Service, Service]]:
        yield from _pairs(self.before.services, self.after.services)

    def only_fields(self, old: Message, new: Message) -> bool:
        """Whether two messages are known to differ in nothing but their fields."""
        compared = self._of(old, new)
        return compared is not None and compared.rest_is_same

    def changed(self, old: Message, new: Message) -> tuple[Fields, Fields]:
        """The fields of each that may be other ones than in the other."""
        compared = self._of(old, new)
        return (_fields(old), _fields(new)) if compared is None else compared.changed

    def _of(self, old: Message, new: Message) -> _Compared | None:
        """What is known of two messages, if they were compared; a set can have two of the same name."""
        found = self._compared.get(old.full)
        return found if found is not None and found.old is old and found.new is new else None

    def fields(self, old: Message, new: Message, alike: bool) -> Iterator[tuple[Field, Field]]:
        """Fields of the same number that are not the same."""
        zeros = self.enums_with_other_zero
        before, now = (_fields(old), _fields(new)) if zeros or not alike else self.changed(old, new)
        for number, (index, proto) in before.items():
            if (found := now.get(number)) is None:
                continue
            place, other = found
            if not alike or proto != other or proto.type_name in zeros:
                yield old.field(index, proto), new.field(place, other)

    def extensions(self) -> Iterator[tuple[Field, Field]]:
        """Extensions of the same message with the same number."""
        for key, extension in self.before.extensions.items():
            if (other := self.after.extensions.get(key)) is not None:
                yield extension, other


def name_of(data: bytes) -> str:
    """The name of a serialized descriptor of anything."""
    if data[:1] == b"\x0a" and data[1] < 0x80:
        return data[2 : 2 + data[1]].decode("utf-8", "replace")
    names = [each for each in spans(data, 0, len(data)) if each.number == 1 and each.sized]
    return data[names[-1].start : names[-1].end].decode("utf-8", "replace") if names else ""


def _all(file: File) -> Elements:
    found = Elements()
    found.add_file(file)
    return found


def _others(parts: Sequence[bytes], same: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    there = frozenset(same)
    for index, data in enumerate(parts):
        if data not in there:
            yield index, data


def _changed(fields: list[bytes], others: list[bytes]) -> Fields:
    """The fields of a message that another one has not, byte for byte."""
    if len(fields) == len(others):  # mostly, each is still where it was
        places = enumerate(zip(fields, others, strict=True))
        found = [(index, field) for index, (field, other) in places if field != other]
    else:
        found = list(_others(fields, others))
    protos = ((index, parsed(FieldDescriptorProto, field)) for index, field in found)
    return {proto.number: (index, proto) for index, proto in protos}


def _fields(message: Message) -> Fields:
    return {each.number: (index, each) for index, each in enumerate(message.proto.field)}


def _alike(old: Message, new: Message) -> bool:
    """Whether the same field means the same in both."""
    before, now = old.proto, new.proto
    return (
        old.features == new.features
        and old.file.context == new.file.context
        and before.nested_type == now.nested_type
        and before.oneof_decl == now.oneof_decl
        and old.is_map_entry == new.is_map_entry
    )


def _pairs(old: Mapping[str, _E], new: Mapping[str, _E]) -> Iterator[tuple[_E, _E]]:
    for name, element in old.items():
        if (other := new.get(name)) is not None:
            yield element, other
