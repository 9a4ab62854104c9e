"""The inputs: as large as the bounds let a record be, or as large as the environment's HOSTILE_BYTES says."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pydantic
import zstandard

from tests.protos.build import classes
from versioned_serde import Limits, Schema, Version
from versioned_serde.envelope.binary import prefix, uvarint
from versioned_serde.envelope.headers import NAME, to_headers
from versioned_serde.limits import DEFAULT_LIMITS

SIZE = int(os.environ.get("HOSTILE_BYTES", DEFAULT_LIMITS.max_bytes))
"""Of most inputs, in bytes."""
MANY = DEFAULT_LIMITS.max_items * SIZE // DEFAULT_LIMITS.max_bytes
"""Items, as many as are allowed."""
LIMITS = Limits(max_items=MANY)
SMALL = Limits(max_items=MANY, max_inflated=16 << 20)
MESSAGE = classes(
    """
    message Item
    int32 size = 1
    message Record
    repeated int32 numbers = 1
    repeated Item parts = 2
    map int32 sizes = 3
    """
)["Record"]


class Typed(pydantic.BaseModel):
    numbers: list[int] = []
    texts: list[str] = []
    lists: list[list[int]] = []


@dataclass
class Loose:
    numbers: list[int]
    any: Any = None


class Input(NamedTuple):
    """One input.

    Attributes:
        make: gives the schema, the record, and what stands beside it.
        refused: the limit that it exceeds, or the name of another error; empty for a value.
        memory: the most that reading 64 MiB may take beside the record itself, in MiB.
    """

    make: Callable[[], tuple[Schema[Any], bytes, Mapping[str, str] | None]]
    refused: str
    memory: int


def _read(model: Any, codec: str, data: Callable[[], bytes], limits: Limits = LIMITS, **line: Any) -> Any:
    def made() -> tuple[Schema[Any], bytes, None]:
        line.setdefault("framing", "bare")
        keys = {"parts": "size"} if model is MESSAGE else {}
        schema: Schema[Any] = Schema("hostile.record", model, Version(1, codec=codec, **line), limits=limits, keys=keys)
        return schema, data(), None

    return made


def _filled(begin: bytes, piece: bytes, end: bytes = b"", size: int = SIZE) -> Callable[[], bytes]:
    return lambda: begin + piece * ((size - len(begin) - len(end)) // len(piece)) + end


def _framed(framing: str, begin: bytes, piece: bytes, end: bytes) -> Any:
    return _read(Typed, "json", _filled(begin, piece, end), framing=framing)


def _extended() -> tuple[Schema[Any], bytes, None]:
    schema: Schema[Any] = Schema(
        "hostile.record", Typed, Version(1, codec="json", framing="envelope", checksum=False), limits=LIMITS
    )
    start = bytearray(prefix(schema.lines[0].tag()))
    start[2] |= 4
    value = SIZE - 100
    block = b"\x02" + uvarint(value) + bytes(value)
    return schema, bytes(start) + uvarint(len(block)) + block, None


def _beside(more: bytes) -> Any:
    def made() -> tuple[Schema[Any], bytes, Mapping[str, str]]:
        schema: Schema[Any] = Schema("hostile.record", Typed, Version(1, codec="json", framing="headers"))
        text = to_headers("hostile.record", schema.lines[0].tag(), b"")[NAME]
        return schema, b"{}", {NAME: text + more.decode() * (SIZE // len(more))}

    return made


def _names(begin: bytes, form: bytes, end: bytes, count: int, between: bytes = b",") -> Callable[[], bytes]:
    return lambda: begin + between.join(form % number for number in range(count)) + end


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<!DOCTYPE record [{entities}]><record><x>&e9;</x></record>".encode()


def _zstd_without_size() -> bytes:
    return zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1 << 30))


_TAG = b'{"$serde":{"schema":"hostile.record","version":1,"min_reader":1'
_KNOWN, _UNKNOWN = b'{"numbers":[', b'{"gift":['

INPUTS: dict[str, Input] = {
    "json-empty-lists": Input(_read(Typed, "json", _filled(b'{"lists":[[]', b",[]", b"]}")), "max_items", 200),
    "json-unknown-lists": Input(_read(Typed, "json", _filled(b'{"gift":[[]', b",[]", b"]}")), "max_items", 200),
    "json-numbers": Input(_read(Typed, "json", _filled(_KNOWN + b"1", b",1", b"]}")), "max_items", 200),
    "json-texts": Input(_read(Typed, "json", _filled(b'{"texts":[""', b',""', b"]}")), "max_items", 200),
    "json-escapes": Input(_read(Typed, "json", _filled(b'{"texts":["', b'\\"', b'"]}')), "", 400),
    "json-backslashes": Input(_read(Typed, "json", _filled(b'{"texts":["', b"\\\\,", b'"]}')), "", 500),
    "json-no-end": Input(_read(Typed, "json", _filled(b'{"texts":["', b'\\"')), "PayloadError", 400),
    "json-names": Input(_read(Typed, "json", _names(b'{"gift":{', b'"%d":0', b"}}", 4 * MANY)), "max_items", 300),
    "json-as-many-as-allowed": Input(
        _read(Loose, "json", _filled(b'{"numbers":[1],"any":[[]', b",[]", b"]}", 29 * MANY // 10)), "", 200
    ),
    "msgpack-as-many-as-allowed": Input(
        _read(
            Loose, "msgpack", lambda: b"\x82\xa7numbers\x90\xa3any\xdd" + (MANY - 2).to_bytes(4) + b"\x90" * (MANY - 2)
        ),
        "",
        300,
    ),
    "xml-as-many-as-allowed": Input(
        _read(Typed, "xml", _names(b"<record>", b'<a%d b="" c=""/>', b"</record>", MANY, b"")), "", 1_200
    ),
    "protobuf-as-many-as-allowed": Input(_read(MESSAGE, "protobuf", lambda: b"\x12\x00" * MANY), "", 800),
    "json-brackets": Input(_read(Typed, "json", _filled(b"", b"[")), "max_items", 300),
    "json-deep": Input(_read(Loose, "json", _filled(b'{"any":', b"[", size=MANY * 9 // 10)), "max_depth", 100),
    "json-number": Input(_read(Loose, "json", _filled(_KNOWN, b"1", b"]}")), "max_digits", 300),
    "json-unknown-number": Input(_read(Typed, "json", _filled(b'{"gift":', b"1", b"}")), "", 500),
    "json-exponent": Input(_read(Loose, "json", lambda: b'{"numbers":[1e999999999]}'), "PayloadError", 50),
    "json-text-for-a-list": Input(_read(Typed, "json", _filled(b'{"numbers":"', b"x", b'"}')), "PayloadError", 300),
    "json-white-space": Input(_read(Typed, "json", _filled(b"", b" ", b"{}")), "", 300),
    "inline-facts": Input(_framed("inline", _TAG + b',"x_a":0', b',"x_a":0', b"}}"), "max_items", 300),
    "inline-members": Input(_framed("inline", _TAG + b"}", b',"a":0', b"}"), "max_items", 300),
    "inline-long-fact": Input(_framed("inline", _TAG + b',"x_a":"', b"x", b'"}}'), "", 400),
    "inline-deep-fact": Input(_framed("inline", _TAG + b',"x_a":', b"[", b""), "max_items", 300),
    "inline-version": Input(_framed("inline", _TAG, b"1", b"}}"), "TagError", 400),
    "extensions": Input(_extended, "max_extensions", 20),
    "header-spaces": Input(_beside(b" "), "TagError", 20),
    "header-private": Input(_beside(b";x-a=1"), "TagError", 20),
    "msgpack-numbers": Input(
        _read(Typed, "msgpack", _filled(b"\x81\xa7numbers\xdd\x03\xff\xff\x00", b"\x01")), "max_items", 50
    ),
    "msgpack-unknown": Input(
        _read(Typed, "msgpack", _filled(b"\x81\xa1g\xdd\x03\xff\xff\x00", b"\x01")), "max_items", 50
    ),
    "msgpack-claim": Input(_read(Typed, "msgpack", lambda: b"\x81\xa7numbers\xdd\xff\xff\xff\xff"), "PayloadError", 50),
    "msgpack-map-claim": Input(_read(Typed, "msgpack", lambda: b"\xdf\xff\xff\xff\xff"), "PayloadError", 50),
    "msgpack-lists": Input(
        _read(Typed, "msgpack", _filled(b"\x81\xa5lists\xdd\x00\xff\xff\xff", b"\x91\x90")), "max_items", 50
    ),
    "msgpack-brackets": Input(_read(Typed, "msgpack", _filled(b"\x81\xa1g", b"\x91")), "max_items", 50),
    "msgpack-deep": Input(
        _read(Typed, "msgpack", _filled(b"\x81\xa1g", b"\x91", b"\x00", MANY * 9 // 10)), "max_depth", 50
    ),
    "msgpack-behind": Input(_read(Typed, "msgpack", _filled(b"\x80", b"\x01")), "PayloadError", 150),
    "xml-elements": Input(_read(Typed, "xml", _filled(b"<record>", b"<a/>", b"</record>")), "max_items", 50),
    "xml-comments": Input(_read(Typed, "xml", _filled(b"<record>", b"<!---->", b"</record>")), "max_items", 50),
    "xml-instructions": Input(_read(Typed, "xml", _filled(b"<record>", b"<?a?>", b"</record>")), "max_items", 50),
    "xml-attributes": Input(
        _read(
            Typed, "xml", _filled(b"<record>", b"<a %s/>" % b" ".join(b'a%d=""' % n for n in range(50)), b"</record>")
        ),
        "max_items",
        50,
    ),
    "xml-no-markup": Input(
        _read(Typed, "xml", _filled(b"<record><![CDATA[", b"<=", b"]]></record>")), "PayloadError", 200
    ),
    "xml-entities": Input(_read(Typed, "xml", _laughs), "PayloadError", 50),
    "xml-declared-entities": Input(
        _read(Typed, "xml", _names(b"<!DOCTYPE record [", b'<!ENTITY a%d "">', b"]><record/>", 3 * MANY)),
        "max_items",
        50,
    ),
    "xml-deep": Input(_read(Typed, "xml", _filled(b"<record><a>", b"<a>")), "PayloadError", 50),
    "xml-deep-within-the-bound": Input(
        _read(Typed, "xml", _filled(b"<record>", b"<a>", size=MANY * 9 // 10)), "PayloadError", 50
    ),
    "xml-text": Input(
        _read(Typed, "xml", _filled(b"<record><a>", b"x", b"</a></record>", 16 << 20)), "PayloadError", 200
    ),
    "gzip-bomb": Input(
        _read(Typed, "json", lambda: gzip.compress(bytes(1 << 28)), SMALL, coding="gzip"), "max_inflated", 60
    ),
    "gzip-of-items": Input(
        _read(Typed, "json", lambda: gzip.compress(_filled(_KNOWN + b"1", b",1", b"]}")()), coding="gzip"),
        "max_items",
        400,
    ),
    "zstd-bomb": Input(
        _read(Typed, "json", lambda: zstandard.compress(bytes(1 << 30)), SMALL, coding="zstd"), "max_inflated", 20
    ),
    "zstd-bomb-without-its-size": Input(
        _read(Typed, "json", _zstd_without_size, SMALL, coding="zstd"), "max_inflated", 80
    ),
    "protobuf-packed": Input(
        _read(MESSAGE, "protobuf", lambda: b"\x0a" + uvarint(SIZE - 8) + b"\x01" * (SIZE - 8)), "max_items", 200
    ),
    "protobuf-messages": Input(_read(MESSAGE, "protobuf", _filled(b"", b"\x12\x00")), "max_items", 50),
    "protobuf-entries": Input(_read(MESSAGE, "protobuf", _filled(b"", b"\x1a\x00")), "max_items", 50),
    "protobuf-unknown": Input(_read(MESSAGE, "protobuf", _filled(b"", b"\x78\x01")), "max_items", 50),
    "protobuf-groups": Input(_read(MESSAGE, "protobuf", _filled(b"", b"\x7b\x7c")), "max_items", 50),
    "protobuf-deep-groups": Input(_read(MESSAGE, "protobuf", _filled(b"", b"\x7b")), "PayloadError", 50),
    "protobuf-unknown-bytes": Input(
        _read(MESSAGE, "protobuf", lambda: b"\x7a" + uvarint(SIZE - 8) + bytes(SIZE - 8)), "", 600
    ),
    "protobuf-claim": Input(_read(MESSAGE, "protobuf", lambda: b"\x0a\xff\xff\xff\xff\x07"), "PayloadError", 50),
    "protobuf-notes": Input(
        _read(
            MESSAGE,
            "protobuf",
            lambda: b"\xfa\xff\xff\xff\x0f" + uvarint(SIZE - 10) + b'{"extra":{"a":[1' + b",1" * (SIZE // 2 - 13),
        ),
        "max_items",
        200,
    ),
}
