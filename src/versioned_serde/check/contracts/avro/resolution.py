"""Schema resolution: whether a reader's schema reads all that was written with a writer's.

The norm is the section "Schema Resolution" of version 1.12 of the specification
(https://avro.apache.org/docs/1.12.0/specification/#schema-resolution). Where it leaves something open:

- Named types match by their names without namespaces, or by an alias of the reader's that is the writer's full name.
- A union of the reader's is searched for the first branch that matches, and no further if that cannot be resolved.
- Whether records match depends on their names alone.
- Two decimals match if precision and scale do, and if the types beneath them do. Any other logical type leaves the
  match to the type beneath.
- A field's own name goes before aliases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from versioned_serde.check.contracts.avro.types import (
    Array,
    Enum,
    Field,
    Fixed,
    Map,
    Named,
    Primitive,
    Record,
    Type,
    Union,
)
from versioned_serde.check.finding import Place

Step = tuple[str, Any]
"""A step into a writer's schema: `("field", name)`, `("branch", index)`, `("items", None)` or `("values", None)`."""

_PROMOTED: Final = {
    "int": {"long", "float", "double"},
    "long": {"float", "double"},
    "float": {"double"},
    "string": {"bytes"},
    "bytes": {"string"},
}
_INEXACT: Final = {("int", "float"): 2**24 + 1, ("long", "float"): 2**24 + 1, ("long", "double"): 2**53 + 1}
"""Promotions that lose digits, each with the smallest number for which they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something that stands between a writer and a reader.

    Attributes:
        rule: the rule's name.
        steps: the way to it in the writer's schema.
        attribute: the same for people, such as `lines[].sku`.
        what: the message, in which `{writer}` and `{reader}` stand for the two sides.
        writer: where it is in the writer's schema, and `reader` in the reader's.
        value: a value at the end of `steps` that shows it; None for any value.
    """

    rule: str
    steps: tuple[Step, ...]
    attribute: str
    what: str
    writer: Place
    reader: Place
    value: Any = None


@dataclass(frozen=True, slots=True)
class _At:
    """Where a comparison is."""

    steps: tuple[Step, ...]
    attribute: str
    writer: Place
    reader: Place

    def deeper(self, step: Step, part: str, writer: Type, reader: Type) -> _At:
        dot = "." if self.attribute and not part.startswith("[") else ""
        return _At(
            (*self.steps, step),
            f"{self.attribute}{dot}{part}",
            _place(writer, self.writer),
            _place(reader, self.reader),
        )

    def into(self, step: Step, name: str, writer: Place, reader: Place) -> _At:
        dot = "." if self.attribute else ""
        return _At((*self.steps, step), f"{self.attribute}{dot}{name}", writer, reader)

    def obstacle(self, rule: str, what: str, value: Any = None, **places: Place) -> Obstacle:
        return Obstacle(
            rule=rule,
            steps=self.steps,
            attribute=self.attribute,
            what=what,
            **({"writer": self.writer, "reader": self.reader} | places),
            value=value,
        )


def obstacles(writer: Type, reader: Type) -> tuple[Obstacle, ...]:
    """All that a reader's schema cannot read of what is written with a writer's, and what it reads as something else.

    Each pair of records is compared once, at the first place where it is met, so schemas may be recursive.
    """
    return tuple(_Resolution().resolved(writer, reader, _At((), "", writer.place, reader.place)))


def matches(writer: Type, reader: Type) -> bool:
    """Whether two schemas match, so that a reader tries to resolve them."""
    match writer, reader:
        case (Union(), _) | (_, Union()):
            return True
        case (Array(), Array()) | (Map(), Map()):
            return True  # a union has one of each, so none else is passed over if they cannot be resolved
        case (Record(), Record()) | (Enum(), Enum()):
            assert isinstance(writer, Named)
            assert isinstance(reader, Named)
            return _same_name(writer, reader)
        case Fixed(), Fixed():
            return writer.size == reader.size and _same_name(writer, reader) and not _decimals_differ(writer, reader)
        case Primitive(), Primitive():
            promoted = reader.name == writer.name or reader.name in _PROMOTED.get(writer.name, ())
            return promoted and not _decimals_differ(writer, reader)
        case _:
            return False


