"""What every codec must refuse, and how: errors, bytes from anywhere and limits, a part of `CodecConformance`."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.errors import DeclarationError, LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Codec, PayloadCodec
from versioned_serde.shape import (
    ABSENT,
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
)
from versioned_serde.testing.conformance import checks, trees
from versioned_serde.testing.conformance.checks import SECRET
from versioned_serde.testing.conformance.reach import EDGES, EVERYTHING, Reach
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, same

_SAMPLES: dict[ScalarName, Any] = {
    "str": "1",
    "int": 1,
    "float": 1.0,
    "bool": True,
    "bytes": b"1",
    "decimal": Decimal(1),
    "datetime": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    "date": date(2024, 1, 2),
    "time": time(3, 4, 5),
    "timedelta": timedelta(1),
    "uuid": UUID(int=1),
}


class _Text(str):
    __slots__ = ()


class _Number(enum.IntEnum):
    ONE = 1


class _Listed(list[Any]):
    pass


class _Mapped(dict[str, Any]):
    pass


_NOT_QUITE = (_Text("1"), _Number.ONE, _Listed(["1"]), _Mapped())
"""Values of subclasses: equal to a value of the type, but not exactly of it."""


def shaped(**types: Type) -> Shape:
    """A shape of attributes that may be absent."""
    return Shape("Made", tuple(Attribute(name, type_, ABSENT) for name, type_ in types.items()))


TEXT, INT = Scalar("str"), Scalar("int")
INNER = ObjectType(shaped(x=INT))


def _refused_at(form: PayloadCodec, tree: Tree) -> str | None:
    """The path of the error for a tree, or None if it is written."""
    try:
        form.encode(tree)
    except UnwritableValueError as error:
        return error.path
    return None


class CodecRefusals:
    """What `CodecConformance` inherits.

    Attributes:
        codec: the codec.
        reach: what of the types and values its format can carry. What lies beyond must be refused, and is tried too.
        nested: gives a payload of an object whose attribute `a` is nested so many times, without the codec, which
            itself may not be able to write so deep; None leaves the test to what the codec writes.
    """

    codec: Codec
    reach: Reach = EVERYTHING
    nested: Callable[[int], bytes] | None = None

    def codec_for(self, shape: Shape) -> Codec:
        """The codec for payloads of a shape: another one for each where a codec belongs to one class of messages.

        Raises:
            DeclarationError: there is none for this shape, because it is beyond the reach.
        """
        return self.codec

    # --- Strictness

    def _strangers(self, type_: Type, sample: Any) -> list[Any]:
        """Values that are not exactly of a type."""
        every = [None, object(), (), *_SAMPLES.values(), [1], {"a": 1}, "3", 3, *_NOT_QUITE]
        if isinstance(type_, EnumType):
            return [each for each in every if type(each) is not type(sample) or each not in type_.members]
        if isinstance(type_, ListType):
            return [each for each in every if type(each) is not list or each == [1]]
        return [each for each in every if type(each) is not type(sample)]

    def test_encoding_takes_values_of_exactly_the_type(self) -> None:
        listed: list[tuple[Type, Any]] = [(Scalar(name), _SAMPLES[name]) for name in ("str", *self.reach.scalars)]
        listed += [(EnumType(("1",)), "1"), (EnumType((1, 2)), 1), (ListType(TEXT), ["1"])]
        listed += [(ObjectType(shaped()), {}), (MapType(TEXT), {"a": "1"}), (NullableType(INT), 1)]
        for type_, sample in listed:
            form = self._at(type_)
            form.encode({"at": sample})
            for stranger in self._strangers(type_, sample):
                if stranger is None and isinstance(type_, NullableType):
                    continue
                path = _refused_at(form, {"at": stranger})
                assert path is not None, f"{type_} took {stranger!r}"
                assert path.startswith("at"), (type_, stranger, path)

    def test_decoding_does_not_turn_one_kind_of_value_into_another(self) -> None:
        names: list[ScalarName] = ["str", *self.reach.scalars]
        for name in names:
            payload = self._at(Scalar(name)).encode({"at": _SAMPLES[name]})
            for other in names:
                form = self._at(Scalar(other))
                try:
                    tree = form.decode(payload)
                except (PayloadError, LimitError):
                    continue
                if (found := tree.get("at")) is None:
                    continue  # a message of another class
                assert type(found) is type(_SAMPLES[other]), (name, other, found)
                # A format may write two kinds alike, and a number may be read as a wider one.
                wider = {name, other} <= {"int", "float", "decimal"} and found == _SAMPLES[name]
                alike = wider or not self.reach.tells_kinds or form.encode(tree) == payload
                assert alike, f"{name} was read as {other}: {found!r}"

    def _at(self, type_: Type, limits: Limits = DEFAULT_LIMITS) -> PayloadCodec:
        """The form of an object with one attribute, `at`."""
        shape = shaped(at=type_)
        return self.codec_for(shape).payload(shape, limits)

    def test_what_it_cannot_carry_is_refused(self) -> None:
        @given(trees.shapes(), st.data())
        def check(shape: Shape, data: st.DataObject) -> None:
            try:
                codec = self.codec_for(shape)
                codec.check(shape)
                form = codec.payload(shape, DEFAULT_LIMITS)
                tree = data.draw(trees.trees(shape))
                payload = form.encode(tree)
            except (DeclarationError, UnwritableValueError):
                return
            assert trees.equivalent(codec, tree, form.decode(payload)), (tree, payload)

        check()

    @pytest.mark.parametrize("name", EDGES)
    def test_a_value_at_the_edge_comes_back_or_is_refused(self, name: ScalarName) -> None:
        for value in EDGES[name]:
            tree = {"at": value}
            try:
                self._checked(shaped(at=Scalar(name)))
                form = self._at(Scalar(name))
                payload = form.encode(tree)
            except (DeclarationError, UnwritableValueError):
                continue
            assert same(form.decode(payload), tree), tree

    # --- Errors

    def test_an_error_of_encoding_tells_the_place_and_no_value(self) -> None:
        shape = shaped(a=ObjectType(shaped(b=ListType(INNER))), named=MapType(INT), at=EnumType(("x",)))
        form = self.codec_for(shape).payload(shape, DEFAULT_LIMITS)
        wrong: list[tuple[str, Tree]] = [
            ("a.b[1].x", {"a": {"b": [{"x": 1}, {"x": SECRET}]}}),
            ("named[*]", {"named": {SECRET: SECRET}}),
            ("at", {"at": SECRET}),
            ("more", {"more": SECRET}),  # neither declared, nor a `Raw` or `Typed`
        ]
        for path, tree in wrong:
            with pytest.raises(UnwritableValueError) as caught:
                form.encode(tree)
            assert caught.value.path == path
            assert SECRET not in checks.logged(caught.value)

    def test_an_error_of_decoding_tells_the_place_and_no_value(self) -> None:
        def shape(at: Type) -> Shape:
            return shaped(a=ObjectType(shaped(b=ListType(ObjectType(shaped(at=at))))), named=MapType(at))

        wide, narrow = shape(EnumType(("x",), open=True)), shape(EnumType(("x",)))
        wrong: list[tuple[str, Tree]] = [
            ("a.b[1].at", {"a": {"b": [{"at": "x"}, {"at": SECRET}]}}),
            ("named[*]", {"named": {SECRET: SECRET}}),
        ]
        for path, tree in wrong:
            payload = self.codec_for(wide).payload(wide, DEFAULT_LIMITS).encode(tree)
            with pytest.raises(PayloadError) as caught:
                self.codec_for(narrow).payload(narrow, DEFAULT_LIMITS).decode(payload)
            assert caught.value.path == path or not self.reach.by_name
            assert SECRET not in checks.logged(caught.value)

    def test_a_value_apart_is_refused_as_strictly(self) -> None:
        form = self.codec.value(INT, DEFAULT_LIMITS)
        with pytest.raises(UnwritableValueError) as unwritable:
            form.encode(SECRET)
        with pytest.raises(PayloadError):
            form.decode(Raw("elsewhere", form.encode(1).data))
        with pytest.raises(PayloadError) as unreadable:
            form.decode(self.codec.value(TEXT, DEFAULT_LIMITS).encode(SECRET))
        assert SECRET not in checks.logged(unwritable.value) + checks.logged(unreadable.value)

    # --- Bytes from anywhere

    def _hostile(self, bytes_: st.SearchStrategy[bytes]) -> None:
        @given(trees.shapes(self.reach, depth=1), bytes_)
        def check(shape: Shape, data: bytes) -> None:
            checks.check_hostile(self.codec_for(shape), shape, data)

        check()

    def test_any_bytes_give_a_tree_or_a_typed_error(self) -> None:
        self._hostile(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode(errors="replace")))

    def test_damaged_bytes_give_a_tree_or_a_typed_error(self) -> None:
        @given(trees.shaped_trees(self.codec, self.reach), st.data())
        def check(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
            codec = self.codec_for(drawn[0])
            payload = codec.payload(drawn[0], DEFAULT_LIMITS).encode(drawn[1])
            checks.check_hostile(codec, drawn[0], data.draw(trees.damaged(payload)))

        check()

    def test_every_truncation_and_every_flipped_bit_gives_a_tree_or_a_typed_error(self) -> None:
        shape = shaped(a=TEXT, b=ListType(INNER), c=MapType(TEXT), d=NullableType(INT), e=Scalar("bytes"))
        tree: Tree = {"a": "Zo\u00eb", "b": [{"x": 1}, {}], "c": {"k": ""}, "d": None, "e": b"\x00\xff"}
        if self.codec.retains_unknown:
            tree |= {"more": Typed(TEXT, "y"), COMPLEMENT: [Entry("4.1", "up", {"f": Typed(INT, 1)}, {}, ("g",))]}
        codec = self.codec_for(shape)
        payload = codec.payload(shape, DEFAULT_LIMITS).encode(tree)
        for length in range(len(payload)):
            checks.check_hostile(codec, shape, payload[:length])
        for at in range(len(payload) * 8):
            flipped = bytes([payload[at // 8] ^ 1 << at % 8])
            checks.check_hostile(codec, shape, payload[: at // 8] + flipped + payload[at // 8 + 1 :])

    def test_a_damaged_value_apart_gives_a_value_or_a_typed_error(self) -> None:
        @given(trees.types(self.reach, depth=1), st.data())
        def check(type_: Type, data: st.DataObject) -> None:
            form = self.codec.value(type_, DEFAULT_LIMITS)
            raw = form.encode(data.draw(trees.values(type_, self.reach)))
            damaged = Raw(raw.codec, data.draw(trees.damaged(raw.data) | st.binary(max_size=20)))
            with contextlib.suppress(PayloadError, LimitError):
                form.decode(damaged)

        check()

    # --- Limits, one by one

    def _deep(self, levels: int) -> tuple[Shape, Tree]:
        """A shape of objects within each other, so many of them, and a tree of it."""
        shape = shaped(x=INT)
        tree: Tree = {"x": 1}
        for _ in range(levels - 1):
            shape, tree = shaped(a=ObjectType(shape)), {"a": tree}
        return shape, tree

    def test_depth_is_bounded(self) -> None:
        shallow = Limits(max_depth=5)
        for levels in (5, 6):
            shape, tree = self._deep(levels)
            codec, narrow = self.codec_for(shape), shaped()
            payload = codec.payload(shape, DEFAULT_LIMITS).encode(tree)
            if levels == 5:
                assert codec.payload(shape, shallow).decode(payload) == tree
                if self.reach.by_name:
                    codec.payload(narrow, shallow).decode(payload)
                continue
            with pytest.raises(DeclarationError):
                codec.payload(shape, shallow)
            if self.codec.retains_unknown and self.reach.looks_into_unknown:
                with pytest.raises(LimitError) as caught:
                    codec.payload(narrow, shallow).decode(payload)
                assert caught.value.limit == "max_depth"
            if self.codec.retains_unknown:
                with pytest.raises(UnwritableValueError):
                    codec.payload(narrow, shallow).encode({"a": Typed(shape.attributes[0].type, tree["a"])})

    def _checked(self, shape: Shape) -> None:
        self.codec_for(shape).check(shape)

    def test_depth_is_bounded_in_any_value(self) -> None:
        if not self.reach.any:
            with pytest.raises(DeclarationError):
                self._checked(shaped(at=AnyType()))
            return
        deep: Any = 1
        for _ in range(20):
            deep = [deep]
        payload = self._at(AnyType()).encode({"at": deep})
        assert self._at(AnyType(), Limits(max_depth=21)).decode(payload) == {"at": deep}
        with pytest.raises(LimitError) as caught:
            self._at(AnyType(), Limits(max_depth=20)).decode(payload)
        assert caught.value.limit == "max_depth"
        with pytest.raises(UnwritableValueError):
            self._at(AnyType(), Limits(max_depth=20)).encode({"at": deep})

    def test_nesting_beyond_the_stack_is_a_typed_error(self) -> None:
        if self.reach.any:
            deep: Any = 1
            for _ in range(10_000):
                deep = [deep]
            with pytest.raises(UnwritableValueError):
                self._at(AnyType(), Limits(max_depth=10**9)).encode({"at": deep})
        if self.nested is not None:
            checks.check_deep(self.codec, self.nested)

    def test_digits_are_bounded(self) -> None:
        long = 10**300
        if not self.reach.long_integers:
            with pytest.raises(UnwritableValueError):
                self._at(INT).encode({"at": long})
            return
        for type_ in (INT, Scalar("decimal")):
            payload = self._at(type_).encode({"at": long if type_ == INT else Decimal(long)})
            assert self._at(type_, Limits(max_digits=301)).decode(payload)["at"] == long
            with pytest.raises(LimitError) as caught:
                self._at(type_, Limits(max_digits=300)).decode(payload)
            assert caught.value.limit == "max_digits"
