"""MessagePack, by msgspec.

Objects are read one level at a time into `msgspec.Raw`, so what a version does not declare keeps its bytes: a float32,
an extension, an int in more bytes than it needs. What MessagePack has no form of its own for is a str, in the texts
of JSON (`adapters.texts`): moments too, because its time stamp loses the offset from UTC, and ints beyond 64 bits. A
value kept in another codec is wrapped: `{"$raw": ["json", bin]}`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from versioned_serde.adapters.reading import WRAPPER, compile_reader
from versioned_serde.adapters.structs import written_alike
from versioned_serde.adapters.texts import mismatch, text_form, unwritable
from versioned_serde.adapters.writing import checked_name, compile_writer, tried
from versioned_serde.errors import LimitError, PayloadError, ReadError, UnwritableValueError
from versioned_serde.items import msgpack_exceeds, too_many, unwritably_many
from versioned_serde.levels import unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.protocols import ModelKind, PayloadCodec, Straight, ValueCodec
from versioned_serde.shape import ObjectType, ScalarName, Shape, Type
from versioned_serde.tree import Raw, Tree

NAME = "msgpack"
_LOWEST, _HIGHEST = -(2**63), 2**64 - 1
_NATIVE: dict[ScalarName, type] = {"str": str, "float": float, "bool": bool, "bytes": bytes}
_TOO_DEEP = "Objects and lists are nested deeper than"

_KINDS = ["int"] * 0x80 + ["object"] * 0x10 + ["list"] * 0x10 + ["str"] * 0x20
_KINDS += ["null", "nothing", *["bool"] * 2, *["bytes"] * 3, *["extension"] * 3, *["float"] * 2, *["int"] * 8]
_KINDS += [*["extension"] * 5, *["str"] * 3, *["list"] * 2, *["object"] * 2, *["int"] * 0x20]
"""What a value is, by its first byte; the table of the format's specification."""
_CONTAINERS = {"object", "list"}

