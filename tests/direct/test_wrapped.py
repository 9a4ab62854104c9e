"""Closures around a library's own function; msgspec's is trusted with Structs."""

from __future__ import annotations

import dataclasses
import enum
import gc
import string
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.native.pairs import Pair, needs_native
from versioned_serde import PayloadError, Schema, UnwritableValueError, Version, native
from versioned_serde.codecs.msgpack import MsgpackCodec
from versioned_serde.describing import Describer
from versioned_serde.direct.wrapped import Closures, wrapped_encoder
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.protocols import Straight
from versioned_serde.serializer.counters import new_cell

MOST = 100_000
VERSIONS = (
    Version(1, codec="json", framing="envelope"),
    Version(2, codec="msgpack"),
    Version(3, coding="gzip"),
)


class Color(enum.Enum):
    RED = "red"
    ODD = 'z"ö\n'


class Size(enum.IntEnum):
    SMALL = 1
    HUGE = 70_000


class Shout(enum.StrEnum):
    HEY = "hey"

    @property
    def value(self) -> str:
        return self._value_.upper()


SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=()), max_size=40),
    int: st.integers(-(2**63), 2**64 - 1) | st.integers(),
    float: st.floats(),
    bool: st.booleans(),
    bytes: st.binary(max_size=300),
    date: st.dates(),
    UUID: st.uuids(),
    Color: st.sampled_from(Color),
    Size: st.sampled_from(Size),
    Literal["a", "bc"]: st.sampled_from(["a", "bc"]),
    Color | str: st.sampled_from([Color.RED, "unheard"]),
}


def closures(model: Any) -> Closures | None:
    describer = Describer()
    straight = MsgpackCodec().straight(describer.shape(model), describer.kind_of, trusted=True)
    return None if straight is None else Closures(straight, MOST)


@st.composite
def types(draw: st.DrawFn, depth: int = 2) -> tuple[Any, st.SearchStrategy[Any]]:
    """A type, and values that are exactly of it."""
    kind = draw(st.sampled_from(["scalar"] * 4 + ["optional", "list", "tuple", "map", "object", "union"] * (depth > 0)))
    if kind == "scalar":
        type_ = draw(st.sampled_from(list(SCALARS)))
        return type_, SCALARS[type_]
    if kind in ("object", "union"):
        found = [draw(structs(depth - 1, tag)) for tag in (["a", "b"] if kind == "union" else [None])]
        models = [model for model, _ in found]
        return (models[0] | models[1] if kind == "union" else models[0]), st.one_of(*[values for _, values in found])
    type_, values = draw(types(depth - 1))
    if kind == "optional":
        return type_ | None, st.none() | values
    if kind == "map":
        return dict[str, type_], st.dictionaries(SCALARS[str], values, max_size=3)  # type: ignore[valid-type]
    lists = st.lists(values, max_size=3) | st.lists(values, min_size=17, max_size=17)
    return (list[type_], lists) if kind == "list" else (tuple[type_, ...], lists.map(tuple))  # type: ignore[valid-type]


@st.composite
def structs(draw: st.DrawFn, depth: int = 2, tag: str | None = None) -> tuple[Any, st.SearchStrategy[Any]]:
    words = st.text(string.ascii_lowercase, min_size=1, max_size=9).filter(lambda name: name != "type")  # the tag's
    names = draw(st.lists(words, max_size=6, unique=True))
    fields = {f"{name}_": draw(types(depth)) for name in names}
    model = msgspec.defstruct(
        "Made",
        [(name, type_ | msgspec.UnsetType, msgspec.UNSET) for name, (type_, _) in fields.items()],
        rename="camel",
        tag=tag,
    )
    values = {name: st.just(msgspec.UNSET) | values for name, (_, values) in fields.items()}
    return model, st.builds(model, **values)


