"""A codec that breaks a promise is caught by the check of that promise; one that keeps fewer promises may say so."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.testing.conformance.failing import failure
from versioned_serde.codecs.json import JsonCodec
from versioned_serde.errors import PayloadError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.protocols import PayloadCodec, ValueCodec
from versioned_serde.shape import Scalar, Shape, Type
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.reach import Reach
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, copied, objects


class Sound(JsonCodec):
    """JSON under another name and id, with a place to break it at."""

    name = "json"
    id = 200

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        form = super().payload(shape, limits)
        return PayloadCodec(
            lambda tree: self.encode(form.encode, tree, shape), lambda data: self.decode(form.decode, data, shape)
        )

    def encode(self, encode: Callable[[Tree], bytes], tree: Tree, shape: Shape) -> bytes:
        return encode(tree)

    def decode(self, decode: Callable[[bytes], Tree], data: bytes, shape: Shape) -> Tree:
        return decode(data)


def less_undeclared(tree: Tree) -> Tree:
    """A copy without what is not declared, at any level."""
    tree = copied(tree)
    for place in objects(tree):
        for name in [name for name, value in place.items() if type(value) in (Raw, Typed) or _entries(value)]:
            del place[name]
    return tree


def _entries(value: Any) -> bool:
    return type(value) is list and bool(value) and type(value[0]) is Entry


class Forgetful(Sound):
    retains_unknown = False

    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        try:
            return bytes(encode(less_undeclared(tree)))
        except RecursionError:
            raise UnwritableValueError("The value is too deep.") from None

    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        return less_undeclared(decode(data))


class TestACodecThatSaysThatItForgets(CodecConformance):
    codec = Forgetful()


class ForgetsAndDoesNotSay(Forgetful):
    retains_unknown = True


class ForgetsInside(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        tree: Tree = decode(data)
        return {name: less_undeclared(value) if type(value) is dict else value for name, value in tree.items()}


class ForgetsAbsent(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        tree = copied(tree)
        for place in objects(tree):
            place.update({name: _without_absent(value) for name, value in place.items() if _entries(value)})
        return bytes(encode(tree))


def _without_absent(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, absent=()) for entry in entries]


class ForgetsOtherEntries(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        tree: Tree = decode(data)
        return {name: value[:1] if name == COMPLEMENT else value for name, value in tree.items()}


class ReadsTextAsNumbers(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        wanted = {each.name for each in shape.attributes if each.type == Scalar("int")}
        try:
            members = json.loads(data)
            for name in wanted & members.keys():
                members[name] = int(members[name])
            data = json.dumps(members).encode()
        except (ValueError, TypeError, AttributeError):
            pass  # the real one finds it, too
        return dict(decode(data))


class WritesWhatIsAlmostOfTheType(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        exact = {name: str(value) if isinstance(value, str) else value for name, value in tree.items()}
        return bytes(encode(exact))


class LeaksValueError(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        json.loads(data)
        return dict(decode(data))


class LeaksOnDamageAlone(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        if data.startswith(b"{"):
            json.loads(data)
        return dict(decode(data))


class LeaksAtValues(Sound):
    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        form = super().value(type_, limits)

        def decode(raw: Raw) -> Any:
            json.loads(raw.data)
            return form.decode(raw)

        return ValueCodec(form.encode, decode)


class Sorts(Sound):
    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        ordered = tuple(sorted(shape.attributes, key=lambda attribute: attribute.name))
        return super().payload(replace(shape, attributes=ordered), limits)


class KeepsTheOrderOfTheTree(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        members = [encode({name: value})[1:-1] for name, value in tree.items()]
        return b"{" + b",".join(members) + b"}"


class Draws(Sound):
    numbers = itertools.count()

    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        return bytes(encode(tree)) + b" " * (next(self.numbers) % 3)


class ChangesTheTree(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        payload = bytes(encode(tree))
        tree.clear()
        return payload


class NullIsAbsent(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        return bytes(encode({name: value for name, value in tree.items() if value is not None}))


class RewritesWhatItKeeps(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        return {name: _rewritten(value) for name, value in decode(data).items()}


def _rewritten(value: Any) -> Any:
    if type(value) is Raw and value.codec == "json":
        return Raw("json", json.dumps(json.loads(value.data)).encode())
    return value


class TakesOtherCodecsForItself(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        return bytes(encode({name: _claimed(value) for name, value in tree.items()}))


def _claimed(value: Any) -> Any:
    return Raw("json", json.dumps(value.data.hex()).encode()) if type(value) is Raw else value


class WritesTypedAsText(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        as_text = Scalar("str")
        return bytes(encode({n: Typed(as_text, str(v.value)) if type(v) is Typed else v for n, v in tree.items()}))


class TellsNoPlace(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        try:
            return dict(decode(data))
        except PayloadError:
            raise PayloadError("Something is wrong.") from None

    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        try:
            return bytes(encode(tree))
        except UnwritableValueError:
            raise UnwritableValueError("Something is wrong.") from None


class ShowsValues(Sound):
    def decode(self, decode: Any, data: bytes, shape: Shape) -> Tree:
        try:
            return dict(decode(data))
        except PayloadError as error:
            raise PayloadError(f"Cannot read {data!r}.").inside(error.path) from None

    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        try:
            return bytes(encode(tree))
        except UnwritableValueError as error:
            error.__suppress_context__ = False
            error.__context__ = ValueError(str(tree))
            raise


class KnowsNoLimits(Sound):
    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        return super().payload(shape, Limits(max_depth=200, max_digits=10_000))


class MeetsItselfInThreads(Sound):
    tree: Tree

    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        self.tree = tree
        time.sleep(0)
        return bytes(encode(self.tree))


class CutsNumbers(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        return bytes(encode({n: v % 2**64 if type(v) is int and v > 2**64 else v for n, v in tree.items()}))


class ForgetsBytes(Sound):
    def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
        return bytes(encode({n: b"" if type(v) is bytes else v for n, v in tree.items()}))


class TakesAReservedId(Sound):
    id = 1


BROKEN: list[tuple[Sound, str]] = [
    (ForgetsAndDoesNotSay(), "test_an_undeclared_value_comes_back_as_it_was"),
    (ForgetsAndDoesNotSay(), "test_a_value_of_another_codec_comes_back_as_it_was"),
    (ForgetsAndDoesNotSay(), "test_an_older_host_loses_nothing"),
    (ForgetsInside(), "test_the_complement_comes_back_at_every_level"),
    (ForgetsAbsent(), "test_the_complement_comes_back_at_every_level"),
    (ForgetsOtherEntries(), "test_the_complement_comes_back_at_every_level"),
    (ForgetsAbsent(), "test_a_tree_comes_back"),
    (ReadsTextAsNumbers(), "test_decoding_does_not_turn_one_kind_of_value_into_another"),
    (WritesWhatIsAlmostOfTheType(), "test_encoding_takes_values_of_exactly_the_type"),
    (LeaksValueError(), "test_any_bytes_give_a_tree_or_a_typed_error"),
    (LeaksOnDamageAlone(), "test_damaged_bytes_give_a_tree_or_a_typed_error"),
    (LeaksOnDamageAlone(), "test_every_truncation_and_every_flipped_bit_gives_a_tree_or_a_typed_error"),
    (LeaksAtValues(), "test_a_damaged_value_apart_gives_a_value_or_a_typed_error"),
    (Sorts(), "test_the_order_is_that_of_the_shape"),
    (KeepsTheOrderOfTheTree(), "test_the_order_is_that_of_the_shape"),
    (Draws(), "test_the_same_tree_gives_the_same_bytes"),
    (ChangesTheTree(), "test_the_same_tree_gives_the_same_bytes"),
    (NullIsAbsent(), "test_absent_null_and_empty_stay_apart"),
    (RewritesWhatItKeeps(), "test_an_undeclared_value_comes_back_as_it_was"),
    (TakesOtherCodecsForItself(), "test_a_value_of_another_codec_comes_back_as_it_was"),
    (WritesTypedAsText(), "test_a_typed_value_is_written_by_its_type"),
    (TellsNoPlace(), "test_an_error_of_encoding_tells_the_place_and_no_value"),
    (TellsNoPlace(), "test_an_error_of_decoding_tells_the_place_and_no_value"),
    (ShowsValues(), "test_an_error_of_encoding_tells_the_place_and_no_value"),
    (ShowsValues(), "test_an_error_of_decoding_tells_the_place_and_no_value"),
    (KnowsNoLimits(), "test_depth_is_bounded"),
    (KnowsNoLimits(), "test_depth_is_bounded_in_any_value"),
    (KnowsNoLimits(), "test_digits_are_bounded"),
    (MeetsItselfInThreads(), "test_threads_do_not_meet"),
    (ForgetsBytes(), "test_what_it_cannot_carry_is_refused"),
    (TakesAReservedId(), "test_the_name_and_the_id_are_fit_for_a_tag"),
]


@pytest.mark.parametrize(("codec", "check"), BROKEN, ids=[f"{type(codec).__name__}-{test}" for codec, test in BROKEN])
def test_a_broken_promise_is_caught(codec: Sound, check: str) -> None:
    tested = CodecConformance()
    tested.codec = codec
    failure(tested, check)


def test_a_reach_that_is_too_small_is_no_excuse() -> None:
    small = CodecConformance()
    small.reach = Reach(scalars={}, any=False)
    small.codec = ForgetsBytes()
    failure(small, "test_what_it_cannot_carry_is_refused")
    small.codec = CutsNumbers()
    failure(small, "test_a_value_at_the_edge_comes_back_or_is_refused", "int")


def test_what_a_codec_says_of_its_reach_has_to_be_so() -> None:
    modest = CodecConformance()
    modest.codec, modest.reach = Sound(), Reach(any=False, long_integers=False)
    failure(modest, "test_depth_is_bounded_in_any_value")
    failure(modest, "test_digits_are_bounded")


def test_a_codec_that_forgets_too_much_is_caught() -> None:
    class ForgetsAll(Forgetful):
        def encode(self, encode: Any, tree: Tree, shape: Shape) -> bytes:
            return bytes(encode(tree if less_undeclared(tree) == tree else {}))

    tested = CodecConformance()
    tested.codec = ForgetsAll()
    for check in (
        "test_an_undeclared_value_comes_back_as_it_was",
        "test_a_value_of_another_codec_comes_back_as_it_was",
        "test_a_typed_value_is_written_by_its_type",
        "test_the_complement_comes_back_at_every_level",
    ):
        failure(tested, check)
