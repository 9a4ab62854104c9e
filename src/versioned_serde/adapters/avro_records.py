"""Types of a shape in types of an Avro schema: records, lists, maps, unions, nulls and absent attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from versioned_serde.adapters import avro_walk as walks
from versioned_serde.adapters.avro_schema import (
    ABSENT_NAME,
    UNDECLARED,
    UNDECLARED_TYPE,
    Schema,
    avro_name,
    refuse_recursive,
    type_name,
)
from versioned_serde.adapters.avro_values import AvroType, Form, enum_form, refused, scalar_form, write_str
from versioned_serde.adapters.json_text import JsonNodes, JsonPieces, json_form
from versioned_serde.adapters.reading import MAP_PLACE, nested
from versioned_serde.adapters.texts import mismatch, unwritable
from versioned_serde.adapters.writing import checked_name
from versioned_serde.errors import DeclarationError, PayloadError, ReadError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.protocols import NOTHING
from versioned_serde.shape import (
    FACTORY,
    AnyType,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Tree

CODEC = "avro"
_REST = ObjectType(Shape("Undeclared", ()))


class _Pieces(JsonPieces):
    """JSON text in which a `Raw` of this codec stands as it is."""

    name = CODEC


def value_form(type_: Type, limits: Limits, room: int) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    """Functions for a value apart from its place, as JSON text: Avro's own form says nothing without a schema."""
    return json_form(type_, _Pieces(limits), JsonNodes(limits, CODEC), room)


@dataclass(frozen=True, slots=True)
class _Slot:
    """An attribute in its field.

    Attributes:
        name: the attribute's.
        field: the field's.
        form: `read` gives `NOTHING` for an absent attribute.
        absent: what is written for one; `NOTHING` if it must be there.
    """

    name: str
    field: str
    form: Form
    absent: Any