@given(data=st.data())
def test_what_is_well_typed_is_written_alike(data: st.DataObject) -> None:
    model, values = data.draw(structs())
    pair = Pair(model, "msgpack", trusted=True)
    found = closures(model)
    start = pair.schema.lines[-1].start
    assert found is not None
    assert start is not None
    for _ in range(3):
        value = data.draw(values)
        record = found.encode(value, b"")
        try:
            packed = pair.schema._compiled.writer.new(pair.schema._compiled.dump(value, None), 1)
        except UnwritableValueError:  # an int that is too long, a str that is no Unicode
            assert record is None
        else:
            # None: an int beyond 64 bits is a str, which only the tree makes of it.
            assert record is None or packed.payload == start + record


class Point(msgspec.Struct):
    x: int
    y: float = 0.0


class Inner(msgspec.Struct, tag="i"):
    x: int


@dataclasses.dataclass
class Plain:
    x: int


def struct(type_: Any, **config: Any) -> Any:
    return msgspec.defstruct("Made", [("x", type_)], **config)


OTHERWISE = {
    "no Struct": Plain,
    **{
        str(type_): struct(type_)
        for type_ in (Decimal, datetime, time, timedelta, Any, set[str], frozenset[int], Plain, list[Plain], Shout)
    },
    **{str(type_): struct(type_) for type_ in (dict[str, Decimal], Plain | None)},
    "a list within": struct(struct(int, array_like=True)),
    "a list": struct(int, array_like=True),
    "no defaults": msgspec.defstruct("Made", [("x", int, 0)], omit_defaults=True),
}


