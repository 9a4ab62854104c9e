"""Files with Avro schemas -> types. fastavro judges whether they are schemas; what it lets pass is found here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fastavro.schema

from versioned_serde.check.contracts.avro.defaults import fits
from versioned_serde.check.contracts.avro.types import (
    PRIMITIVES,
    Array,
    Enum,
    Field,
    Fixed,
    Logical,
    Map,
    Named,
    Primitive,
    Record,
    Type,
    Union,
)
from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.located import Located, Pointer

_LOGICAL: Final[Mapping[str, tuple[str, ...]]] = {
    "decimal": ("bytes", "fixed"),
    "big-decimal": ("bytes",),
    "uuid": ("string", "fixed"),
    "date": ("int",),
    "time-millis": ("int",),
    "time-micros": ("long",),
    "timestamp-millis": ("long",),
    "timestamp-micros": ("long",),
    "timestamp-nanos": ("long",),
    "local-timestamp-millis": ("long",),
    "local-timestamp-micros": ("long",),
    "local-timestamp-nanos": ("long",),
    "duration": ("fixed",),
}
"""Logical type -> the types that it applies to, in version 1.12 of the specification. All others are ignored."""
_SIZES: Final = {"uuid": 16, "duration": 12}
_NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
_is_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Schema:
    """What one file holds.

    Attributes:
        key: by which the same schema is found on the other side: the name of its type, or else of the file.
        type: its type.
    """

    key: str
    type: Type


def looks_like_one(value: Any) -> bool:
    """Whether JSON is an Avro schema, and can hardly be anything else."""
    match value:
        case {"type": "record" | "error", "name": str(), "fields": list()}:
            return True
        case {"type": "enum", "name": str(), "symbols": list()} | {"type": "fixed", "name": str(), "size": int()}:
            return True
        case list():
            return any(map(looks_like_one, value))
        case _:
            return False


def read(path: Path) -> tuple[Schema, ...]:
    """The schemas of a file, or of all `.avsc` files in a folder, which may name each other's types.

    Raises:
        ContractError: one of them is no schema.
    """
    paths = sorted(path.rglob("*.avsc")) if path.is_dir() else [path]
    if not paths:
        raise ContractError(f"There is no `.avsc` file in `{path}`.")
    documents = [Located(each) for each in paths]
    try:
        _judged(documents)
        return _schemas(path, documents)
    except RecursionError:
        raise ContractError(f"`{path}` is nested deeper than it can be followed.") from None


def _schemas(path: Path, documents: list[Located]) -> tuple[Schema, ...]:
    shells: list[dict[str, Named]] = []
    everywhere: dict[str, Named] = {}
    for document in documents:
        declared: dict[str, Named] = {}
        with _as_contract_error(document):
            _Reading(document, declared).declare()
        shells.append(declared)
        for name, each in declared.items():
            everywhere.setdefault(name, each)
    schemas = []
    for document, declared in zip(documents, shells, strict=True):
        with _as_contract_error(document):
            type_ = _Reading(document, everywhere | declared).type(document.value, "", ())
        key = type_.name if isinstance(type_, Named) else document.path.relative_to(path).as_posix()
        schemas.append(Schema(key, type_))
    for document, declared in zip(documents, shells, strict=True):
        _check_defaults(document, declared)
    return tuple(schemas)


@contextmanager
def _as_contract_error(document: Located) -> Iterator[None]:
    """Around code that raises for JSON that is no schema, be it with a reason or because a part is missing."""
    try:
        yield
    except fastavro.schema.UnknownType:
        raise
    except (fastavro.schema.SchemaParseException, AttributeError, KeyError, TypeError, ValueError) as error:
        why = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise ContractError(f"`{document.path}` is no Avro schema: {why}.") from None


def _judged(documents: list[Located]) -> None:
    """Raises the error of the first document that fastavro takes for no schema, whatever order names need."""
    known: dict[str, Any] = {}
    waiting = documents
    while waiting:
        later: list[Located] = []
        unknown = ""
        for document in waiting:
            named = dict(known)
            try:
                with _as_contract_error(document):
                    fastavro.schema.parse_schema(_without_defaults(document.value), named, _write_hint=False)
            except fastavro.schema.UnknownType as error:
                later.append(document)
                unknown = unknown or f"`{document.path}` names the type `{error.name}`, which is not defined before"
            known |= {name: value for name, value in named.items() if name not in known}
        if len(later) == len(waiting):
            raise ContractError(f"{unknown}.")
        waiting = later


def _without_defaults(value: Any) -> Any:
    """A schema without the defaults of its fields, of which fastavro judges some wrongly; `_check_defaults` does."""
    if isinstance(value, list):
        return [_without_defaults(each) for each in value]
    if not isinstance(value, dict):
        return value
    bare = {key: each for key, each in value.items() if key != "default"}
    for key in bare.keys() & {"type", "items", "values", "fields"}:
        bare[key] = _without_defaults(bare[key])
    return bare


def _check_defaults(document: Located, declared: Mapping[str, Named]) -> None:
    for each in declared.values():
        for field in each.fields if isinstance(each, Record) else ():
            if field.has_default and not fits(field.default, field.type):
                at = f"line {field.place.line}, column {field.place.column}"
                raise ContractError(
                    f"`{document.path}`, {at}: the default of `{each.unqualified}.{field.name}` is no value of its"
                    f" type, {field.type}."
                )


class _Reading:
    """One document, read with the named types that there are."""

    def __init__(self, document: Located, names: dict[str, Named]) -> None:
        self._document = document
        self._names = names

    def declare(self) -> None:
        """Adds the document's named types, without what they hold."""
        for raw, namespace, pointer in _definitions(self._document.value, "", ()):
            name = _full_name(raw, namespace)
            if not _is_name(name):
                raise self._error(pointer, f"`{name}` is no name")
            place = self._document.place(pointer)
            aliases = frozenset(_qualified(alias, name.rpartition(".")[0]) for alias in raw.get("aliases", ()))
            known: dict[str, Any] = {"name": name, "aliases": aliases, "place": place}
            made: Named
            match raw["type"]:
                case "enum":
                    made = Enum(**known, symbols=tuple(raw["symbols"]), default=raw.get("default"))
                    if made.default is not None and made.default not in made.symbols:
                        raise self._error(pointer, f"the default `{made.default}` is no symbol of `{name}`")
                case "fixed":
                    if type(raw["size"]) is not int or raw["size"] < 0:
                        raise self._error(pointer, f"the size of `{name}` is no number of bytes")
                    made = Fixed(**known, size=raw["size"], logical=_logical(raw))
                case _:
                    made = Record(**known)
            self._names[name] = made

    def type(self, raw: Any, namespace: str, pointer: Pointer) -> Type:
        """The type of a part of the document."""
        place = self._document.place(pointer)
        if isinstance(raw, str):
            if raw in PRIMITIVES:
                return Primitive(name=raw, place=place)
            return self._names[_qualified(raw, namespace)]
        if isinstance(raw, list):
            branches = tuple(self.type(each, namespace, (*pointer, index)) for index, each in enumerate(raw))
            self._check_union(branches, pointer)
            return Union(branches=branches, place=place)
        match raw["type"]:
            case "array":
                items = self.type(raw["items"], namespace, (*pointer, "items"))
                return Array(items=items, place=place)
            case "map":
                values = self.type(raw["values"], namespace, (*pointer, "values"))
                return Map(values=values, place=place)
            case "record" | "error":
                name = _full_name(raw, namespace)
                record = self._names[name]
                assert isinstance(record, Record)
                inner = name.rpartition(".")[0]
                fields = enumerate(raw["fields"])
                record.fields = tuple(self._field(each, inner, (*pointer, "fields", index)) for index, each in fields)
                if len({each.name for each in record.fields}) < len(record.fields):
                    raise self._error(pointer, f"two fields of `{name}` have the same name")
                return record
            case "enum" | "fixed":
                return self._names[_full_name(raw, namespace)]
            case _:
                return Primitive(name=raw["type"], place=place, logical=_logical(raw))

    def _field(self, raw: dict[str, Any], namespace: str, pointer: Pointer) -> Field:
        return Field(
            name=raw["name"],
            aliases=tuple(raw.get("aliases", ())),
            type=self.type(raw["type"], namespace, (*pointer, "type")),
            has_default="default" in raw,
            default=raw.get("default"),
            place=self._document.place(pointer),
        )

    def _check_union(self, branches: tuple[Type, ...], pointer: Pointer) -> None:
        seen = set()
        for branch in branches:
            if isinstance(branch, Union):
                raise self._error(pointer, "a union holds a union")
            kind = branch.name if isinstance(branch, Named) else str(branch)
            if kind in seen:
                raise self._error(pointer, f"a union holds `{kind}` twice")
            seen.add(kind)

    def _error(self, pointer: Pointer, what: str) -> ContractError:
        place = self._document.place(pointer)
        return ContractError(f"`{self._document.path}`, line {place.line}, column {place.column}: {what}.")


