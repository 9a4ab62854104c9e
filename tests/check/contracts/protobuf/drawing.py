"""Random trees of .proto files, and random changes of them. What is drawn always compiles; see `rendering.py`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

SYNTAXES = ("proto2", "proto3", "2023")
SCALARS = [
    "double",
    "float",
    "int32",
    "int64",
    "uint32",
    "uint64",
    "sint32",
    "sint64",
    "fixed32",
    "fixed64",
    "sfixed32",
    "sfixed64",
    "bool",
    "string",
    "bytes",
]
LABELS = ("", "", "optional", "repeated", "required")
PRESENCES = (None, None, "EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED")


@dataclass
class Field:
    """A field: what it wants to be; what its file's syntax does not allow is left out when it is written."""

    name: str
    number: int
    type: str  # a scalar; or `M:name` or `E:name` of this tree; or `group`
    label: str = ""
    key: str | None = None  # of a map
    oneof: str | None = None
    json_name: str | None = None
    default: Any = None
    options: dict[str, str] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    """A message. Names are unique in the whole tree, so that a moved one can be named from everywhere."""

    name: str
    fields: list[Field] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    extensions: list[tuple[str, Field]] = field(default_factory=list)
    reserved: list[tuple[int, int]] = field(default_factory=list)
    reserved_names: list[str] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Enum:
    name: str
    values: list[tuple[str, int]] = field(default_factory=list)
    reserved: list[tuple[int, int]] = field(default_factory=list)
    reserved_names: list[str] = field(default_factory=list)
    features: dict[str, str] = field(default_factory=dict)


@dataclass
class Service:
    name: str
    methods: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class File:
    path: str
    package: str
    syntax: str
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    extensions: list[tuple[str, Field]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)


