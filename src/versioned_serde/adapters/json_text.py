"""Values as JSON text: the codec's own form, and what other codecs use where their format has none.

What a version declares is written as pydantic's `to_json` writes it (see `texts`), compact and in UTF-8. What it does
not declare keeps its numbers digit by digit: `1.10`, `-0` and `1e400` come out as they went in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from json.encoder import encode_basestring as quoted
from typing import Any, NoReturn

from versioned_serde.adapters.reading import WRAPPER, compile_reader
from versioned_serde.adapters.texts import (
    SPECIAL_FLOATS,
    TextForm,
    float_text,
    mismatch,
    text_form,
    too_long,
    unwritable,
)
from versioned_serde.adapters.writing import checked_name, compile_writer, tried
from versioned_serde.errors import PayloadError, ReadError, UnwritableValueError
from versioned_serde.items import json_exceeds, too_many, unwritably_many
from versioned_serde.levels import too_deep, unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.shape import ScalarName, Type
from versioned_serde.tree import Raw

NAME = "json"
_FOUND = {dict: "object", list: "list", str: "str", bytes: "number", bool: "bool", type(None): "null"}
_split_pair = re.compile("[\ud800-\udbff][\udc00-\udfff]").search


def json_form(
    type_: Type, pieces: JsonPieces, nodes: JsonNodes, room: int | None = None
) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    """Functions that write a value of a type as JSON text in UTF-8, and read it.

    Args:
        type_: the type.
        pieces: how JSON is written.
        nodes: how it is read.
        room: how many objects and lists may be nested in the value; None for the limit.

    Raises:
        DeclarationError: if the type is nested deeper.
    """
    room = pieces.limits.max_depth if room is None else room
    write = compile_writer(pieces, type_, room)
    read = compile_reader(nodes, type_, room)
    most = pieces.limits.max_items

    def encode(value: Any) -> bytes:
        try:
            text = write(value)
        except RecursionError:
            raise unwritably_deep() from None
        try:
            data = encoded(text)
        except UnwritableValueError:
            compile_writer(_Placing(pieces.limits), type_, room)(value)
            raise
        if len(data) > most and json_exceeds(data, most):
            raise unwritably_many(pieces.limits)
        return data

    def decode(data: bytes) -> Any:
        try:
            return read(parsed(data, nodes.limits))
        except RecursionError:
            raise too_deep(nodes.limits) from None

    return encode, decode


def parsed(data: bytes, limits: Limits) -> Any:
    """JSON text as a node for `JsonNodes`.

    Raises:
        PayloadError: it is no JSON text in UTF-8, or a name occurs twice in an object.
        LimitError: it is nested deeper than the interpreter can follow, or holds too many items.
    """
    # The length first: in most payloads it says all, and a call would cost a hundredth of a small one.
    if len(data) > limits.max_items and json_exceeds(data, limits.max_items):
        raise too_many(limits)
    try:
        text = str(data, "utf-8")
        if text[:1] in _BEGINS:  # no white space first; to look for that is slow
            node, end = _parse_first(text)
            if end == len(text):
                return node
        return _parse(text)
    except UnicodeDecodeError as error:
        raise PayloadError(f"The payload is not UTF-8 at byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise PayloadError(f"The payload is not JSON at character {error.pos}.") from None
    except RecursionError:
        raise too_deep(limits) from None


def encoded(text: str) -> bytes:
    """JSON text in UTF-8. Raises `UnwritableValueError` for a str that JSON cannot carry."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        if _split_pair(text):
            # Escaped one after the other they would mean one character: JSON cannot carry these two.
            raise UnwritableValueError("A str has a surrogate pair in place of one character.") from None
        # Lone surrogates stand in strings alone, and Python's escape of one is JSON's.
        return text.encode(errors="backslashreplace")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise PayloadError("A name occurs twice in an object.")
    return members


