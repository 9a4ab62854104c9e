"""Avro schemas of earlier releases, made of what their locks say of fields: the other way of `adapters.avro_texts`.

A lock has the place and type of each field. Of names it has those that decide something, so the others are made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from versioned_serde.adapters.avro_schema import ABSENT_NAME, Schema, avro_name
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import LockError, SerdeError
from versioned_serde.shape import Shape

_NAMESPACE: Final = "versioned_serde.lock"
_TOKEN: Final = re.compile(r"[()|]|,(?= )|(?:[^\s()|,]|,(?! ))+")
_END: Final = ""
_CLOSING: Final = frozenset({")", "|", ",", _END})


def old_avro(shape: Shape, fields: Mapping[str, str]) -> Avro:
    """The codec whose records have these fields.

    Args:
        shape: of the version.
        fields: name of an attribute or field -> place and type, as `Avro.fields` gives them.

    Raises:
        LockError: that is no schema, or more was in it than the lock says.
    """
    parser = _Parser()
    try:
        placed = sorted((int(text.split(" ", 1)[0]), name, text.split(" ", 1)[1]) for name, text in fields.items())
        record = {
            "type": "record",
            "name": f"{_NAMESPACE}.Record",
            "fields": [
                {"name": avro_name(name) if name in shape.names else name, "type": parser.whole(text)}
                for _, name, text in placed
            ],
        }
        made = Avro(record)
    except (ValueError, IndexError, SerdeError) as error:
        raise LockError(f"The fields in the lock are not those of an Avro record: {error}.") from None
    if made.fields(shape) != dict(fields):
        raise LockError("The fields in the lock do not say all of the Avro schema.")
    return made


class _Parser:
    """Texts of types -> types, in which each name occurs once."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._has_absent = False
        self._tokens: list[str] = []
        self._place = 0

    def whole(self, text: str) -> Schema:
        """The type of a field. Raises `ValueError` or `IndexError`."""
        self._tokens, self._place = [*_TOKEN.findall(text), _END], 0
        found = self._type()
        self._expect(_END)
        return found

    def _type(self, *, in_union: bool = False) -> Schema:
        if self._next == "(":
            return self._union()
        found = self._kind(in_union=in_union)
        if self._next != "as":
            return found
        self._take()
        return self._logical(found)

    def _kind(self, *, in_union: bool) -> Schema:
        match word := self._take():
            case "array" | "map":
                self._expect("of")
                return {"type": word, "items" if word == "array" else "values": self._type()}
            case "enum":
                symbols = []
                while self._next not in _CLOSING:
                    symbols.append(self._take())
                return {"type": "enum", "name": self._name("Enum"), "symbols": symbols}
            case "fixed":
                return {"type": "fixed", "name": self._name("Fixed"), "size": int(self._take())}
            case "record":
                name = self._take() if in_union else "Inner"
                fields = self._fields()
                if fields or name != ABSENT_NAME.rpartition(".")[2]:
                    return {"type": "record", "name": self._name(name), "fields": fields}
                return self._absent()
            case _:
                return word

    def _union(self) -> list[Schema]:
        self._expect("(")
        branches = [self._type(in_union=True)]
        while self._next == "|":
            self._expect("|")
            branches.append(self._type(in_union=True))
        self._expect(")")
        return branches

    def _fields(self) -> list[dict[str, Any]]:
        self._expect("(")
        found: list[dict[str, Any]] = []
        while self._next != ")":
            if found:
                self._expect(",")
            found.append({"name": self._take(), "type": self._type()})
        self._expect(")")
        return found

    def _absent(self) -> Schema:
        """The record without fields that stands for what is absent, which is defined once."""
        if self._has_absent:
            return ABSENT_NAME
        self._has_absent = True
        return {"type": "record", "name": ABSENT_NAME, "fields": []}

    def _logical(self, type_: Schema) -> Schema:
        made = dict(type_) if isinstance(type_, dict) else {"type": type_}
        made["logicalType"] = self._take()
        if made["logicalType"] == "decimal":
            precision, scale = self._take().split(",")
            made |= {"precision": int(precision), "scale": int(scale)}
        return made

    def _name(self, last: str) -> str:
        return f"{_NAMESPACE}.n{next(self._numbers)}.{last}"

    @property
    def _next(self) -> str:
        return self._tokens[self._place]

    def _take(self) -> str:
        if self._next in _CLOSING:
            raise ValueError(f"a type ends before `{self._next}`")
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, token: str) -> None:
        if self._next != token:
            raise ValueError(f"`{self._next}` is where `{token}` should be")
        self._place += 1