_encode = msgspec.msgpack.Encoder().encode
_members = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_wrapped = msgspec.msgpack.Decoder(dict[str, tuple[str, bytes]]).decode
_whole = msgspec.msgpack.Decoder(msgspec.Raw).decode
_leaf = msgspec.msgpack.Decoder(None | bool | int | float | str).decode
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class MsgpackCodec:
    """The codec `msgpack`."""

    name = NAME
    id = 2
    retains_unknown = True

    def check(self, shape: Shape) -> None:
        """MessagePack can carry every shape."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """Objects as maps with str keys."""
        encode, decode = _compiled(ObjectType(shape), limits)
        return PayloadCodec(encode, decode)

    def straight(self, shape: Shape, kind_of: Callable[[Shape], ModelKind], *, trusted: bool) -> Straight | None:
        """The function of msgspec itself, for trusted Structs alone: it writes values of any type, wrong ones too."""
        return Straight(shape.model, _encode) if trusted and written_alike(shape, kind_of) else None

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        """A value as one MessagePack value."""
        encode, decode = _compiled(type_, limits)

        def read(raw: Raw) -> Any:
            if raw.codec != NAME:
                raise mismatch("a value in msgpack", "one in another codec")
            return decode(raw.data)

        return ValueCodec(lambda value: Raw(NAME, encode(value)), read)


def plugin() -> MsgpackCodec:
    """The codec, for whoever looks plug-ins up by name."""
    return MsgpackCodec()


def _compiled(type_: Type, limits: Limits) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    write = compile_writer(_Pieces(limits), type_, limits.max_depth)
    nodes = _Nodes(limits)
    read = compile_reader(nodes, type_, limits.max_depth)
    most = limits.max_items

    def encode(value: Any) -> bytes:
        try:
            piece = write(value)
        except RecursionError:
            raise unwritably_deep() from None
        try:
            data = _packed(piece)
        except UnwritableValueError:
            compile_writer(_Placing(limits), type_, limits.max_depth)(value)
            raise
        if len(data) > most and msgpack_exceeds(data, most):
            raise unwritably_many(limits)
        return data

    def decode(data: bytes) -> Any:
        if not data:
            raise PayloadError("The payload is empty.")
        if len(data) > most and msgpack_exceeds(data, most):
            raise too_many(limits)
        try:
            return read(data)
        except RecursionError:
            raise nodes.too_deep() from None

    return encode, decode


def _packed(piece: Any) -> bytes:
    try:
        return _encode(piece)
    except UnicodeEncodeError:
        raise UnwritableValueError("A str has a lone surrogate, which MessagePack cannot carry.") from None
    except RecursionError:
        raise unwritably_deep() from None
    except OverflowError:
        raise UnwritableValueError("A value is longer than MessagePack can say.") from None


def _kind(node: Any) -> str:
    return _KINDS[memoryview(node)[0]]


def _count(node: Any) -> int:
    """How many members a map says that it has."""
    head = memoryview(node)[:5]
    if head[0] < 0x90:
        return head[0] & 0x0F
    return int.from_bytes(head[1:3] if head[0] == 0xDE else head[1:5], "big")


class _Nodes:
    """MessagePack values, as `reading` wants them: the payload itself, then a `msgspec.Raw` for each value in it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def fields(self, node: Any) -> dict[str, Any]:
        try:
            members = _members(node)
        except _BROKEN as error:
            raise self._broken(error, "object", node) from None
        if len(members) != _count(node):  # the decoder keeps the last of two
            raise PayloadError("A name occurs twice in an object.")
        return members

    def items(self, node: Any) -> list[Any]:
        try:
            return _items(node)
        except _BROKEN as error:
            raise self._broken(error, "list", node) from None

    def is_null(self, node: Any) -> bool:
        return len(node) == 1 and bytes(node) == b"\xc0"

    def scalar(self, name: ScalarName) -> Callable[[Any], Any]:
        if name == "float":
            return self._float()
        if name == "int":
            return self._int()
        if name == "decimal":
            return self._text_or_int(name)
        if name in _NATIVE:
            return self._decoder(name, _NATIVE[name])
        text, from_text = self._decoder(name, str), text_form(name, self._limits).read
        return lambda node: from_text(text(node))

    def _decoder(self, name: str, kind: Any) -> Callable[[Any], Any]:
        decode = msgspec.msgpack.Decoder(kind).decode

        def read(node: Any) -> Any:
            try:
                return decode(node)
            except _BROKEN as error:
                raise self._broken(error, name, node) from None

        return read

    def _float(self) -> Callable[[Any], float]:
        decode = self._decoder("float", float | int)

        def read(node: Any) -> float:
            value = decode(node)
            if type(value) is int and int(float(value)) != value:
                raise mismatch("float", "an int too large for one")
            return float(value)

        return read

    def _int(self) -> Callable[[Any], int]:
        decode = self._text_or_int("int")

        def read(node: Any) -> int:
            value: int = decode(node)
            if _LOWEST <= value <= _HIGHEST and _kind(node) == "str":
                raise mismatch("int", "str")
            return value

        return read

    def _text_or_int(self, name: ScalarName) -> Callable[[Any], Any]:
        decode, from_text = self._decoder(name, str | int), text_form(name, self._limits).read

        def read(node: Any) -> Any:
            value = decode(node)
            return from_text(value if type(value) is str else str(value))

        return read

    def anything(self, room: int) -> Callable[[Any], Any]:
        def read(node: Any, room: int = room) -> Any:
            kind = _kind(node)
            if kind not in _CONTAINERS:
                try:
                    return _leaf(node)
                except _BROKEN as error:
                    raise self._broken(error, "a JSON-like value", node) from None
            if room < 1:
                raise self.too_deep()
            if kind == "list":
                return [read(item, room - 1) for item in self.items(node)]
            return {name: read(value, room - 1) for name, value in self.fields(node).items()}

        return read

    def raw(self, room: int) -> Callable[[Any], Raw]:
        def read(node: Any) -> Raw:
            data = bytes(node)  # a copy: the node would keep the whole payload alive
            if data.startswith(_WRAPPED) and (unwrapped := _unwrapped(data)) is not None:
                return unwrapped
            if len(data) > room:  # each object or list takes a byte at least
                self._check_depth(data, room)
            return Raw(NAME, data)

        return read

    def _check_depth(self, data: bytes, room: int) -> None:
        level: list[Any] = [data]
        while level := [node for node in level if _kind(node) in _CONTAINERS]:
            if room < 1:
                raise self.too_deep()
            room -= 1
            level = [item for node in level for item in self.items(_as_list(node))]

    def too_deep(self) -> LimitError:
        return LimitError(f"{_TOO_DEEP} {self._limits.max_depth}.", limit="max_depth")

    def _broken(self, error: Exception, expected: str, node: Any) -> ReadError:
        if isinstance(error, RecursionError):
            return self.too_deep()
        if isinstance(error, UnicodeDecodeError):
            return PayloadError("A str is not UTF-8.")
        if not isinstance(error, msgspec.ValidationError):
            return PayloadError("The payload is not MessagePack.")
        if expected == "object" and _kind(node) == "object":
            return PayloadError("A name in an object is not a str.")
        return mismatch(expected, _kind(node))


