"""Drawn files as text that compiles: what a syntax does not allow is left out, what is not there becomes a scalar."""

from __future__ import annotations

from collections.abc import Iterator

from tests.check.contracts.protobuf.drawing import SCALARS, Enum, Field, File, Message, Service, messages_of

_HEADS = {"proto2": 'syntax = "proto2";', "proto3": 'syntax = "proto3";', "2023": 'edition = "2023";'}
_NUMBERS = SCALARS[:12]
_OF_64_BITS = ("int64", "uint64", "sint64", "fixed64", "sfixed64")


def rendered(files: list[File]) -> dict[str, str]:
    """Path -> text."""
    taken: set[tuple[str, int]] = set()
    return {file.path: "\n".join(_Writer(files, file, taken).lines()) + "\n" for file in files}


class _Writer:
    def __init__(self, files: list[File], file: File, taken: set[tuple[str, int]]) -> None:
        # A file imports those before it, so that there are no cycles.
        self.file = file
        self.before = files[: files.index(file)]
        self.taken = taken
        self.names: dict[str, str] = {}
        self.enums: dict[str, tuple[File, Enum]] = {}
        self.messages: dict[str, Message] = {}
        for each in [*self.before, file]:
            self._collect(each, each, each.package)

    def _collect(self, file: File, scope: File | Message, prefix: str) -> None:
        for message in scope.messages:
            self.names[message.name] = f".{prefix}.{message.name}"
            self.messages[message.name] = message
            self._collect(file, message, f"{prefix}.{message.name}")
        for enum in scope.enums:
            self.names[enum.name] = f".{prefix}.{enum.name}"
            self.enums[enum.name] = (file, enum)

    def lines(self) -> Iterator[str]:
        file = self.file
        yield _HEADS[file.syntax]
        yield f"package {file.package};"
        for each in self.before:
            yield f'import "{each.path}";'
        if file.syntax == "2023":
            yield 'import "google/protobuf/cpp_features.proto";'
            yield 'import "google/protobuf/java_features.proto";'
        for name, value in file.options.items():
            if file.syntax != "2023" or name != "java_string_check_utf8":
                yield f"option {name} = {value};"
        if file.syntax == "2023":
            for name, value in file.features.items():
                yield f"option features.{name} = {value};"
        for message in file.messages:
            yield from self._message(message, "")
        for enum in file.enums:
            yield from self._enum(enum, "")
        for extendee, field in file.extensions:
            yield from self._extension(extendee, field, "")
        for service in file.services:
            yield from self._service(service)

    def _message(self, message: Message, indent: str) -> Iterator[str]:
        inner = indent + "  "
        yield f"{indent}message {message.name} {{"
        for name, value in message.options.items():
            if not name.startswith("features") or self.file.syntax == "2023":
                yield f"{inner}option {name} = {value};"
        for each in message.messages:
            yield from self._message(each, inner)
        for enum in message.enums:
            yield from self._enum(enum, inner)
        oneofs: dict[str, list[Field]] = {}
        for field in message.fields:
            if field.oneof and not field.key and field.type != "group":
                oneofs.setdefault(field.oneof, []).append(field)
            else:
                yield from self._field(field, inner, self._label(field))
        for name, fields in oneofs.items():
            yield f"{inner}oneof {name} {{"
            for field in fields:
                yield from self._field(field, inner + "  ", "")
            yield f"{inner}}}"
        used = {each.number for each in message.fields}
        ranges = _apart([each for each in message.reserved if not any(each[0] <= number <= each[1] for number in used)])
        yield from _reserved(
            inner, ranges, self._reserved_names(message.reserved_names, {f.name for f in message.fields})
        )
        if self.file.syntax != "proto3":
            for start, end in message.ranges:
                yield f"{inner}extensions {start} to {end};"
        for extendee, field in message.extensions:
            yield from self._extension(extendee, field, inner)
        yield f"{indent}}}"

    def _reserved_names(self, names: list[str], used: set[str]) -> list[str]:
        kept = sorted(set(names) - used)
        return kept if self.file.syntax == "2023" else [f'"{each}"' for each in kept]

    def _label(self, field: Field) -> str:
        if field.key:
            return ""
        match self.file.syntax:
            case "proto2":
                return field.label or "optional"
            case "proto3":
                return field.label if field.label != "required" else ""
            case _:
                return field.label if field.label == "repeated" else ""

    def _type(self, field: Field) -> str:
        if field.type == "group":
            return "int32"
        kind, _, number = field.type.partition(":")
        if not number:
            return kind
        name = kind + number
        if name in self.enums:
            file, _ = self.enums[name]
            # Enums that are closed do not go everywhere; those of the file itself do, where it has no say in presence.
            allowed = file is self.file and not (self.file.syntax == "2023" and self._implicit(field))
            return self.names[name] if allowed else "int32"
        return self.names.get(name, "int32") if name in self.messages else "int32"

    def _implicit(self, field: Field) -> bool:
        return "IMPLICIT" in (field.features.get("field_presence"), self.file.features.get("field_presence"))

    def _field(self, field: Field, indent: str, label: str) -> Iterator[str]:
        if field.type == "group" and self.file.syntax == "proto2" and not field.key:
            yield f"{indent}{label} group G{field.name} = {field.number} {{ optional int32 inner = 1; }}"
            return
        kind = self._type(field)
        options = list(self._options(field, kind, label))
        shown = f" [{', '.join(options)}]" if options else ""
        whole = f"map<{field.key}, {kind}>" if field.key else f"{label} {kind}".strip()
        yield f"{indent}{whole} {field.name} = {field.number}{shown};"

    def _options(self, field: Field, kind: str, label: str, *, extension: bool = False) -> Iterator[str]:
        single = label != "repeated" and not field.key
        if field.json_name and not extension:
            yield f'json_name = "{field.json_name}"'
        editions = self.file.syntax == "2023"
        implicit = editions and self._implicit(field)
        if field.default is not None and single and self.file.syntax != "proto3" and not implicit:
            if kind in _NUMBERS:
                yield f"default = {field.default}"
            elif kind == "bool":
                yield f"default = {'true' if field.default == '1' else 'false'}"
            elif kind in ("string", "bytes"):
                yield f'default = "{field.default}"'
            elif (name := kind.rpartition(".")[2]) in self.enums:
                values = _values(self.enums[name][1], zero_first=True)
                yield f"default = {values[int(field.default) % len(values)][0]}"
        if "jstype" in field.options and kind in _OF_64_BITS and not field.key:
            yield f"jstype = {field.options['jstype']}"
        own_ctype = "ctype" in field.options and kind in ("string", "bytes") and not field.key
        if own_ctype and not extension:
            yield f"ctype = {field.options['ctype']}"
        if "deprecated" in field.options:
            yield f"deprecated = {field.options['deprecated']}"
        if not editions:
            return
        message = kind.rpartition(".")[2] in self.messages
        oneof = bool(field.oneof)
        for name, value in field.features.items():
            fits = {
                "field_presence": single and not oneof and not extension and not (message and value == "IMPLICIT"),
                "utf8_validation": kind == "string" or (field.key == "string"),
                "message_encoding": message and not field.key,
                "repeated_field_encoding": label == "repeated" and (kind in _NUMBERS or kind == "bool"),
                "(pb.cpp).string_type": kind in ("string", "bytes")
                and not own_ctype
                and not field.key
                and not (extension and value == "CORD"),
                "(pb.java).utf8_validation": kind == "string" and not field.key,
            }
            if fits[name]:
                yield f"features.{name} = {value}"

    def _extension(self, extendee: str, field: Field, indent: str) -> Iterator[str]:
        message = self.messages.get(extendee)
        key = (self.names.get(extendee, ""), field.number)
        if self.file.syntax == "proto3" or message is None or key in self.taken or not self._extensible(message):
            return
        if not any(start <= field.number <= end for start, end in message.ranges):
            return
        self.taken.add(key)
        label = "repeated" if field.label == "repeated" else "optional" if self.file.syntax == "proto2" else ""
        plain = Field(
            field.name, field.number, field.type, label, None, None, None, field.default, field.options, field.features
        )
        kind = self._type(plain)
        options = list(self._options(plain, kind, label, extension=True))
        shown = f" [{', '.join(options)}]" if options else ""
        yield f"{indent}extend {self.names[extendee]} {{ {label} {kind} {field.name} = {field.number}{shown}; }}"

    def _extensible(self, message: Message) -> bool:
        owner = next(file for file in [*self.before, self.file] if any(each is message for each in messages_of(file)))
        return owner.syntax != "proto3"

    def _enum(self, enum: Enum, indent: str) -> Iterator[str]:
        yield f"{indent}enum {enum.name} {{"
        values = _values(enum, zero_first=self.file.syntax != "proto2")
        if len({number for _, number in values}) < len(values):
            yield f"{indent}  option allow_alias = true;"
        if self.file.syntax == "2023":
            for name, value in enum.features.items():
                yield f"{indent}  option features.{name} = {value};"
        for name, number in values:
            yield f"{indent}  {name} = {number};"
        used = {number for _, number in values}
        ranges = _apart([each for each in enum.reserved if not any(each[0] <= number <= each[1] for number in used)])
        yield from _reserved(
            indent + "  ", ranges, self._reserved_names(enum.reserved_names, {name for name, _ in values})
        )
        yield f"{indent}}}"

    def _service(self, service: Service) -> Iterator[str]:
        names = [self.names[each] for each in sorted(self.messages)]
        yield f"service {service.name} {{"
        for method in service.methods if names else ():
            streams = ["stream " if each else "" for each in method["streams"]]
            taken, given = (names[method[each] % len(names)] for each in ("in", "out"))
            level = ("IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT")[method["level"]]
            option = f" {{ option idempotency_level = {level}; }}" if method["level"] else ";"
            yield f"  rpc {method['name']}({streams[0]}{taken}) returns ({streams[1]}{given}){option}"
        yield "}"


def _values(enum: Enum, *, zero_first: bool) -> list[tuple[str, int]]:
    if not zero_first:
        return enum.values
    zeros = [each for each in enum.values if each[1] == 0] or [(f"{enum.name}_ZERO", 0)]
    return [zeros[0], *(each for each in enum.values if each != zeros[0])]


def _apart(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in ranges:
        if all(end < low or start > high for low, high in kept):
            kept.append((start, end))
    return kept


def _reserved(indent: str, ranges: list[tuple[int, int]], names: list[str]) -> Iterator[str]:
    if ranges:
        yield f"{indent}reserved {', '.join(str(a) if a == b else f'{a} to {b}' for a, b in ranges)};"
    if names:
        yield f"{indent}reserved {', '.join(names)};"