class _Resolution:
    def __init__(self) -> None:
        self._compared: set[tuple[int, int]] = set()

    def resolved(self, writer: Type, reader: Type, at: _At) -> Iterator[Obstacle]:
        if isinstance(writer, Union):
            for index, branch in enumerate(writer.branches):
                yield from self._branch(branch, reader, at.deeper(("branch", index), "", branch, reader))
            return
        if isinstance(reader, Union):
            found = next((each for each in reader.branches if matches(writer, each)), None)
            if found is None:
                yield from self._missing(writer, reader, at)
                return
            reader = found
        match writer, reader:
            case (Array(), Array()):
                deeper = at.deeper(("items", None), "[]", writer.items, reader.items)
                yield from self.resolved(writer.items, reader.items, deeper)
            case (Map(), Map()):
                deeper = at.deeper(("values", None), "[]", writer.values, reader.values)
                yield from self.resolved(writer.values, reader.values, deeper)
            case (Record(), Record()) | (Enum(), Enum()) | (Fixed(), Fixed()):
                assert isinstance(writer, Named)
                assert isinstance(reader, Named)
                yield from self._named(writer, reader, at)
            case (Primitive(), Primitive()) if reader.name == writer.name or reader.name in _PROMOTED.get(
                writer.name, ()
            ):
                yield from _primitive(writer, reader, at)
            case _:
                what = f"{{writer}} writes `{writer}`, and {{reader}} reads `{reader}`"
                yield at.obstacle("avro-type-not-promotable", what)

    def _branch(self, branch: Type, reader: Type, at: _At) -> Iterator[Obstacle]:
        if isinstance(reader, Union) or matches(branch, reader) or _alike(branch, reader):
            yield from self.resolved(branch, reader, at)
        else:
            what = f"{{writer}} may write `{branch}`, and {{reader}} reads `{reader}`"
            yield at.obstacle("avro-union-branch-missing", what)

    def _missing(self, writer: Type, reader: Union, at: _At) -> Iterator[Obstacle]:
        """Why no branch of the reader's matches: how the one that was meant differs, if there is one."""
        meant = [each for each in reader.branches if _alike(writer, each)]
        if len(meant) == 1:
            yield from self.resolved(writer, meant[0], at)
        else:
            what = f"{{writer}} may write `{writer}`, and {{reader}} reads only {reader}"
            yield at.obstacle("avro-union-branch-missing", what)

    def _named(self, writer: Named, reader: Named, at: _At) -> Iterator[Obstacle]:
        if (id(writer), id(reader)) in self._compared:
            return
        self._compared.add((id(writer), id(reader)))
        if not _same_name(writer, reader):
            what = f"`{writer.name}` of {{writer}} is `{reader.name}` in {{reader}}, without an alias for it there"
            yield at.obstacle("avro-name-changed", what, writer=writer.place, reader=reader.place)
            return
        match writer, reader:
            case Record(), Record():
                yield from self._record(writer, reader, at)
            case Enum(), Enum():
                yield from _enum(writer, reader, at)
            case Fixed(), Fixed():
                if writer.size != reader.size:
                    what = f"`{writer.name}` has {writer.size} bytes in {{writer}} and {reader.size} in {{reader}}"
                    yield at.obstacle("avro-fixed-size-changed", what, writer=writer.place, reader=reader.place)
                else:
                    yield from _logical(writer, reader, at)

    def _record(self, writer: Record, reader: Record, at: _At) -> Iterator[Obstacle]:
        by_name = {each.name: each for each in reader.fields}
        by_alias = {alias: each for each in reader.fields for alias in each.aliases}
        read: dict[str, list[Field]] = {each.name: [] for each in reader.fields}
        for field in writer.fields:
            found = by_name.get(field.name, by_alias.get(field.name))
            if found is not None:
                read[found.name].append(field)
            claims = {each.name for each in (by_name.get(field.name), by_alias.get(field.name)) if each is not None}
            if len(claims) > 1:
                what = f"`{field.name}` of {{writer}} may be {_and(claims)} in {{reader}}, by name or alias"
                yield at.into(("field", field.name), field.name, field.place, reader.place).obstacle(
                    "avro-alias-ambiguous", what
                )
        for field in reader.fields:
            written = read[field.name]
            if not written and not field.has_default:
                what = f"`{reader.unqualified}.{field.name}` is not in {{writer}}, and has no default in {{reader}}"
                name = f"{at.attribute}.{field.name}" if at.attribute else field.name
                yield _At(at.steps, name, writer.place, field.place).obstacle("avro-field-without-default", what)
            elif len(written) > 1:
                names = {each.name for each in written}
                what = f"{_and(names)} of {{writer}} are both `{field.name}` in {{reader}}, by name or alias"
                yield at.into(("field", written[0].name), field.name, written[-1].place, field.place).obstacle(
                    "avro-alias-ambiguous", what
                )
            elif written:
                (found_,) = written
                deeper = at.into(("field", found_.name), found_.name, found_.place, field.place)
                yield from self.resolved(found_.type, field.type, deeper)