def _as_list(node: Any) -> bytes:
    """A map as the list of its keys and values, so that keys of any type can be walked over."""
    if _kind(node) == "list":
        return bytes(node)
    head = {0xDE: 3, 0xDF: 5}.get(memoryview(node)[0], 1)
    return b"\xdd" + (2 * _count(node)).to_bytes(4, "big") + bytes(memoryview(node)[head:])


_WRAPPED = _encode({WRAPPER: ("", b"")})[: len(WRAPPER) + 3]
"""How a wrapper begins: a map of one, the name, a list of two."""


def _unwrapped(data: bytes) -> Raw | None:
    """The value of another codec, or None for somebody's own attribute that looks similar."""
    try:
        codec, value = _wrapped(data)[WRAPPER]
    except _BROKEN:
        return None
    return Raw(codec, value) if codec != NAME and _encode({WRAPPER: (codec, value)}) == data else None


class _Pieces:
    """Plain Python values that msgspec encodes in one go, as `writing` wants them."""

    name = NAME
    null = None

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def scalar(self, name: ScalarName) -> Callable[[Any], Any]:
        if name == "int":
            return self._int()
        if name in _NATIVE:
            return _exactly(name, _NATIVE[name])
        return text_form(name, self._limits).write

    def _int(self) -> Callable[[Any], Any]:
        as_text = text_form("int", self._limits).write

        def write(value: Any) -> Any:
            if type(value) is int and _LOWEST <= value <= _HIGHEST:
                return value
            return as_text(value)

        return write

    def anything(self, room: int) -> Callable[[Any], Any]:
        def write(value: Any, room: int = room) -> Any:
            kind = type(value)
            if kind is str or kind is float or kind is bool or value is None:
                return value
            if kind is int and _LOWEST <= value <= _HIGHEST:
                return value
            if kind is not dict and kind is not list:
                raise unwritable("a JSON-like value of at most 64 bits", value)
            if room < 1:
                raise UnwritableValueError(f"{_TOO_DEEP} {self._limits.max_depth}.")
            if kind is list:
                return [write(item, room - 1) for item in value]
            return {checked_name(name): write(item, room - 1) for name, item in value.items()}

        return write

    def key(self, name: str) -> str:
        return name

    def members(self, pairs: list[tuple[str, Any]]) -> Tree:
        return dict(pairs)

    def items(self, pieces: list[Any]) -> list[Any]:
        return pieces

    def own(self, data: bytes) -> msgspec.Raw:
        # It may have come wrapped in another codec's payload, where nobody looked at it: cut off or too long, it would
        # swallow or add members around it.
        try:
            return _whole(data).copy()
        except _BROKEN:
            raise UnwritableValueError("A kept value is damaged. It is not one MessagePack value.") from None

    def foreign(self, raw: Raw) -> Tree:
        return {WRAPPER: (raw.codec, raw.data)}


class _Placing(_Pieces):
    """Finds the place of what only the encoder refuses: slow, for the error alone."""

    def scalar(self, name: ScalarName) -> Callable[[Any], Any]:
        return tried(super().scalar(name), _packed)

    def anything(self, room: int) -> Callable[[Any], Any]:
        return tried(super().anything(room), _packed)


def _exactly(name: str, kind: type) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        if type(value) is not kind:
            raise unwritable(name, value)
        return value

    return write