class Drawing:
    """Draws trees and changes them, all from one seed."""

    def __init__(self, seed: int, folder: str) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.made = 0

    def tree(self) -> list[File]:
        files = [self._file(index) for index in range(self.random.randint(1, 3))]
        for file in files:
            for scope in scopes([file]):
                if self._chance(0.2):
                    scope.extensions.append(self._extension(files))
        return files

    def changed(self, files: list[File]) -> list[File]:
        """A copy with some changes."""
        now = deepcopy(files)
        for _ in range(self.random.randint(1, 12)):
            self.random.choice(self._CHANGES)(self, now)
        return [each for each in now if each.path]

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _name(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def _package(self) -> str:
        return f"{self.folder}.{self.random.choice(['a', 'b'])}"

    def _file(self, index: int) -> File:
        made = File(f"{self.folder}/f{index}.proto", self._package(), self.random.choice(SYNTAXES))
        made.messages = [self._message() for _ in range(self.random.randint(1, 3))]
        made.enums = [self._enum() for _ in range(self.random.randint(0, 2))]
        made.services = [self._service() for _ in range(self.random.randint(0, 1))]
        self._file_option(made)
        return made

    def _message(self, depth: int = 0) -> Message:
        made = Message(self._name("M"))
        for number in self.random.sample(range(1, 20), self.random.randint(0, 6)):
            made.fields.append(self._field(number))
        if depth < 2:
            made.messages = [self._message(depth + 1) for _ in range(self.random.choice([0, 0, 1, 2]))]
            made.enums = [self._enum() for _ in range(self.random.choice([0, 0, 1]))]
        if self._chance(0.4):
            made.ranges.append((100, self.random.choice([150, 199])))
        if self._chance(0.4):
            made.reserved += [(30, self.random.randint(30, 40)), (50, 50)][: self.random.randint(1, 2)]
            made.reserved_names.append(self._name("gone"))
        return made

    def _field(self, number: int) -> Field:
        made = Field(self._name("f"), number, self._type(), self.random.choice(LABELS))
        if self._chance(0.15):
            made.key = self.random.choice(["string", "int32", "bool"])
        if self._chance(0.2):
            made.oneof = self.random.choice(["pick", "choose"])
        if self._chance(0.3):
            made.default = self.random.choice(["0", "1", "7"])
        if self._chance(0.3):
            self._field_option(made)
        return made

    def _type(self) -> str:
        kind = self.random.random()
        if kind < 0.6:
            return self.random.choice(SCALARS)
        if kind < 0.64:
            return "group"
        # Any name that was or will be drawn; one that is not there becomes a scalar.
        return f"{self.random.choice('ME')}:{self.random.randint(1, 60)}"

    def _field_option(self, made: Field) -> None:
        options = {"jstype": "JS_STRING JS_NORMAL JS_NUMBER", "ctype": "CORD STRING", "deprecated": "true false"}
        features = {
            "field_presence": "EXPLICIT IMPLICIT LEGACY_REQUIRED",
            "utf8_validation": "NONE VERIFY",
            "message_encoding": "DELIMITED LENGTH_PREFIXED",
            "repeated_field_encoding": "EXPANDED PACKED",
            "(pb.cpp).string_type": "VIEW CORD STRING",
            "(pb.java).utf8_validation": "VERIFY DEFAULT",
        }
        for into, known in ((made.options, options), (made.features, features)):
            name = self.random.choice(list(known))
            into.pop(name, None) if name in into else into.update({name: self.random.choice(known[name].split())})

    def _enum(self) -> Enum:
        made = Enum(self._name("E"))
        for number in [0, *self.random.sample(range(1, 9), self.random.randint(0, 4))]:
            made.values.append((self._name("V"), number))
        if self._chance(0.3):
            made.values.append((self._name("V"), self.random.choice(made.values)[1]))
        if self._chance(0.3):
            made.reserved.append((20, self.random.randint(20, 25)))
            made.reserved_names.append(self._name("OLD"))
        return made

    def _service(self) -> Service:
        return Service(self._name("S"), [self._method() for _ in range(self.random.randint(0, 3))])

    def _method(self) -> dict[str, Any]:
        draw = self.random.randint
        return {
            "name": self._name("R"),
            "in": draw(1, 20),
            "out": draw(1, 20),
            "streams": (draw(0, 1), draw(0, 1)),
            "level": draw(0, 2),
        }

    def _extension(self, files: list[File]) -> tuple[str, Field]:
        open_ = [each.name for file in files for each in messages_of(file) if each.ranges] or ["M0"]
        made = self._field(self.random.randint(100, 150))
        return self.random.choice(open_), made

    def _file_option(self, file: File) -> None:
        known = {
            "go_package": '"x" "y"',
            "java_package": '"x" "y"',
            "optimize_for": "SPEED CODE_SIZE",
            "java_multiple_files": "true false",
            "cc_enable_arenas": "true false",
            "java_string_check_utf8": "true false",
            "swift_prefix": '"" "P"',
            "deprecated": "true false",
        }
        name = self.random.choice(list(known))
        file.options[name] = self.random.choice(known[name].split())
        features = {
            "field_presence": "EXPLICIT IMPLICIT",
            "enum_type": "OPEN CLOSED",
            "utf8_validation": "NONE VERIFY",
            "message_encoding": "DELIMITED LENGTH_PREFIXED",
            "json_format": "ALLOW LEGACY_BEST_EFFORT",
        }
        if self._chance(0.4):
            name = self.random.choice(list(features))
            file.features[name] = self.random.choice(features[name].split())

    # Changes; each does nothing where there is nothing to change.

    def _some(self, found: list[Any]) -> Any:
        return self.random.choice(found) if found else None

    def _change_field(self, files: list[File]) -> None:
        message = self._some([each for file in files for each in messages_of(file)])
        if message is None or not message.fields:
            return
        made = self.random.choice(message.fields)
        match self.random.randint(0, 9):
            case 0:
                made.type = self._type()
            case 1:
                made.label = self.random.choice(LABELS)
            case 2:
                made.name = self._name("f")
            case 3:
                made.json_name = self._name("json")
            case 4:
                made.oneof = self.random.choice([None, "pick", "choose"])
            case 5:
                made.default = self.random.choice([None, "0", "1", "7"])
            case 6:
                made.key = self.random.choice([None, "string", "int64"])
            case 7:
                self._field_option(made)
            case 8:
                message.fields.remove(made)
                if self._chance(0.5):
                    message.reserved.append((made.number, made.number))
                if self._chance(0.5):
                    message.reserved_names.append(made.name)
            case _:
                free = [each for each in range(1, 20) if each not in {other.number for other in message.fields}]
                message.fields.insert(0, self._field(self.random.choice(free)))

    def _change_message(self, files: list[File]) -> None:
        scope = self._some([each for each in scopes(files) if each.messages])
        if scope is None:
            return
        message = self.random.choice(scope.messages)
        match self.random.randint(0, 7):
            case 0:
                scope.messages.remove(message)
            case 1:
                scope.messages.remove(message)
                self.random.choice(files).messages.append(message)
            case 2:
                scope.messages.insert(0, self._message())
            case 3:
                message.name = self._name("M")
            case 4:
                message.ranges = self.random.choice([[], [(100, 149)], [(100, 120), (121, 199)]])
            case 5:
                message.reserved = self.random.choice([[], [(30, 35)], [(29, 45)], [(31, 33), (50, 52)]])
            case 6:
                message.reserved_names = message.reserved_names[1:]
            case _:
                message.options["no_standard_descriptor_accessor"] = self.random.choice(["true", "false"])
                message.options["features.json_format"] = self.random.choice(["ALLOW", "LEGACY_BEST_EFFORT"])

    def _change_enum(self, files: list[File]) -> None:
        scope = self._some([each for each in scopes(files) if each.enums])
        if scope is None:
            return
        enum = self.random.choice(scope.enums)
        index = self.random.randrange(len(enum.values))
        match self.random.randint(0, 8):
            case 0:
                scope.enums.remove(enum)
            case 1:
                scope.enums.remove(enum)
                self.random.choice(files).enums.append(enum)
            case 2:
                enum.values[index] = (self._name("V"), enum.values[index][1])
            case 3 if len(enum.values) > 1:
                name, number = enum.values.pop(index)
                if self._chance(0.5):
                    enum.reserved.append((number, number))
                if self._chance(0.5):
                    enum.reserved_names.append(name)
            case 4:
                enum.values.append((self._name("V"), self.random.randint(0, 9)))
            case 5:
                self.random.shuffle(enum.values)
            case 6:
                enum.reserved, enum.reserved_names = self.random.choice([[], [(21, 22)], [(20, 30)]]), []
            case 7:
                enum.features["enum_type"] = self.random.choice(["OPEN", "CLOSED"])
            case _:
                enum.features["json_format"] = self.random.choice(["ALLOW", "LEGACY_BEST_EFFORT"])

    def _change_service(self, files: list[File]) -> None:
        file = self._some([each for each in files if each.services])
        if file is None:
            return
        service = self.random.choice(file.services)
        match self.random.randint(0, 4):
            case 0:
                file.services.remove(service)
                if self._chance(0.5):
                    self.random.choice(files).services.append(service)
            case 1 if service.methods:
                service.methods.remove(self.random.choice(service.methods))
            case 2:
                service.methods.insert(0, self._method())
            case _ if service.methods:
                method = self.random.choice(service.methods)
                method.update({**self._method(), "name": method["name"]})

    def _change_extension(self, files: list[File]) -> None:
        scope = self._some(scopes(files))
        if scope.extensions and self._chance(0.7):
            index = self.random.randrange(len(scope.extensions))
            extendee, made = scope.extensions.pop(index)
            if self._chance(0.6):
                changed = self._field(made.number)
                changed.name = self.random.choice([made.name, changed.name])
                changed.type = self.random.choice([made.type, changed.type])
                self.random.choice([scope, self.random.choice(files)]).extensions.append((extendee, changed))
        else:
            scope.extensions.append(self._extension(files))

    def _change_file(self, files: list[File]) -> None:
        file = self.random.choice(files)
        match self.random.randint(0, 6):
            case 0:
                file.syntax = self.random.choice(SYNTAXES)
            case 1:
                file.package = self._package()
            case 2 if len(files) > 1:
                files.remove(file)
            case 3:
                file.path = file.path.replace(".proto", "x.proto")
            case 4:
                file.options.pop(self._some(list(file.options)), None)
            case _:
                self._file_option(file)

    _CHANGES = (
        *(_change_field,) * 4,
        *(_change_message, _change_enum) * 2,
        *(_change_service, _change_extension, _change_file),
    )


def messages_of(scope: File | Message) -> list[Message]:
    """All messages in a file or message, nested ones too."""
    return [found for each in scope.messages for found in [each, *messages_of(each)]]


def scopes(files: list[File]) -> list[File | Message]:
    """All that other things can be in."""
    found: list[File | Message] = []
    for file in files:
        found += [file, *messages_of(file)]
    return found
