"""Records of the framing `envelope`, and records that are refused."""

from __future__ import annotations

import zlib
from typing import Any

from tests.envelope.vectors.common import ID, MAX, PAYLOAD, Vector

MIXED, CHECKSUM, EXTENSIONS = 1, 2, 4


def uvarint(value: int) -> bytes:
    low, rest = value % 128, value // 128
    return bytes([low]) if rest == 0 else bytes([low + 128]) + uvarint(rest)


def head(version: bytes, min_reader: bytes, flags: int = 0, codec: int = 1, coding: int = 0, id_: bytes = ID) -> bytes:
    return b"\xfe\xc1" + bytes([0x10 + flags, codec, coding]) + id_ + version + min_reader


def sealed(record: bytes) -> bytes:
    return record + zlib.crc32(record).to_bytes(4, "big")


def extension(type_: int, value: bytes) -> bytes:
    return uvarint(type_) + uvarint(len(value)) + value


def extended(block: bytes, payload: bytes = PAYLOAD) -> bytes:
    return head(uvarint(3), uvarint(2), EXTENSIONS) + uvarint(len(block)) + block + payload


def reads(name: str, record: bytes, payload: bytes = PAYLOAD, extensions: Any = (), **tag: Any) -> Vector:
    facts = {
        "schema_id": ID.hex(), "version": 3, "min_reader": 2, "codec": 1, "coding": 0,
        "mixed": False, "checksum": False, "extensions": [[type_, value.hex()] for type_, value in extensions],
    }  # fmt: skip
    return {"name": name, "record": record.hex(), "tag": facts | tag, "payload": payload.hex()}


def refuses(name: str, reason: str, record: bytes) -> Vector:
    return {"name": name, "record": record.hex(), "reason": reason}


def envelope() -> list[Vector]:
    plain = head(uvarint(3), uvarint(2)) + PAYLOAD
    checked = sealed(head(uvarint(3), uvarint(2), CHECKSUM) + PAYLOAD)
    vectors = [reads("plain", plain), reads("checksum", checked, checksum=True)]
    for number in (1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, MAX):
        v = uvarint(number)
        vectors.append(reads(f"version {number}", head(v, b"\1") + PAYLOAD, version=number, min_reader=1))
        vectors.append(reads(f"min_reader {number}", head(v, v) + PAYLOAD, version=number, min_reader=number))
    for flags in range(8):
        mixed, checksum, extensions = bool(flags & MIXED), bool(flags & CHECKSUM), bool(flags & EXTENSIONS)
        block = extension(0, b"note") if extensions else b""
        record = head(b"\3", b"\2", flags) + (uvarint(len(block)) + block if extensions else b"") + PAYLOAD
        vectors.append(
            reads(
                f"flags {flags}", sealed(record) if checksum else record, mixed=mixed, checksum=checksum,
                extensions=[(0, b"note")] if extensions else [],
            )
        )  # fmt: skip
    for number in (0, 1, 127, 128, 255):
        vectors.append(reads(f"codec {number}", head(b"\3", b"\2", codec=number) + PAYLOAD, codec=number))
        vectors.append(reads(f"coding {number}", head(b"\3", b"\2", coding=number) + PAYLOAD, coding=number))
    for id_ in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xfe\xc1\x10\x01"):
        record = head(b"\3", b"\2", id_=id_) + PAYLOAD
        vectors.append(reads(f"schema id {id_.hex()}", record, schema_id=id_.hex()))
    for name, payload in (
        ("empty payload", b""), ("one byte", b"\0"), ("long payload", bytes(range(256)) * 8),
        ("an envelope as payload", plain), ("payload of four bytes", b"\1\2\3\4"),
    ):  # fmt: skip
        vectors.append(reads(name, head(b"\3", b"\2") + payload, payload))
        record = sealed(head(b"\3", b"\2", CHECKSUM) + payload)
        vectors.append(reads(f"{name}, checksum", record, payload, checksum=True))
    for name, given in (
        ("one empty extension", [(0, b"")]), ("two extensions", [(2, b"a"), (4, b"bc")]),
        ("extension of a high type", [(128, b"\0"), (MAX - 1, b"z")]), ("extension of 200 bytes", [(6, bytes(200))]),
        ("largest extension block", [(2, bytes(4093))]),
    ):  # fmt: skip
        vectors.append(reads(name, extended(b"".join(extension(*one) for one in given)), extensions=given))
    return vectors + envelope_refused(plain, checked)


