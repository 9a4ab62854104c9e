"""Records of the framing `headers`, and records that are refused."""

from __future__ import annotations

import zlib
from typing import Any

from tests.envelope.vectors.common import MAX, PAYLOAD, SCHEMA, Vector

TEXT = '1;schema="shop.order";version=3;min-reader=2;codec=1;coding=0'


def with_crc(text: str, payload: bytes = PAYLOAD) -> str:
    return f'{text};crc32="{zlib.crc32(text.encode() + payload):08x}"'


def headers_read(name: str, value: str, payload: bytes = PAYLOAD, *, written: bool = True, **tag: Any) -> Vector:
    facts = {
        "schema": SCHEMA, "version": 3, "min_reader": 2, "codec": 1, "coding": 0, "mixed": False, "checksum": False,
    }  # fmt: skip
    given = {"serde-tag": value}
    return {"name": name, "headers": given, "payload": payload.hex(), "tag": facts | tag, "written": written}


def headers() -> list[Vector]:
    vectors = [
        headers_read("plain", TEXT),
        headers_read("mixed", TEXT + ";mixed", mixed=True),
        headers_read("checksum", with_crc(TEXT), checksum=True),
        headers_read("mixed, checksum", with_crc(TEXT + ";mixed"), mixed=True, checksum=True),
        headers_read("empty payload", TEXT, b""),
        headers_read("empty payload, checksum", with_crc(TEXT, b""), b"", checksum=True),
        headers_read("long payload, checksum", with_crc(TEXT, bytes(2048)), bytes(2048), checksum=True),
        headers_read("payload begins like an envelope", TEXT, b"\xfe\xc1\x10"),
        headers_read("private parameters", TEXT + ';x-a;x-b=-12;x-c="d;e f"', written=False),
        headers_read("private, mixed", TEXT + ";mixed;x-a", mixed=True, written=False),
        headers_read("private, checksum", with_crc(TEXT + ";x-a"), checksum=True, written=False),
    ]
    for number in (1, 127, 128, 16_383, 16_384, MAX):
        for least in sorted({1, number}):
            text = TEXT.replace("version=3;min-reader=2", f"version={number};min-reader={least}")
            vectors.append(headers_read(f"version {number}, {least}", text, version=number, min_reader=least))
    for number in (0, 9, 10, 127, 128, 255):
        vectors.append(headers_read(f"codec {number}", TEXT.replace("codec=1", f"codec={number}"), codec=number))
        vectors.append(headers_read(f"coding {number}", TEXT.replace("coding=0", f"coding={number}"), coding=number))
    names = ("a", "A-b_c.9", "n" * 200)
    vectors += [headers_read(f"schema {name[:8]}", TEXT.replace(SCHEMA, name), schema=name) for name in names]
    for spelled in ("Serde-Tag", "SERDE-TAG"):
        vector = headers_read(f"name {spelled}", TEXT, written=False)
        vectors.append(vector | {"headers": {"content-type": "text/plain", spelled: TEXT}})
    return vectors + headers_refused()


def headers_refused() -> list[Vector]:
    crc = with_crc(TEXT)
    changed = [
        ("schema twice", 'schema="shop.order"', 'schema="shop.order";schema="shop.order"'),
        ("no schema", ';schema="shop.order"', ""),
        ("schema without quotes", '"shop.order"', "shop.order"),
        ("empty schema", "shop.order", ""),
        ("schema of 201 characters", "shop.order", "n" * 201),
        ("schema outside ASCII", "shop", "shöp"),
        ("schema with an escape", "shop", 'shop\\"'),
        ("no version", ";version=3", ""),
        ("version with a leading zero", "version=3", "version=03"),
        ("version with a sign", "version=3", "version=+3"),
        ("version as a decimal", "version=3", "version=3.0"),
        ("version of 11 digits", "version=3", "version=10000000000"),
        ("version in other digits", "version=3", "version=\u0663"),
        ("no min-reader", ";min-reader=2", ""),
        ("underscore", "min-reader", "min_reader"),
        ("another order", ";codec=1;coding=0", ";coding=0;codec=1"),
        ("codec 256", "codec=1", "codec=256"),
        ("coding 256", "coding=0", "coding=256"),
        ("blank between parameters", ";version", "; version"),
        ("capitals", "version", "Version"),
    ]
    malformed = [(name, TEXT.replace(old, new)) for name, old, new in changed] + [
        ("empty", ""), ("format alone", "1"), ("blank in front", " " + TEXT), ("blank behind", TEXT + " "),
        ("line feed behind", TEXT + "\n"), ("two values", f"{TEXT}, {TEXT}"), ("mixed=?1", TEXT + ";mixed=?1"),
        ("mixed=?0", TEXT + ";mixed=?0"), ("mixed twice", TEXT + ";mixed;mixed"), ("unknown", TEXT + ";zone=1"),
        ("private before mixed", TEXT + ";x-a;mixed"), ("private behind the checksum", crc + ";x-a"),
        ("checksum in capitals", crc[:-9] + "ABCDEF01" + '"'), ("checksum of 7 digits", crc[:-2] + '"'),
        ("checksum twice", crc + crc[-17:]), ("checksum without quotes", crc.replace('crc32="', "crc32=")[:-1]),
        ("above 1024 characters", TEXT + f';x-a="{"a" * 199}"' * 6),
        ("no format", TEXT[2:]), ("format with a sign", "+" + TEXT), ("format in words", "one" + TEXT[1:]),
    ]  # fmt: skip
    cases: list[tuple[str, str, str]] = [
        *((name, "malformed-tag", value) for name, value in malformed),
        *((f"format {n}", "unknown-format", f"{n}{TEXT[1:]}") for n in (0, 2, 10)),
        ("format 2 of another form", "unknown-format", "2;v=3"),
        ("format 2 alone", "unknown-format", "2"),
        ("version 0", "bad-version", TEXT.replace("version=3", "version=0")),
        ("version 2147483648", "bad-version", TEXT.replace("version=3", f"version={MAX + 1}")),
        ("version 9999999999", "bad-version", TEXT.replace("version=3", "version=9999999999")),
        ("min-reader 0", "bad-min-reader", TEXT.replace("reader=2", "reader=0")),
        ("min-reader above version", "bad-min-reader", TEXT.replace("reader=2", "reader=4")),
        ("checksum of the payload alone", "bad-checksum", f'{TEXT};crc32="{zlib.crc32(PAYLOAD):08x}"'),
        ("checksum of another payload", "bad-checksum", with_crc(TEXT, b"{}")),
        ("version changed under a checksum", "bad-checksum", crc.replace("version=3", "version=4")),
        ("mixed added under a checksum", "bad-checksum", crc.replace(";crc32", ";mixed;crc32")),
    ]
    vectors: list[Vector] = [
        {"name": name, "headers": {"serde-tag": value}, "payload": PAYLOAD.hex(), "reason": reason}
        for name, reason, value in cases
    ]
    for name, given, reason in (
        ("no header", {}, "no-tag"),
        ("other headers", {"content-type": "text/plain", "x-serde-tag": TEXT}, "no-tag"),
        ("two that agree", {"serde-tag": TEXT, "Serde-Tag": TEXT}, "duplicate-header"),
        ("two that differ", {"serde-tag": TEXT, "SERDE-TAG": crc}, "duplicate-header"),
    ):
        vectors.append({"name": name, "headers": given, "payload": PAYLOAD.hex(), "reason": reason})
    return vectors