def _definitions(raw: Any, namespace: str, pointer: Pointer) -> Iterator[tuple[dict[str, Any], str, Pointer]]:
    """Every definition of a named type, with the namespace around it and where it is."""
    if isinstance(raw, list):
        for index, each in enumerate(raw):
            yield from _definitions(each, namespace, (*pointer, index))
    if not isinstance(raw, dict):
        return
    if raw["type"] in _NAMED:
        yield raw, namespace, pointer
    if raw["type"] in {"record", "error"}:
        inner = _full_name(raw, namespace).rpartition(".")[0]
        for index, each in enumerate(raw["fields"]):
            yield from _definitions(each["type"], inner, (*pointer, "fields", index, "type"))
    for key in ("items", "values"):
        if key in raw:
            yield from _definitions(raw[key], namespace, (*pointer, key))


def _full_name(raw: Mapping[str, Any], namespace: str) -> str:
    return _qualified(raw["name"], raw.get("namespace", namespace))


def _qualified(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _logical(raw: Mapping[str, Any]) -> Logical | None:
    """The logical type of a type; None where the specification knows none or it does not apply, which is ignored."""
    name = raw.get("logicalType")
    if not isinstance(name, str) or raw["type"] not in _LOGICAL.get(name, ()):
        return None
    if raw["type"] == "fixed" and name in _SIZES and raw["size"] != _SIZES[name]:
        return None
    if name != "decimal":
        return Logical(name)
    precision = raw.get("precision")
    return Logical(name, precision, raw.get("scale", 0)) if isinstance(precision, int) else None
