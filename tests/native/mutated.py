"""Payloads with something wrong, or written in an unusual way: what a parser may read in another manner than we do."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import msgspec


@dataclass
class Members:
    """An object, with names and values as pieces of its format; a name may occur more than once."""

    pairs: list[tuple[bytes, Any]]


class Format(Protocol):
    """How payloads are taken apart into `Members`, lists and pieces, and put together again."""

    def parsed(self, payload: bytes) -> Any: ...
    def piece(self, random: Random) -> bytes:
        """A value of any type, or what looks like one."""
        ...

    def respelled(self, random: Random, piece: bytes) -> bytes:
        """A piece in other bytes, often with the same meaning."""
        ...

    def payload(self, random: Random, node: Any) -> bytes: ...


def mutated(random: Random, form: Format, payload: bytes) -> bytes:
    """The payload with up to three things changed; or with none, but perhaps written in another way."""
    node = form.parsed(payload)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        node = _changed(random, form, node)
    payload = form.payload(random, node)
    if random.random() < 0.2:
        at = random.randrange(len(payload) + 1)
        middle = random.choice((b"", bytes([random.randrange(256)]), random.choice((b'"', b"\\", b" ", b",", b"\x00"))))
        payload = payload[:at] + middle + payload[at + random.randrange(2) :]
    return payload


def _changed(random: Random, form: Format, node: Any) -> Any:
    if isinstance(node, Members) and node.pairs:
        at = random.randrange(len(node.pairs))
        name, value = node.pairs[at]
        what = random.random()
        if what < 0.5:
            node.pairs[at] = name, _changed(random, form, value)
        elif what < 0.65:
            node.pairs.insert(random.randrange(len(node.pairs) + 1), (name, random.choice((value, form.piece(random)))))
        elif what < 0.75:
            del node.pairs[at]
        elif what < 0.8:
            node.pairs.append((form.piece(random), form.piece(random)))
        elif what < 0.9:
            node.pairs[at] = form.respelled(random, name), value
        else:
            random.shuffle(node.pairs)
        return node
    if isinstance(node, list) and node and random.random() < 0.8:
        at = random.randrange(len(node))
        node[at] = _changed(random, form, node[at])
        return node
    if isinstance(node, bytes) and random.random() < 0.5:
        return form.respelled(random, node)
    return form.piece(random)


class Json:
    """JSON text."""

    _PIECES = (
        *("null", "true", "0", "-0", "0.0", "-0.0", "-0e5", "1", "1.0", "1e2", "1.5", "1e400", "-1e-400", "NaN", "01"),
        *("9007199254740993", "18446744073709551616", "9" * 639, "9" * 640, "9" * 641, "9" * 1001, f"0.{'1' * 1000}"),
        *('""', '"a"', '"NaN"', '"Infinity"', r'"\ud800"', r'"\ud83d\ude00"', r'"\""', r'"\\"', '"\x01"', "[]", "{}"),
        *('"2024-02-30"', '"2024-02-29"', '"2024-02-29T01:02:03Z"', '"2024-02-29 01:02:03"', '"01:02:03+01:00"'),
        *(
            '"P1D"',
            '"PT-1S"',
            '"YQ=="',
            '"YQ"',
            '"YR=="',
            '"1.10"',
            '"1e3"',
            '"-0"',
            f'"{"0" * 32}"',
            f'"{"1" * 1001}"',
        ),
        *('{"$kept":[]}', '{"a":1,"a":2}', "[1,2", '{"$raw":["msgpack","AA=="]}', '"-0,"', "\ufeff1", '"\ud800"'),
    )

    def parsed(self, payload: bytes) -> Any:
        # Numbers as `bytes`, strings as `str` until they are pieces: nothing else is told apart later.
        decoder = json.JSONDecoder(object_pairs_hook=lambda pairs: Members([(_quoted(k), v) for k, v in pairs]))
        decoder.parse_int = decoder.parse_float = str.encode
        decoder.scan_once = json.scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
        return self._pieces(decoder.decode(payload.decode()))

    def _pieces(self, node: Any) -> Any:
        if isinstance(node, Members):
            return Members([(name, self._pieces(value)) for name, value in node.pairs])
        if isinstance(node, list):
            return [self._pieces(item) for item in node]
        return node if isinstance(node, bytes) else _quoted(node)

    def piece(self, random: Random) -> bytes:
        return random.choice(self._PIECES).encode(errors="surrogatepass")

    def respelled(self, random: Random, piece: bytes) -> bytes:
        if piece[:1] == b'"' and len(piece) > 2 and 0x20 < piece[1] < 0x7F and piece[1:2] != b"\\":
            return b'"\\u%04x' % piece[1] + piece[2:]
        return piece + random.choice((b".0", b"e0", b"0", b" ", b"\x0b"))

    def payload(self, random: Random, node: Any) -> bytes:
        comma, colon = random.choice(((b",", b":"), (b",", b":"), (b" ,\n", b"\t: "), (b",\r", b" :")))

        def written(node: Any) -> bytes:
            if isinstance(node, Members):
                return b"{%b}" % comma.join(name + colon + written(value) for name, value in node.pairs)
            return b"[%b]" % comma.join(map(written, node)) if isinstance(node, list) else node

        return written(node) + random.choice((b"", b"", b" ", b"\n"))


def _quoted(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class Msgpack:
    """MessagePack."""

    _VALUES: tuple[Any, ...] = (
        *(
            None,
            True,
            0,
            1,
            -1,
            2**40,
            2**63,
            2**64 - 1,
            -(2**63),
            0.0,
            -0.0,
            1.0,
            1.5,
            0.1,
            float("nan"),
            float("inf"),
        ),
        *(2.0**53, 2.0**60, "", "a", "ä", "x" * 40, b"", b"a", [], {}, {"a": 1}, {1: 2}, "1.10", "NaN", "2024-02-29"),
        *("2024-02-30", "01:02:03", "P1D", "18446744073709551616", "7", msgspec.msgpack.Ext(5, b"x"), "0" * 1001),
    )
    _BROKEN = (
        b"\xc1",
        b"\xa1\xff",
        b"\x82\xa1a\x01\xa1a\x02",
        b"\xdf\xff\xff\xff\xff",
        b"\xa5ab",
        b"",
        b"\xca\x3f\xc0\0\0",
    )

    def parsed(self, payload: bytes) -> Any:
        return self._pieces(msgspec.msgpack.decode(payload))

    def _pieces(self, node: Any) -> Any:
        if isinstance(node, dict):
            return Members([(msgspec.msgpack.encode(name), self._pieces(value)) for name, value in node.items()])
        return [self._pieces(item) for item in node] if isinstance(node, list) else msgspec.msgpack.encode(node)

    def piece(self, random: Random) -> bytes:
        return (
            msgspec.msgpack.encode(random.choice(self._VALUES))
            if random.random() < 0.8
            else random.choice(self._BROKEN)
        )

    def respelled(self, random: Random, piece: bytes) -> bytes:
        try:
            value = msgspec.msgpack.decode(piece)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return piece
        match value:
            case bool() | None:
                return piece
            case int():
                code, form = random.choice(
                    ((0xCC, ">B"), (0xCD, ">H"), (0xD1, ">h"), (0xD2, ">i"), (0xCF, ">Q"), (0xCB, ">d"))
                )
                return bytes([code]) + struct.pack(form, value) if 0 <= value < 256 else piece
            case float():
                if value.is_integer() and random.random() < 0.7 and abs(value) < 2**63:
                    return msgspec.msgpack.encode(int(value))
                return b"\xca" + struct.pack(">f", value) if abs(value) < 1e30 else piece
            case str() if len(value.encode()) < 256:
                text = value.encode()
                head = random.choice((b"\xd9", b"\xda\0", b"\xdb\0\0\0", b"\xc4", b"\xc5\0", b"\xc7"))
                return head + bytes([len(text)]) + text
        return piece

    def payload(self, random: Random, node: Any) -> bytes:
        wide = random.random() < 0.3

        def written(node: Any) -> bytes:
            if isinstance(node, bytes):
                return node
            parts = (
                [name + written(value) for name, value in node.pairs]
                if isinstance(node, Members)
                else [*map(written, node)]
            )
            base, heads = (0x80, b"\xde\xdf") if isinstance(node, Members) else (0x90, b"\xdc\xdd")
            if len(parts) < 16 and not wide:
                return bytes([base | len(parts)]) + b"".join(parts)
            code, form = random.choice(((heads[0], ">H"), (heads[1], ">I")))
            return bytes([code]) + struct.pack(form, len(parts)) + b"".join(parts)

        return written(node)


FORMATS: dict[str, Format] = {"json": Json(), "msgpack": Msgpack()}