def _refuse(_: str) -> NoReturn:
    raise PayloadError("The payload is not JSON: it has a bare NaN or Infinity.")


# A number is carried as the bytes of its lexeme: nothing else in parsed JSON is `bytes`.
_decoder = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=str.encode, parse_float=str.encode, parse_constant=_refuse
)
_parse, _parse_first = _decoder.decode, _decoder.raw_decode


_BEGINS = frozenset('{["-0123456789tfn')
"""Of JSON texts; none of them is white space."""


class JsonNodes:
    """Parsed JSON, as `reading` wants it.

    Args:
        limits: the bounds.
        name: for `Raw.codec` of what is kept as JSON text.
    """

    def __init__(self, limits: Limits, name: str = NAME) -> None:
        self.limits = limits
        self.name = name
        self._int = _int_reader(limits)
        self._float = _float_reader(limits)

    def fields(self, node: Any) -> dict[str, Any]:
        if type(node) is not dict:
            raise mismatch("object", _FOUND[type(node)])
        return node

    def items(self, node: Any) -> list[Any]:
        if type(node) is not list:
            raise mismatch("list", _FOUND[type(node)])
        return node

    def is_null(self, node: Any) -> bool:
        return node is None

    def scalar(self, name: ScalarName) -> Callable[[Any], Any]:
        if name == "str":
            return _exactly(name, str)
        if name == "bool":
            return _exactly(name, bool)
        if name == "int":
            return self._int
        if name == "float":
            return self._float
        from_text, number = text_form(name, self.limits).read, name == "decimal"

        def read(node: Any) -> Any:
            if type(node) is str:
                return from_text(node)
            if number and type(node) is bytes:
                return from_text(node.decode())
            raise mismatch(name, _FOUND[type(node)])

        return read

    def anything(self, room: int) -> Callable[[Any], Any]:
        def read(node: Any, room: int = room) -> Any:
            kind = type(node)
            if kind is bytes:
                return self._float(node) if _is_float(node) else self._int(node)
            if kind is dict or kind is list:
                if room < 1:
                    raise too_deep(self.limits)
                if kind is list:
                    return [read(item, room - 1) for item in node]
                return {name: read(item, room - 1) for name, item in node.items()}
            return node

        return read

    def raw(self, room: int) -> Callable[[Any], Raw]:
        def text(node: Any, room: int) -> str:
            kind = type(node)
            if kind is str:
                return quoted(node)
            if kind is bytes:
                return str(node, "ascii")
            if kind is dict or kind is list:
                if room < 1:
                    raise too_deep(self.limits)
                if kind is list:
                    return f"[{','.join([text(item, room - 1) for item in node])}]"
                return f"{{{','.join([f'{quoted(name)}:{text(item, room - 1)}' for name, item in node.items()])}}}"
            return "null" if node is None else "true" if node else "false"

        base64 = text_form("bytes", self.limits)

        def read(node: Any) -> Raw:
            if type(node) is dict and len(node) == 1 and type(pair := node.get(WRAPPER)) is list:
                unwrapped = _unwrapped(pair, self.name, base64)
                if unwrapped is not None:
                    return unwrapped
            return Raw(self.name, encoded(text(node, room)))

        return read


def _int_reader(limits: Limits) -> Callable[[Any], int]:
    longest = limits.max_digits

    def read(node: Any) -> int:
        if type(node) is not bytes:
            raise mismatch("int", _FOUND[type(node)])
        if len(node) > longest and len(node.removeprefix(b"-")) > longest:
            raise too_long(limits)
        try:
            return int(node)
        except ValueError:
            # Not an int, or longer than the interpreter's own bound, `sys.set_int_max_str_digits`.
            raise mismatch("int", "float") if _is_float(node) else too_long(limits) from None

    return read


