"""Hypothesis strategies for tags and JSON payloads."""

from __future__ import annotations

import json
import string
from dataclasses import replace

from hypothesis import strategies as st

from versioned_serde.envelope.tag import MAX_VERSION, Tag, schema_id

schemas = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=200)
versions = st.one_of(st.integers(1, 300), st.integers(1, MAX_VERSION), st.just(MAX_VERSION))
ids = st.integers(0, 255)


@st.composite
def tags(draw: st.DrawFn, schema: str | None = None) -> Tag:
    """Tags as they fit into headers: everything but extensions."""
    version = draw(versions)
    return Tag(
        schema_id(draw(schemas) if schema is None else schema),
        version,
        draw(st.integers(1, version) | st.just(version)),
        draw(ids),
        draw(ids),
        mixed=draw(st.booleans()),
        checksum=draw(st.booleans()),
    )


@st.composite
def extended_tags(draw: st.DrawFn) -> Tag:
    types = draw(st.lists(st.integers(0, (MAX_VERSION - 1) // 2) | st.integers(0, 99), unique=True, max_size=4))
    extensions = tuple((2 * type_, draw(st.binary(max_size=200))) for type_ in sorted(types))
    return replace(draw(tags()), extensions=extensions)


def inline_tag(tag: Tag) -> Tag:
    """The tag with what `inline` cannot say set to what it implies."""
    return replace(tag, codec=1, coding=0, checksum=False)


names = st.text(max_size=5) | st.from_regex(r"\$*(serde|value)\$?", fullmatch=True)
lexemes = st.sampled_from(["1.10", "1e400", "-0", "-0.0", "9" * 40, '"\\ud800"', '"$serde"', '[{"$serde":1}]', "{ }"])


@st.composite
def payloads(draw: st.DrawFn) -> bytes:
    """JSON text: objects whose names like to collide, in several spellings, and other values."""
    if draw(st.integers(0, 5)) == 0:
        return draw(lexemes.filter(lambda lexeme: not lexeme.startswith("{"))).encode()
    members = draw(st.dictionaries(names, lexemes | st.integers().map(str), max_size=5))
    blank = draw(st.sampled_from(["", " ", "\n\t"]))
    spelled = (
        "".join(f"\\u{ord(letter):04x}" for letter in name)
        if draw(st.booleans()) and all(ord(letter) < 0x10000 for letter in name)
        else json.dumps(name, ensure_ascii=draw(st.booleans()))[1:-1]
        for name in members
    )
    body = f"{blank},{blank}".join(
        f'"{name}"{blank}:{blank}{value}' for name, value in zip(spelled, members.values(), strict=True)
    )
    return f"{blank}{{{body}{blank}}}".encode(errors="surrogatepass")
