"""Records at locations that declare one framing or several."""

from __future__ import annotations

from typing import Any

from tests.envelope.vectors.common import ID, MAX, PAYLOAD, SCHEMA, Vector
from tests.envelope.vectors.envelope import head, sealed
from tests.envelope.vectors.headers import TEXT, with_crc
from tests.envelope.vectors.inline import TAG

ENVELOPE = head(b"\3", b"\2") + PAYLOAD
INLINE = f'{{{TAG},"id":7}}'.encode()
FACTS = {"schema_id": ID.hex(), "version": 3, "min_reader": 2, "codec": 1, "coding": 0, "mixed": False}


def held(name: str, framings: str, record: bytes, header: str | None, outcome: Any, **limits: int) -> Vector:
    """`outcome`: a reason, or framing and payload."""
    vector: Vector = {"name": name, "framings": framings.split(), "record": record.hex()}
    vector["headers"] = {} if header is None else {"serde-tag": header}
    if limits:
        vector["limits"] = limits
    if isinstance(outcome, str):
        return vector | {"reason": outcome}
    framing, payload = outcome
    tag = None if framing == "bare" else FACTS
    schema = SCHEMA if header is not None or framing == "inline" else None
    return vector | {"framing": framing, "schema": schema, "tag": tag, "payload": payload.hex()}


def location() -> list[Vector]:
    in_envelope, in_inline, in_headers = ("envelope", PAYLOAD), ("inline", PAYLOAD), ("headers", PAYLOAD)
    other = head(b"\4", b"\2") + PAYLOAD
    collides = b'{"$serde":1}'
    cases: list[tuple[str, str, bytes, str | None, Any]] = [
        ("envelope", "envelope", ENVELOPE, None, in_envelope),
        ("inline", "inline", INLINE, None, in_inline),
        ("headers", "headers", PAYLOAD, TEXT, in_headers),
        ("bare", "bare", PAYLOAD, None, ("bare", PAYLOAD)),
        ("envelope beside bare", "bare envelope", ENVELOPE, None, in_envelope),
        ("bare beside envelope", "bare envelope", PAYLOAD, None, ("bare", PAYLOAD)),
        ("bare beside envelope, half of the magic", "bare envelope", b"\xfe", None, ("bare", b"\xfe")),
        ("inline beside bare", "bare inline", INLINE, None, in_inline),
        ("bare beside inline", "bare inline", PAYLOAD, None, ("bare", PAYLOAD)),
        ("bare beside inline, escaped names stay", "bare inline", b'{"$$serde":1}', None, ("bare", b'{"$$serde":1}')),
        ("bare beside inline, no object", "bare inline", b'["$serde"]', None, ("bare", b'["$serde"]')),
        ("bare beside inline, not UTF-8", "bare inline", b"\xff$serde", None, ("bare", b"\xff$serde")),
        ("bare beside inline, not JSON", "bare inline", b'<a b="$serde"/>', None, ("bare", b'<a b="$serde"/>')),
        ("envelope beside inline", "envelope inline", ENVELOPE, None, in_envelope),
        ("inline beside envelope", "envelope inline", INLINE, None, in_inline),
        ("envelope beside headers", "envelope headers", ENVELOPE, None, in_envelope),
        ("headers beside envelope", "envelope headers", PAYLOAD, TEXT, in_headers),
        ("bare alone, like an envelope", "bare", ENVELOPE, None, ("bare", ENVELOPE)),
        ("bare alone, like inline", "bare", INLINE, None, ("bare", INLINE)),
        ("bare alone, header not declared", "bare", PAYLOAD, None, ("bare", PAYLOAD)),
        ("headers alone, payload like an envelope", "headers", ENVELOPE, TEXT, ("headers", ENVELOPE)),
        ("headers alone, payload like inline", "headers", INLINE, TEXT, ("headers", INLINE)),
        ("headers, empty payload", "headers", b"", TEXT, ("headers", b"")),
        ("two tags agree, envelope", "envelope headers", ENVELOPE, TEXT, in_envelope),
        ("two tags agree, inline", "headers inline", INLINE, TEXT, in_inline),
        ("two tags agree, one has a checksum", "envelope headers", ENVELOPE, with_crc(TEXT, ENVELOPE), in_envelope),
        ("two tags, another version", "envelope headers", other, TEXT, "tags-disagree"),
        ("two tags, one mixed", "envelope headers", ENVELOPE, TEXT + ";mixed", "tags-disagree"),
        ("two tags, another codec", "envelope headers", ENVELOPE, TEXT.replace("codec=1", "codec=2"), "tags-disagree"),
        ("two tags, another coding", "envelope headers", ENVELOPE, TEXT.replace("ding=0", "ding=1"), "tags-disagree"),
        ("two tags, another min_reader", "headers inline", INLINE, TEXT.replace("er=2", "er=3"), "tags-disagree"),
        ("two tags, another schema", "headers inline", INLINE, TEXT.replace("order", "invoice"), "tags-disagree"),
        ("two tags, another schema id", "envelope headers", ENVELOPE, TEXT.replace("shop", "zoo"), "tags-disagree"),
        ("two tags, the inner damaged", "envelope headers", sealed(ENVELOPE)[:7], TEXT, "truncated"),
        ("two tags, the inner malformed", "headers inline", collides, TEXT, "malformed-tag"),
        ("empty, envelope", "envelope", b"", None, "empty"),
        ("empty, bare", "bare", b"", None, "empty"),
        ("empty, no header", "headers", b"", None, "empty"),
        ("no tag, envelope", "envelope", PAYLOAD, None, "no-tag"),
        ("no tag, inline", "inline", PAYLOAD, None, "no-tag"),
        ("no tag, headers", "headers", PAYLOAD, None, "no-tag"),
        ("no tag, all three", "envelope headers inline", PAYLOAD, None, "no-tag"),
        ("envelope where only inline may be", "inline", ENVELOPE, None, "no-tag"),
        ("inline where only an envelope may be", "envelope", INLINE, None, "no-tag"),
        ("malformed inline tag beside bare", "bare inline", collides, None, "malformed-tag"),
        ("truncated envelope beside bare", "bare envelope", ENVELOPE[:5], None, "truncated"),
        ("not JSON where only inline may be", "inline", b'{"$serde":', None, "not-json"),
    ]
    vectors = [held(*case) for case in cases]
    ignored = held("header where none is declared", "envelope", ENVELOPE, None, in_envelope)
    vectors.append(ignored | {"headers": {"serde-tag": "nonsense"}})
    text = TEXT.replace("codec=1", "codec=2")
    packed = held("headers beside inline, another codec", "headers inline", INLINE, text, ("headers", INLINE))
    vectors.append(packed | {"tag": FACTS | {"codec": 2}})
    vectors.append(held("as large as allowed", "bare", PAYLOAD, None, ("bare", PAYLOAD), max_bytes=8))
    vectors.append(held("one byte too large", "bare", PAYLOAD, None, "too-large", max_bytes=7))
    vectors.append(held("too large beside headers", "headers", PAYLOAD, TEXT, "too-large", max_bytes=7))
    vectors.append(held("envelope too large", "envelope", ENVELOPE, None, "too-large", max_bytes=len(ENVELOPE) - 1))
    return vectors