def _float_reader(limits: Limits) -> Callable[[Any], float]:
    longest = limits.max_digits

    def read(node: Any) -> float:
        if type(node) is bytes:
            if len(node) > longest:
                raise too_long(limits)
            value = float(node)
            if value - value == 0.0:
                return value
            raise mismatch("float", "a number too large for one")
        if type(node) is str and node in SPECIAL_FLOATS:
            return SPECIAL_FLOATS[node]
        raise mismatch("float", _FOUND[type(node)])

    return read


def _unwrapped(pair: list[Any], own: str, base64: TextForm) -> Raw | None:
    """The value of another codec, or None for somebody's own attribute that looks similar."""
    if [type(part) for part in pair] != [str, str] or pair[0] == own:
        return None
    try:
        data = base64.read(pair[1])
    except PayloadError:
        return None
    return Raw(pair[0], data) if base64.write(data) == pair[1] else None


def _is_float(lexeme: bytes) -> bool:
    return b"." in lexeme or b"e" in lexeme or b"E" in lexeme


def _exactly(name: str, kind: type) -> Callable[[Any], Any]:
    def read(node: Any) -> Any:
        if type(node) is not kind:
            raise mismatch(name, _FOUND[type(node)])
        return node

    return read


class JsonPieces:
    """JSON text, as `writing` wants it."""

    name = NAME
    null = "null"

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def scalar(self, name: ScalarName) -> Callable[[Any], str]:
        if name == "str":
            return _write_str
        if name == "float":
            return _write_float
        write = text_form(name, self.limits).write
        if name in {"int", "bool"}:
            return write
        return lambda value: f'"{write(value)}"'

    def anything(self, room: int) -> Callable[[Any], str]:
        write_int = text_form("int", self.limits).write

        def write(value: Any, room: int = room) -> str:
            kind = type(value)
            if kind is str:
                return quoted(value)
            if kind is int:
                return write_int(value)
            if kind is float:
                if value - value != 0.0:
                    raise UnwritableValueError("JSON has no NaN and no infinity where any value may stand.")
                return float_text(value)
            if value is None or kind is bool:
                return "null" if value is None else "true" if value else "false"
            if kind is not dict and kind is not list:
                raise unwritable("a JSON-like value", value)
            if room < 1:
                raise UnwritableValueError(f"Objects and lists are nested deeper than {self.limits.max_depth}.")
            if kind is list:
                return f"[{','.join([write(item, room - 1) for item in value])}]"
            return self.members([(self.key(checked_name(name)), write(item, room - 1)) for name, item in value.items()])

        return write

    def key(self, name: str) -> str:
        return f"{quoted(name)}:"

    def members(self, pairs: list[tuple[str, str]]) -> str:
        return f"{{{','.join([name + value for name, value in pairs])}}}"

    def items(self, pieces: list[str]) -> str:
        return f"[{','.join(pieces)}]"

    def own(self, data: bytes) -> str:
        # It may have come wrapped in another codec's payload, where nobody looked at it: pasted in unseen, it could
        # add members to the objects around it.
        try:
            parsed(data, self.limits)
        except ReadError as error:
            raise UnwritableValueError(f"A kept value is damaged. {error.problem}") from None
        return str(data, "utf-8")

    def foreign(self, raw: Raw) -> str:
        return f'{{"{WRAPPER}":[{quoted(raw.codec)},"{text_form("bytes", self.limits).write(raw.data)}"]}}'


class _Placing(JsonPieces):
    """Finds the place of what only the whole text cannot carry: slow, for the error alone."""

    def scalar(self, name: ScalarName) -> Callable[[Any], str]:
        return tried(super().scalar(name), encoded)

    def anything(self, room: int) -> Callable[[Any], str]:
        return tried(super().anything(room), encoded)


def _write_str(value: Any) -> str:
    if type(value) is not str:
        raise unwritable("str", value)
    return quoted(value)


def _write_float(value: Any) -> str:
    if type(value) is not float:
        raise unwritable("float", value)
    if value - value == 0.0:
        return float_text(value)
    return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'