class Matching:
    """Matches types of shapes with types of one schema.

    Args:
        named: the definitions of the schema's named types, by their full names.
        limits: the bounds.
    """

    def __init__(self, named: Mapping[str, Mapping[str, Any]], limits: Limits) -> None:
        self._named = named
        self._limits = limits

    def looked_up(self, schema: Schema) -> AvroType:
        """A part of the schema that is no union."""
        definition = self._named.get(schema, {"type": schema}) if isinstance(schema, str) else schema
        kind = definition["type"]
        return AvroType("record" if kind == "error" else kind, definition.get("logicalType", ""), definition)

    def record(self, shape: Shape, avro: AvroType, room: int, said: Mapping[str, Any] | None = None) -> Form:
        """The form of objects.

        Args:
            shape: of the object.
            avro: the record.
            room: how many objects and lists may be nested in the object.
            said: attributes that the record's name says, with their values; they need no fields.

        Raises:
            DeclarationError: the record does not carry exactly the shape.
        """
        refuse_recursive(shape)
        if avro.kind != "record":
            raise refused(ObjectType(shape), avro, "record")
        types: dict[str, Schema] = {field["name"]: field["type"] for field in avro.schema["fields"]}
        said = {name: value for name, value in (said or {}).items() if avro_name(name) not in types}
        if not types and not said:
            raise DeclarationError(
                f"The Avro record `{avro.name}` has no fields, so any number of them takes no bytes.",
                hint="Give it a field.",
            )
        slots = {
            avro_name(attribute.name): self._slot(attribute, types, avro, room)
            for attribute in shape.attributes
            if attribute.name not in said
        }
        forms = {field: (slot.name, slot.form.walk) for field, slot in slots.items()}
        write_rest = read_rest = None
        if types.get(UNDECLARED) == UNDECLARED_TYPE:
            forms[UNDECLARED] = ("", walks.union([walks.absent, walks.kept]))
            write_rest, read_rest = value_form(_REST, self._limits, room + 1)
        if extra := types.keys() - forms.keys():
            raise DeclarationError(
                f"The Avro record `{avro.name}` has the field `{min(extra)}`, and `{shape.name}` no such attribute.",
                hint="Declare the attribute in the model; what the model does not hold could not be written again.",
            )
        return Form(
            _record_writer(tuple(slots.values()), said, write_rest),
            _record_reader(tuple(slots.values()), said, read_rest),
            walks.record([forms[field] for field in types]),
        )

    def _slot(self, attribute: Attribute, types: Mapping[str, Schema], avro: AvroType, room: int) -> _Slot:
        field = avro_name(attribute.name)
        try:
            if field not in types:
                raise DeclarationError(f"The Avro record `{avro.name}` has no field `{field}`.", hint="Add it there.")
            return _Slot(attribute.name, field, *self._attribute(attribute, types[field], room))
        except DeclarationError as error:
            raise error.inside(attribute.name) from None

    def _attribute(self, attribute: Attribute, schema: Schema, room: int) -> tuple[Form, Any]:
        """The form, and what is written if the attribute is absent."""
        type_ = attribute.type
        if not attribute.optional:
            return self._type(type_, schema, room), NOTHING
        names = [self.looked_up(branch).name for branch in schema] if isinstance(schema, list) else []
        if ABSENT_NAME in names:
            return self._type(type_, schema, room, absent=ABSENT_NAME), (ABSENT_NAME, {})
        if "null" in names and not isinstance(type_, NullableType):
            return self._type(type_, schema, room, absent="null"), ("null", None)
        form = self._type(type_, schema, room)
        if attribute.default is FACTORY:
            return form, NOTHING
        if not isinstance(attribute.default, Constant):
            raise DeclarationError(
                "The attribute may be absent and has no default, and its Avro field cannot say so.",
                hint="Declare a default or, unless the attribute may be null, make the field a union with null.",
            )
        try:
            return form, form.write(attribute.default.value)
        except UnwritableValueError as error:
            raise DeclarationError(
                f"The Avro field cannot say the default. {error.problem}", hint="Declare another default."
            ) from None

    def _type(self, type_: Type, schema: Schema, room: int, absent: str = "") -> Form:
        """The form of a type where the branch of the name `absent` stands for no value."""
        nullable = isinstance(type_, NullableType)
        while isinstance(type_, NullableType):
            type_ = type_.inner
        branches = [self.looked_up(branch) for branch in (schema if isinstance(schema, list) else [schema])]
        others = [avro for avro in branches if avro.name != absent and not (nullable and avro.kind == "null")]
        found = " | ".join(map(str, branches))
        if nullable and all(avro.kind != "null" for avro in branches):
            raise refused(NullableType(type_), found, "a union with null")
        if isinstance(type_, UnionType):
            forms, pick = self._arms(type_, others, found, room)
        elif len(others) == 1:
            forms, pick = {others[0].name: self._single(type_, others[0], room)}, _always(others[0].name)
        else:
            raise refused(type_, found, "one type, or of a union with null if it may be null or absent")
        if not isinstance(schema, list):
            form = forms[others[0].name]
            return Form(lambda value: forms[pick(value)].write(value), form.read, form.walk)
        walked = {name: form.walk for name, form in forms.items()}
        walked |= {"null": walks.null} if nullable else {}
        walked |= {absent: walks.absent}
        return Form(
            _branch_writer(forms, pick, nullable=nullable),
            _branch_reader(forms, absent, nullable=nullable),
            walks.union([walked[avro.name] for avro in branches]),
        )

    def _single(self, type_: Type, avro: AvroType, room: int) -> Form:
        match type_:
            case Scalar():
                return scalar_form(type_, avro, self._limits)
            case EnumType():
                return enum_form(type_, avro)
            case AnyType() if avro.kind == "string":
                return self._anything(room)
            case ObjectType(shape):
                return self.record(shape, avro, nested(room))
            case ListType(item) if avro.kind == "array":
                return _array(self._type(item, avro.schema["items"], nested(room)))
            case MapType(value) if avro.kind == "map":
                return _map(self._type(value, avro.schema["values"], nested(room)))
        raise refused(type_, avro, {AnyType: "string", ListType: "array", MapType: "map"}.get(type(type_), "no kind"))

    def _anything(self, room: int) -> Form:
        encode, decode = json_form(AnyType(), JsonPieces(self._limits), JsonNodes(self._limits), room)
        return Form(lambda value: str(encode(value), "utf-8"), lambda text: decode(text.encode()), walks.json_text)

    def _arms(
        self, type_: UnionType, records: Sequence[AvroType], found: str, room: int
    ) -> tuple[dict[str, Form], Callable[[Any], str]]:
        """The forms of the arms by their records' full names, and which one a value is of."""
        by_name = {avro.name.rpartition(".")[2]: avro for avro in records}
        forms: dict[str, Form] = {}
        names: dict[str | int, str] = {}
        for tag, arm in type_.objects:
            avro = by_name.get(type_name(str(tag)))
            if avro is None:
                raise refused(type_, found, f"a union with a record of the name `{type_name(str(tag))}`")
            form = self.record(arm.shape, avro, nested(room), {type_.discriminator: tag})
            forms[avro.name] = Form(form.write, _arm_reader(form.read, type_.discriminator, tag), form.walk)
            names[tag] = avro.name
        if len(forms) != len(records):
            raise refused(type_, found, "a union of a record for each of its arms")
        return forms, _arm_picker(type_.discriminator, names)


def _always(name: str) -> Callable[[Any], str]:
    return lambda _: name