def acceptance() -> list[Vector]:
    """Tags at a reader that knows the declarations: which version's reader takes the record, or why none does.

    The reader lists versions 4 to 6 of one schema; 1 to 3 are retired. It believes versions up to 100 above 6.
    """
    listed = {"codec": 1, "coding": 0, "framing": "envelope", "checksum": True}
    versions = {
        "4": {"min_reader": 2} | listed,
        "5": {"min_reader": 5, "codec": 2, "coding": 0, "framing": "envelope", "checksum": True},
        "6": {"min_reader": 5, "codec": 2, "coding": 0, "framing": "envelope", "checksum": True},
    }
    reader = {"schema": SCHEMA, "versions": versions, "version_window": 100}
    usual = {"schema_id": ID.hex(), "codec": 2, "coding": 0, "framing": "envelope", "checksum": True, "mixed": False}
    four: dict[str, Any] = {"version": 4, "min_reader": 2, "codec": 1}
    six: dict[str, Any] = {"version": 6, "min_reader": 5}
    seven: dict[str, Any] = {"version": 7, "min_reader": 5}
    differs = "differs-from-declaration"
    cases: list[tuple[str, dict[str, Any], int | str]] = [
        ("listed, oldest", four, 4),
        ("listed", {"version": 5, "min_reader": 5}, 5),
        ("listed, newest", six, 6),
        ("listed, mixed", six | {"mixed": True}, 6),
        ("newer", seven, 6),
        ("newer, mixed", seven | {"mixed": True}, 6),
        ("newer, end of the window", seven | {"version": 106}, 6),
        ("newer, beyond the window", seven | {"version": 107}, "unreadable-version"),
        ("newer, highest", seven | {"version": MAX}, "unreadable-version"),
        ("newer, needs a newer reader", seven | {"min_reader": 7}, "unreadable-version"),
        ("newer, another codec and a newer reader", seven | {"min_reader": 7, "codec": 1}, "unreadable-version"),
        ("retired", {"version": 3, "min_reader": 2, "codec": 1}, "unreadable-version"),
        ("first", {"version": 1, "min_reader": 1, "codec": 1}, "unreadable-version"),
        ("listed, other schema", six | {"schema_id": "00000000"}, "wrong-schema"),
        ("newer, other schema", seven | {"schema_id": "00000000"}, "wrong-schema"),
        ("listed, other codec", six | {"codec": 1}, differs),
        ("newer, other codec", seven | {"codec": 1}, differs),
        ("listed, other coding", four | {"coding": 1}, differs),
        ("newer, other coding", seven | {"coding": 2}, differs),
        ("listed, other framing", six | {"framing": "headers"}, differs),
        ("newer, other framing", seven | {"framing": "headers"}, differs),
        ("listed, no checksum", four | {"checksum": False}, differs),
        ("newer, no checksum", seven | {"checksum": False}, differs),
        ("listed, min_reader lower", six | {"min_reader": 4}, differs),
        ("listed, min_reader higher", four | {"min_reader": 4}, differs),
        ("newer, min_reader lower", seven | {"min_reader": 4}, differs),
        ("newer, min_reader higher", seven | {"min_reader": 6}, differs),
    ]
    vectors: list[Vector] = []
    for name, tag, outcome in cases:
        key = "reason" if isinstance(outcome, str) else "read_as"
        vectors.append({"name": name, "reader": reader, "tag": usual | tag, key: outcome})
    return vectors
