"""What beside the shape changes from version to version of a made-up schema: codec, coding, framing, checksum."""

from __future__ import annotations

from dataclasses import replace as other
from random import Random

from versioned_serde import plugins
from versioned_serde.protocols import Codec
from versioned_serde.testing.carried import CODECS, CODINGS
from versioned_serde.testing.histories import Form

MIXED: tuple[str, ...] = ("json", "json", *(name for name in CODECS if plugins.codec(name).retains_unknown))
"""Codecs that the versions of one history may change between; the more often one is named, the likelier it is."""
_CODINGS = ("none", "none", *CODINGS)


def first_form(random: Random, codecs: tuple[str | Codec, ...]) -> Form:
    """The form of a first version."""
    framing = random.choice(("envelope", "envelope", "envelope", "bare", "inline", "headers"))
    if framing == "inline":
        return Form(framing=framing)
    codec, coding = random.choice(codecs), random.choice(_CODINGS)
    if codec == "protobuf" and framing == "bare" and coding == "none":
        coding = "gzip"  # a message may be no bytes at all, which no bare record can be
    return Form(codec, coding, framing, framing == "envelope" and random.random() < 0.5)


def next_form(random: Random, before: Form, codecs: tuple[str | Codec, ...], *, additive: bool) -> Form:
    """The form of the version after one, mostly the same."""
    if before.framing == "bare":
        return other(before, framing="envelope")
    if additive or random.random() < 0.85:
        return before
    part = random.choice(("codec", "coding", "checksum"))
    if before.framing == "inline":
        return Form()
    if part == "codec":
        return other(before, codec=random.choice(codecs))
    if part == "coding":
        return other(before, coding=random.choice(_CODINGS))
    return other(before, framing="envelope", checksum=before.framing != "envelope" or not before.checksum)
