"""What is fuzzed. The lists are made of the plug-ins that there are, so a new one joins by itself."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pkgutil import iter_modules
from typing import Any, get_args
from zlib import crc32

from tests.fuzzing.pickles import PICKLED, PICKLES
from tests.fuzzing.records import MESSAGES, Sample, samples
from versioned_serde import (
    CloudEvents,
    Confluent,
    ForeignFraming,
    Registry,
    Schema,
    SingleObject,
    Version,
    add,
    codecs,
    codings,
    models,
    plugins,
)
from versioned_serde.cli.inspection import inspect
from versioned_serde.codecs.pickle import Pickle
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.envelope import binary, headers, inline
from versioned_serde.envelope.delimited import read_delimited, write_delimited
from versioned_serde.errors import DeclarationError, ReadError, WriteError
from versioned_serde.evolution.version import Framing
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.testing.laws import refusal

_NUMBERS = re.compile(r"\d+")
CODECS, CODINGS, KINDS = (tuple(each.name for each in iter_modules(of.__path__)) for of in (codecs, codings, models))
FRAMINGS: tuple[str, ...] = get_args(Framing)
SIGNS: tuple[ForeignFraming, ...] = (Confluent(57, (0,)), SingleObject(7), CloudEvents("urn:record:1"))


@dataclass(frozen=True, slots=True)
class Target:
    """One function that takes bytes.

    Attributes:
        name: of the target, and of its folder of the corpus.
        run: bytes -> what came of them, in words that are the same for what is alike. Raises for what must not be.
        seeds: bytes to begin with.
    """

    name: str
    run: Callable[[bytes], str]
    seeds: tuple[bytes, ...]


def targets() -> dict[str, Target]:
    """All targets by name."""
    found = [*_codec_targets(), *_framing_targets(), *_coding_targets(), *_others()]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def schema_for(codec: str, kind: str, **line: Any) -> tuple[Schema[Any], Sample] | None:
    """A schema of one version, and a value for it; None if the codec can carry no model of the kind.

    Args:
        codec: name of the codec.
        kind: name of the kind.
        line: what else is said of the version; it is bare otherwise.
    """
    made: Any = codec
    if codec == "protobuf" and kind != "protobuf":
        made = Protobuf(MESSAGES["Record"])
    elif codec == "pickle":
        if kind == "protobuf":
            return None  # messages are not pickled as instances of a class with attributes
        made = Pickle(*PICKLED)
    for sample in samples(kind):
        try:
            version = Version(1, codec=made, **(line or {"framing": "bare"}))
            return Schema("fuzzed.record", sample.model, version, keys={"lines": "sku"}), sample
        except DeclarationError:
            continue
    return None


def _codec_targets() -> Iterator[Target]:
    for codec in CODECS:
        for kind in KINDS:
            found = schema_for(codec, kind)
            if found is not None:
                schema, sample = found
                seeds = PICKLES if codec == "pickle" else (schema.dumps(sample.value),)
                yield Target(f"{codec}-{kind}", partial(_read_and_written, schema), seeds)


def _read_and_written(schema: Schema[Any], data: bytes, beside: Mapping[str, str] | None = None) -> str:
    """Both ways of reading, and what was read is written again."""
    error = refusal(schema, data, beside)
    if error is not None:
        return _told(error)
    document = schema.read(data, beside)
    try:
        schema.write_packed(document)
        schema.pack(document.value)
    except WriteError as unwritten:
        return _told(unwritten)
    return "a value"


def _told(error: Exception) -> str:
    problem = getattr(error, "problem", "")
    return f"{type(error).__name__}: {_NUMBERS.sub('#', problem)} {_NUMBERS.sub('#', getattr(error, 'path', ''))[:40]}"


def _framing_targets() -> Iterator[Target]:
    for sign in SIGNS:
        schema, sample = _of_two_versions(sign, checksum=False)
        payload, beside = schema.pack(sample.value)
        run = partial(_read_and_written, schema, beside=beside or None)
        yield Target(f"framing-{sign.name.replace(' ', '-')}", run, (payload,))
    for framing in FRAMINGS:
        for checksum in (False, True):
            try:
                schema, sample = _of_two_versions(framing, checksum)
            except DeclarationError:
                continue
            packed = schema.pack(sample.value)
            if packed.headers:
                (text,) = packed.headers.values()
                seed = text.partition(";crc32")[0].encode() + b"\n" + packed.payload
                run = partial(_beside, schema, checksum)
                yield Target(f"framing-{framing}{'-checked' * checksum}", run, (seed,))
            elif checksum:
                seed = packed.payload[: -binary.CRC_SIZE]
                yield Target(f"framing-{framing}-checked", partial(_sealed, schema), (seed,))
            else:
                yield Target(f"framing-{framing}", partial(_read_and_written, schema), (packed.payload,))


def _of_two_versions(framing: str | ForeignFraming, checksum: bool) -> tuple[Schema[Any], Sample]:
    sample = next(samples("pydantic"))
    line: dict[str, Any] = {"checksum": True} if checksum else {"checksum": False} if framing == "envelope" else {}
    first = Version(1, codec="json", framing=framing, **line)  # type: ignore[arg-type]
    versions = (first,) if framing == "bare" or not isinstance(framing, str) else (first, Version(2, add("size")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Schema("fuzzed.record", sample.model, *versions, writes=len(versions)), sample


def _beside(schema: Schema[Any], checksum: bool, data: bytes) -> str:
    text, _, payload = data.partition(b"\n")
    if checksum:
        text += b';crc32="%08x"' % crc32(payload, crc32(text))
    return _read_and_written(schema, payload, {headers.NAME: text.decode("latin-1")})


def _sealed(schema: Schema[Any], data: bytes) -> str:
    """Behind a checksum that is right, which no fuzzer would find."""
    return f"{_read_and_written(schema, data)}; {_read_and_written(schema, binary.seal(data))}"


def _coding_targets() -> Iterator[Target]:
    for name in CODINGS:
        coding = plugins.coding(name)
        assert coding is not None
        yield Target(f"coding-{name}", partial(_inflated, coding), (coding.compress(b"a" * 100 + b"bcd"),))


def _inflated(coding: Any, data: bytes) -> str:
    try:
        payload = coding.inflate(data, DEFAULT_LIMITS)
    except ReadError as error:
        return _told(error)
    assert coding.inflate(coding.compress(payload), DEFAULT_LIMITS) == payload
    return "a payload"


def _others() -> Iterator[Target]:
    schema, sample = _of_two_versions("envelope", checksum=False)
    inlined, same = _of_two_versions("inline", checksum=False)
    record, text = schema.dumps(sample.value), inlined.dumps(same.value)
    (header,) = headers.to_headers(schema.name, schema.lines[-1].tag(), b"").values()
    yield Target("inspect", partial(_inspected, Registry(schema)), (record, text, b"\x80\x05.", b"<a/>", b"\x1f\x8b"))
    stream = io.BytesIO()
    write_delimited(stream, [record, b"", text])
    yield Target("delimited", _delimited, (stream.getvalue(),))
    yield Target("tag", _tags, (record, text, header.encode()))


def _inspected(registry: Registry, data: bytes) -> str:
    found = [inspect(data), inspect(data, registry=registry)]
    return "; ".join(
        f"{each.reason} {_NUMBERS.sub('#', each.problem)} {'' if each.tag is None else each.tag.framing}"
        for each in found
    )


def _delimited(data: bytes) -> str:
    try:
        records = list(read_delimited(io.BytesIO(data)))
    except ReadError as error:
        return _told(error)
    again = io.BytesIO()
    write_delimited(again, records)
    assert again.getvalue() == data, "two spellings of one stream"
    return "records"


def _tags(data: bytes) -> str:
    def opened() -> object:
        return binary.open_(data, DEFAULT_LIMITS)

    def beside() -> object:
        return headers.from_headers({headers.NAME: data.decode("latin-1")}, b"payload")

    def split() -> object:
        return inline.split(data)

    return "; ".join(_attempt(read) for read in (opened, beside, split))


def _attempt(read: Callable[[], object]) -> str:
    try:
        return "none" if read() is None else "a tag"
    except ReadError as error:
        return _told(error)
