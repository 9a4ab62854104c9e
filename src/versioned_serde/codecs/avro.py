"""Avro, by fastavro: a tree as one record in binary form, without its schema.

    Version(5, codec="avro")                          the schema is derived from the version's shape
    Version(1, codec=Avro(schema=...), framing=...)   an Avro schema that exists already, and so does data

`avro_schema` gives the derived schema; other programs read and write the payload with it. Its forms:

    str, bytes, bool          string, bytes, boolean
    int                       long; an int of more than 64 bits is not written
    float                     double
    date, uuid                int with the logical type `date`, string with `uuid`
    decimal, datetime,        string, in the texts of JSON: Avro's logical types lose the exponent and the zone
    time, timedelta
    enum                      enum; string if it is open or a member is no Avro name; long if the members are ints
    list, map, object         array, map, record
    union                     union of records, each named by the value of the attribute that tells the arms apart
    `X | None`                union with null
    anything                  string of JSON text

An attribute that may be absent, as it has a default or need not be there, is a union with null, where null says that it
is. If it may be null besides, a record without fields, `versioned_serde.Absent`, says so. Names are escaped where Avro
has no such names (`adapters.avro_schema`). The last field of each record, `_x24_undeclared`, is null, or it holds what
steps keep beside the attributes, as JSON text: undeclared attributes and the complement.

A payload cannot be read without the schema that it was written with, so no older host reads it, and every step raises
min_reader. A value apart from any record, and so every `Raw` of this codec, is JSON text.

A given schema must carry exactly the model: see `adapters.avro_values` for which type carries what. It has no field for
undeclared attributes unless one is put into it, so a value that holds any is not written. An attribute whose field
cannot say that it is absent is always present when it is read, and its default is written out.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import fastavro
from fastavro.schema import fingerprint, parse_schema, to_parsing_canonical_form

from versioned_serde.adapters.avro_records import CODEC, Matching, value_form
from versioned_serde.adapters.avro_schema import Schema, avro_schema
from versioned_serde.adapters.avro_texts import field_texts
from versioned_serde.adapters.avro_values import Form
from versioned_serde.adapters.avro_walk import check
from versioned_serde.adapters.reading import nested
from versioned_serde.adapters.texts import mismatch
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Codec, PayloadCodec, ValueCodec
from versioned_serde.shape import Shape, Type
from versioned_serde.tree import Raw, Tree

__all__ = ["Avro", "avro_schema", "plugin"]


class Avro:
    """The codec `avro`.

    Args:
        schema: a record's Avro schema, as JSON text or as parsed JSON; None to derive it from each version's shape.

    Raises:
        DeclarationError: it is no Avro schema.
    """

    name = CODEC
    id = 5
    retains_unknown = False

    def __init__(self, schema: str | dict[str, Any] | None = None) -> None:
        self._given: Schema = _parsed_json(schema) if isinstance(schema, str) else schema
        if self._given is not None:
            _parsed(self._given)
            # What fastavro notes in a schema that it has parsed is nothing of the schema's.
            self._given = {name: value for name, value in self._given.items() if not name.startswith("__")}

    @property
    def schema(self) -> dict[str, Any]:
        """The given schema, for a schema registry or another program.

        Raises:
            DeclarationError: it is derived, for each version another one; so with `canonical` and `fingerprint`.
        """
        if self._given is None:
            raise DeclarationError(
                "The schema is derived for each version, and this codec has none of its own.",
                hint="That of a shape is `avro_schema(shape)`, and `Avro(schema=avro_schema(shape))` has the rest.",
            )
        return dict(self._given)

    @property
    def canonical(self) -> str:
        """The schema in Avro's Parsing Canonical Form."""
        return to_parsing_canonical_form(self.schema)

    @property
    def fingerprint(self) -> bytes:
        """The CRC-64-AVRO of the canonical form: 8 bytes as they stand in single-object encoding."""
        return bytes.fromhex(fingerprint(self.canonical, "CRC-64-AVRO"))

    def check(self, shape: Shape) -> None:
        self._form(shape, DEFAULT_LIMITS)

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """Objects as records."""
        form = self._form(shape, limits)
        schema, _ = _parsed(_without_logical_types(self._schema_of(shape)))

        def encode(tree: Tree) -> bytes:
            fields = form.write(tree)
            written = BytesIO()
            fastavro.schemaless_writer(written, schema, fields)
            payload = written.getvalue()
            _check_written(form, payload, limits)
            return payload

        def decode(data: bytes) -> Tree:
            if not data:
                raise PayloadError("The payload is empty.")
            check(form.walk, data, limits.max_items)
            try:
                fields = fastavro.schemaless_reader(BytesIO(data), schema, None, return_named_type=True)
            except UnicodeDecodeError:
                raise PayloadError("A str is not UTF-8.") from None
            tree: Tree = form.read(fields)
            return tree

        return PayloadCodec(encode, decode)

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        """A value as JSON text."""
        encode, decode = value_form(type_, limits, limits.max_depth)

        def read(raw: Raw) -> Any:
            if raw.codec != CODEC:
                raise mismatch("a value in avro", "one in another codec")
            return decode(raw.data)

        return ValueCodec(lambda value: Raw(CODEC, encode(value)), read)

    def fields(self, shape: Shape) -> dict[str, str]:
        """See `protocols.NumberedCodec`: of a given schema, since a derived one follows from the shape."""
        return {} if self._given is None else field_texts(*_parsed(self._given), shape)

    def implied(self, shape: Shape) -> frozenset[tuple[str, ...]]:
        """See `protocols.NumberedCodec`: none."""
        return frozenset()

    def _schema_of(self, shape: Shape) -> Schema:
        return avro_schema(shape) if self._given is None else self._given

    def _form(self, shape: Shape, limits: Limits) -> Form:
        schema, named = _parsed(self._schema_of(shape))
        matching = Matching(named, limits)
        return matching.record(shape, matching.looked_up(schema), nested(limits.max_depth))


def plugin() -> Codec:
    """The codec whose schemas are derived."""
    return Avro()


def _check_written(form: Form, payload: bytes, limits: Limits) -> None:
    """Refuses a payload that readers would refuse because it holds too much."""
    if len(payload) > limits.max_items:  # whatever counts takes a byte or more
        try:
            check(form.walk, payload, limits.max_items)
        except LimitError as error:
            raise UnwritableValueError(error.problem, hint=error.hint) from None


def _parsed_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise DeclarationError("The Avro schema is not JSON.", hint="Give the text of an .avsc file.") from None


def _parsed(schema: Schema) -> tuple[Schema, dict[str, Any]]:
    """The schema with full names, and the definitions by them."""
    named: dict[str, Any] = {}
    try:
        parsed = parse_schema(schema, named)
    except Exception as error:
        raise DeclarationError(
            f"fastavro does not take the Avro schema: {type(error).__name__}: {error}.", hint="Correct the schema."
        ) from error
    if not isinstance(parsed, dict) or parsed["type"] != "record":
        raise DeclarationError("The Avro schema is not one of a record.", hint="Give the schema of the whole record.")
    return parsed, named


def _without_logical_types(schema: Schema) -> Schema:
    """The same schema for fastavro, which would convert values, not strictly, where a logical type is."""
    if isinstance(schema, list):
        return [_without_logical_types(branch) for branch in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: value for name, value in schema.items() if name not in {"logicalType", "precision", "scale"}}
    for name in ("type", "items", "values", "fields"):
        if name in plain:
            plain[name] = _without_logical_types(plain[name])
    return plain