def envelope_refused(plain: bytes, checked: bytes) -> list[Vector]:
    with_block = extended(extension(2, b"ab"), b"")
    flipped = [checked[:at] + bytes([checked[at] ^ 1]) + checked[at + 1 :] for at in range(len(checked))]
    cases: list[tuple[str, str, bytes]] = [
        ("magic, first byte", "no-tag", b"\xff" + plain[1:]),
        ("magic, second byte", "no-tag", b"\xfe\xc0" + plain[2:]),
        ("half of the magic", "no-tag", b"\xfe"),
        ("JSON", "no-tag", PAYLOAD),
        *((f"ends after {size} bytes", "truncated", plain[:size]) for size in range(2, 11)),
        *((f"checksum, ends after {size} bytes", "truncated", checked[:size]) for size in (3, 11, 14)),
        ("ends in a long version", "truncated", head(b"\xff\xff", b"")),
        ("ends in the size of extensions", "truncated", head(b"\3", b"\2", EXTENSIONS)),
        ("ends in the extensions", "truncated", with_block[:-1]),
        ("extensions reach into the checksum", "truncated", sealed(head(b"\3", b"\2", 6) + b"\3\2")),
        *((f"format {n}", "unknown-format", plain[:2] + bytes([n << 4]) + plain[3:]) for n in (0, 2, 15)),
        *((f"flag 8 with {n}", "unknown-flag", plain[:2] + bytes([0x18 + n]) + plain[3:]) for n in (0, 2, 7)),
        *((f"bit flipped in byte {at}", "bad-checksum", flipped[at]) for at in (3, 5, 9, 11, 18, 19, 22)),
        ("flag mixed flipped", "bad-checksum", flipped[2]),
        ("last byte cut", "bad-checksum", checked[:-1]),
        ("byte appended", "bad-checksum", checked + b"\0"),
        ("checksum little-endian", "bad-checksum", checked[:-4] + checked[:-5:-1]),
        ("version 3 in two bytes", "bad-varint", head(b"\x83\x00", b"\2") + PAYLOAD),
        ("version 0 in two bytes", "bad-varint", head(b"\x80\x00", b"\2") + PAYLOAD),
        ("min_reader 2 in five bytes", "bad-varint", head(b"\3", b"\x82\x80\x80\x80\x00") + PAYLOAD),
        ("version 2147483648", "bad-varint", head(uvarint(MAX + 1), b"\1") + PAYLOAD),
        ("version of six bytes", "bad-varint", head(b"\x81\x80\x80\x80\x80\x01", b"\1") + PAYLOAD),
        ("min_reader of 35 bits", "bad-varint", head(uvarint(MAX), b"\xff\xff\xff\xff\x7f") + PAYLOAD),
        ("size of extensions in two bytes", "bad-varint", head(b"\3", b"\2", EXTENSIONS) + b"\x82\x00\2\0"),
        ("extension type in two bytes", "bad-varint", extended(b"\x82\x00\x00")),
        ("version 0", "bad-version", head(b"\0", b"\0") + PAYLOAD),
        ("version 0, checksum", "bad-version", sealed(head(b"\0", b"\1", CHECKSUM) + PAYLOAD)),
        ("min_reader 0", "bad-min-reader", head(b"\3", b"\0") + PAYLOAD),
        ("min_reader above version", "bad-min-reader", head(b"\3", b"\4") + PAYLOAD),
        ("min_reader above version, two bytes", "bad-min-reader", head(b"\x7f", b"\x80\x01") + PAYLOAD),
        ("empty block", "bad-extensions", extended(b"")),
        ("types descend", "bad-extensions", extended(extension(4, b"") + extension(2, b""))),
        ("type twice", "bad-extensions", extended(extension(2, b"a") + extension(2, b"b"))),
        ("value overruns the block", "bad-extensions", extended(b"\2\3ab", b"more")),
        ("block ends after a type", "bad-extensions", extended(b"\2\0\4")),
        ("block ends in a type", "bad-extensions", extended(b"\2\0\x84")),
        ("critical extension 1", "unknown-extension", extended(extension(1, b"x"))),
        ("critical extension after another", "unknown-extension", extended(extension(2, b"") + extension(MAX, b""))),
        ("block of 4097 bytes", "extensions-too-large", extended(extension(2, bytes(4094)))),
        ("block of 2147483647 bytes, absent", "extensions-too-large", head(b"\3", b"\2", 4) + uvarint(MAX)),
    ]
    return [refuses(*case) for case in cases]