@pytest.mark.parametrize("model", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_what_msgspec_would_write_in_another_way(model: Any) -> None:
    assert closures(model) is None


def test_a_tagged_struct() -> None:
    found = closures(Inner)
    assert found is not None
    assert found.encode(Inner(1), b"-") == b"-" + msgspec.msgpack.encode({"type": "i", "x": 1})


def test_nothing_is_wrapped_untold() -> None:
    describer = Describer()
    schema = Schema("a.b", Point, *VERSIONS, writes=2)

    def encoder(number: int, newest: int, trusted: bool) -> Any:
        line = schema.lines[number - 1]
        return wrapped_encoder(line, newest, describer.kind_of, DEFAULT_LIMITS, "explicit", trusted=trusted)

    assert encoder(2, 2, True) is not None
    assert encoder(2, 2, False) is None
    assert encoder(2, 3, True) is None  # an older version
    assert encoder(1, 1, True) is None  # JSON offers nothing
    assert encoder(3, 3, True) is None  # compressed


def encoders(straight: Straight, most: int) -> list[Any]:
    return [made for made in (native.wrap(straight, most), Closures(straight, most)) if made is not None]


def otherwise(value: Any) -> bytes:
    return b"otherwise"


def counted(encoder: Any, value: Any) -> tuple[bytes | None, bytes, int]:
    cell = new_cell()
    return encoder.encode(value, b">"), encoder.counted(b">", cell, otherwise)(value), cell.value


class Child(Point):
    pass


@pytest.mark.parametrize(
    "check", [None, lambda payload: True, lambda payload: payload != b"bad"], ids=["none", "passes", "fails"]
)
def test_a_wrapped_function(check: Callable[[bytes], bool] | None) -> None:
    def encode(value: Point) -> Any:
        if value.x < 0:
            raise ValueError
        return {0: b"", 1: bytearray(b"a"), 2: b"bad"}.get(value.x, bytes(value.x))

    for encoder in encoders(Straight(Point, encode, check), 20):
        for good, payload in ((Point(0), b""), (Point(3), bytes(3)), (Point(20), bytes(20))):
            assert counted(encoder, good) == (b">" + payload, b">" + payload, 1)
        for unusual in (Point(-1), Point(21), Point(1_000), Child(3), None, 3):
            assert counted(encoder, unusual) == (None, b"otherwise", 0)
        bad = counted(encoder, Point(2))
        passes = check is None or check(b"bad")
        assert bad == ((b">bad", b">bad", 1) if passes else (None, b"otherwise", 0))


def test_an_interruption_is_no_unusual_value() -> None:
    def encode(value: Point) -> bytes:
        raise KeyboardInterrupt

    for encoder in encoders(Straight(Point, encode), 20):
        with pytest.raises(KeyboardInterrupt):
            encoder.encode(Point(1), b"")
        with pytest.raises(KeyboardInterrupt):
            encoder.counted(b"", new_cell(), otherwise)(Point(1))


class Older:
    """Somebody's codec that knows nothing of `straight`."""

    def __init__(self) -> None:
        self._codec = MsgpackCodec()
        self.name, self.id, self.retains_unknown = "older", 200, True
        self.check, self.payload, self.value = self._codec.check, self._codec.payload, self._codec.value


class Newer(Older):
    """Another one, which offers a function for trusted points."""

    def straight(self, shape: Any, kind_of: Any, *, trusted: bool) -> Straight | None:
        assert kind_of(shape).name == "msgspec"
        return Straight(Point, msgspec.msgpack.encode) if trusted else None


@pytest.mark.parametrize("trusted", [False, True])
def test_other_peoples_codecs(trusted: bool) -> None:
    older = Pair(Point, Older(), trusted=trusted)
    assert older.encoder is None
    newer = Pair(Point, Newer(), trusted=trusted)
    for point in (Point(1, 2.5), Point(2**70)):
        assert newer.check(point) is (trusted and point.x == 1)
    assert newer.schema.loads(newer.schema.dumps(Point(3))) == Point(3)


def test_a_trusted_value_of_a_wrong_type_is_written_as_it_is() -> None:
    """What the documentation warns of."""
    pair = Pair(Point, Newer(), trusted=True)
    record = pair.schema.dumps(Point("not an int"))  # type: ignore[arg-type]
    with pytest.raises(PayloadError, match="not a int"):
        pair.schema.loads(record)


def test_a_schema_uses_the_closure_where_it_can() -> None:
    schema = Schema("a.b", Point, Version(1, codec="msgpack", framing="envelope", checksum=False), trusted=True)
    assert schema.loads(schema.dumps(Point(1))) == Point(1)
    assert isinstance(schema._compiled.encoder, Closures) is not native.in_use()
    with pytest.raises(UnwritableValueError):
        schema.dumps(Plain(1))  # type: ignore[arg-type]


@needs_native
def test_a_check_that_fails_goes_through() -> None:
    def check(payload: bytes) -> bool:
        raise RuntimeError("broken")

    encoder = native.wrap(Straight(Point, msgspec.msgpack.encode, check), MOST)
    assert encoder is not None
    with pytest.raises(RuntimeError, match="broken"):
        encoder.encode(Point(1), b"")


def test_a_moment_in_a_struct_goes_by_way_of_a_tree() -> None:
    pair = Pair(struct(datetime), "msgpack", trusted=True)
    value = pair.schema.model(datetime(2026, 1, 1, tzinfo=UTC))
    assert pair.schema.loads(pair.schema.dumps(value)) == value


@needs_native
def test_nothing_leaks() -> None:
    def encode(value: Point) -> Any:
        if value.x < 0:
            raise ValueError("x" * 5_000)
        return bytes(value.x) if value.x < 6_000 else bytearray(5_000)

    encoder = native.wrap(Straight(Point, encode, lambda payload: len(payload) != 5_000), 5_500)
    assert encoder is not None
    good, failing, refused, long, other = map(Point, (4_000, -1, 5_000, 5_501, 6_000))
    write = encoder.counted(b"-", new_cell(), otherwise)

    def calls(count: int) -> None:
        for _ in range(count):
            assert len(write(good)) == 4_001
            for value in (failing, refused, long, other, None):
                assert write(value) == b"otherwise"

    calls(100)
    gc.collect()
    tracemalloc.start()
    try:
        calls(200)
        before = tracemalloc.get_traced_memory()[0]
        calls(5_000)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 2_000
    finally:
        tracemalloc.stop()