def _record_writer(
    slots: Sequence[_Slot], said: Mapping[str, Any], write_rest: Callable[[Any], bytes] | None
) -> Callable[[Any], Any]:
    declared = frozenset(slot.name for slot in slots) | said.keys()
    steps = [(slot.name, slot.field, slot.form.write, slot.absent) for slot in slots]

    def write(tree: Any) -> Tree:
        if type(tree) is not dict:
            raise unwritable("object", tree)
        fields: Tree = {}
        name = ""
        try:
            for name, field, write_value, absent in steps:
                if name in tree:
                    fields[field] = write_value(tree[name])
                elif absent is NOTHING:
                    raise UnwritableValueError("The attribute is always written, and it is absent.")
                else:
                    fields[field] = absent
        except UnwritableValueError as error:
            raise error.inside(name) from None
        rest = {name: value for name, value in tree.items() if name not in declared}
        if write_rest is not None:
            fields[UNDECLARED] = ("string", str(write_rest(rest), "utf-8")) if rest else ("null", None)
        elif rest:
            raise UnwritableValueError(
                "The value holds what its version does not declare, and the Avro schema has no field for that.",
                hint=f"Add the field `{UNDECLARED}` of the type {UNDECLARED_TYPE} to the records, in a version more.",
            ).inside(checked_name(next(iter(rest))))
        return fields

    return write


def _record_reader(
    slots: Sequence[_Slot], said: Mapping[str, Any], read_rest: Callable[[bytes], Any] | None
) -> Callable[[Any], Tree]:
    steps = [(slot.name, slot.field, slot.form.read) for slot in slots]

    def read(fields: Any) -> Tree:
        tree: Tree = dict(said)
        name = ""
        try:
            for name, field, read_value in steps:
                if (value := read_value(fields[field])) is not NOTHING:
                    tree[name] = value
        except ReadError as error:
            raise error.inside(name) from None
        if read_rest is not None and (text := fields[UNDECLARED]) is not None:
            rest = read_rest(text.encode())
            for name, _, _ in steps:
                if name in rest:
                    raise PayloadError("The attribute is declared, and it is kept like an undeclared one.").inside(name)
            tree.update(rest)
        return tree

    return read


def _branch_writer(forms: Mapping[str, Form], pick: Callable[[Any], str], *, nullable: bool) -> Callable[[Any], Any]:
    def write(value: Any) -> tuple[str, Any]:
        if value is None and nullable:
            return "null", None
        name = pick(value)
        return name, forms[name].write(value)

    return write


def _branch_reader(forms: Mapping[str, Form], absent: str, *, nullable: bool) -> Callable[[Any], Any]:
    """Fastavro gives a value of a named type with its name, null as None, and any other value as it is."""
    null = None if nullable else NOTHING
    only = next(iter(forms.values())).read

    def read(found: Any) -> Any:
        if found is None:
            return null
        if type(found) is not tuple:
            return only(found)
        name, value = found
        return NOTHING if name == absent else forms[name].read(value)

    return read


def _arm_picker(discriminator: str, names: Mapping[str | int, str]) -> Callable[[Any], str]:
    kind = type(next(iter(names)))

    def pick(tree: Any) -> str:
        if type(tree) is not dict:
            raise unwritable("object", tree)
        if discriminator not in tree:
            problem = "The attribute that tells the union's arms apart is missing."
            raise UnwritableValueError(problem).inside(discriminator)
        tag = tree[discriminator]
        if type(tag) is not kind:
            raise unwritable(kind.__name__, tag).inside(discriminator)
        if tag not in names:
            problem = "Expected a value of one of the union's arms, found another one."
            raise UnwritableValueError(problem).inside(discriminator)
        return names[tag]

    return pick


def _arm_reader(read: Callable[[Any], Tree], discriminator: str, tag: str | int) -> Callable[[Any], Tree]:
    def read_arm(fields: Any) -> Tree:
        tree = read(fields)
        if tree.get(discriminator, NOTHING) != tag:
            raise mismatch("the value of the union's arm that the record is", "another one").inside(discriminator)
        return tree

    return read_arm


def _array(item: Form) -> Form:
    def converted(convert: Callable[[Any], Any], values: Any) -> list[Any]:
        done: list[Any] = []
        try:
            for value in values:
                done.append(convert(value))  # noqa: PERF401 - a comprehension could not tell which item failed
        except (ReadError, UnwritableValueError) as error:
            raise error.inside(f"[{len(done)}]") from None
        return done

    def write(value: Any) -> list[Any]:
        if type(value) is not list:
            raise unwritable("list", value)
        return converted(item.write, value)

    return Form(write, lambda found: converted(item.read, found), walks.array(item.walk))


def _map(value_form: Form) -> Form:
    def write(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise unwritable("map", value)
        try:
            return {write_str(checked_name(name)): value_form.write(each) for name, each in value.items()}
        except UnwritableValueError as error:
            raise error.inside(MAP_PLACE) from None

    def read(found: Any) -> dict[str, Any]:
        try:
            return {name: value_form.read(each) for name, each in found.items()}
        except ReadError as error:
            raise error.inside(MAP_PLACE) from None

    return Form(write, read, walks.map_(value_form.walk))