def _enum(writer: Enum, reader: Enum, at: _At) -> Iterator[Obstacle]:
    missing = [symbol for symbol in writer.symbols if symbol not in reader.symbols]
    if not missing:
        return
    places = {"writer": writer.place, "reader": reader.place}
    what = f"{{writer}} may write {_and(missing)} of `{writer.name}`, "
    if reader.default is None:
        unread = f"{what}which {{reader}} does not have, and its enum has no default"
        yield at.obstacle("avro-symbol-removed", unread, missing[0], **places)
    else:
        lost = f"{what}which {{reader}} reads as `{reader.default}`"
        yield at.obstacle("avro-symbol-read-as-default", lost, missing[0], **places)


def _primitive(writer: Primitive, reader: Primitive, at: _At) -> Iterator[Obstacle]:
    if (value := _INEXACT.get((writer.name, reader.name))) is not None:
        what = f"{{reader}} reads `{writer.name}` as `{reader.name}`, which has not the digits of all numbers"
        yield at.obstacle("avro-promotion-inexact", what, value)
    if (writer.name, reader.name) == ("bytes", "string"):
        what = "{reader} reads as `string` what {writer} writes as `bytes`, which need not be UTF-8"
        yield at.obstacle("avro-bytes-as-string", what, b"\xff")
    yield from _logical(writer, reader, at)


def _logical(writer: Type, reader: Type, at: _At) -> Iterator[Obstacle]:
    if writer.logical == reader.logical:
        return
    if _decimals_differ(writer, reader):
        what = f"`{writer.logical}` of {{writer}} is `{reader.logical}` in {{reader}}"
        value = b"\x01" if isinstance(writer, Primitive) else None
        yield at.obstacle("avro-decimal-changed", what, value)
    elif writer.logical is not None and reader.logical is not None:
        what = f"`{writer.logical}` of {{writer}} is `{reader.logical}` in {{reader}}: the same bytes, another meaning"
        yield at.obstacle("avro-logical-type-changed", what)


def _same_name(writer: Named, reader: Named) -> bool:
    return writer.unqualified == reader.unqualified or writer.name in reader.aliases


def _decimals_differ(writer: Type, reader: Type) -> bool:
    both = writer.logical is not None and reader.logical is not None
    return both and writer.logical.name == reader.logical.name == "decimal" and writer.logical != reader.logical  # type: ignore[union-attr]


def _alike(writer: Type, reader: Type) -> bool:
    """Whether one may be meant to be the other: a finding then says how they differ."""
    match writer, reader:
        case Fixed(), Fixed():
            return _same_name(writer, reader)
        case Primitive(), Primitive():
            return _decimals_differ(writer, reader) and writer.name == reader.name
        case _:
            return False


def _place(type_: Type, around: Place) -> Place:
    """Of a type that is written out at its place its own; a named one may be defined elsewhere."""
    return around if isinstance(type_, Named) else type_.place


def _and(names: Any) -> str:
    return " and ".join(f"`{each}`" for each in (sorted(names) if isinstance(names, set) else names))
