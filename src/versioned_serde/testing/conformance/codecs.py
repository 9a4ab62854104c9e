"""What every codec must do: `CodecConformance`."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.errors import UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import EnumType, ListType, MapType, NullableType, ObjectType, Shape, Type, UnionType
from versioned_serde.testing.conformance import checks, trees
from versioned_serde.testing.conformance.refusals import INNER, INT, TEXT, CodecRefusals, shaped
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, copied, same


class CodecConformance(CodecRefusals):
    """The promises of `protocols.Codec`, each a test. A subclass says which codec, and pytest collects them.

        class TestMyCodec(CodecConformance):
            codec = MyCodec()

    Where a codec says that it does not retain what a shape does not declare, the tests about that ask for less: that
    what is declared comes back, whatever stands beside it.
    """

    # --- What the codec is

    def test_the_name_and_the_id_are_fit_for_a_tag(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", self.codec.name), self.codec.name
        assert type(self.codec.id) is int
        own = type(self.codec).__module__.startswith("versioned_serde.")
        assert self.codec.id in (range(1, 128) if own else range(128, 256)), "128 to 255 are for codecs of others"
        assert type(self.codec.retains_unknown) is bool

    def test_what_it_can_carry_passes_its_check(self) -> None:
        @given(trees.shapes(self.reach))
        def check(shape: Shape) -> None:
            assert self.codec_for(shape).check(shape) is None  # type: ignore[func-returns-value]

        check()

    # --- Encode and decode

    def _shaped_trees(self) -> st.SearchStrategy[tuple[Shape, Tree]]:
        return trees.shaped_trees(self.codec, self.reach)

    def test_a_tree_comes_back(self) -> None:
        @given(self._shaped_trees())
        def check(drawn: tuple[Shape, Tree]) -> None:
            checks.check_round_trip(self.codec_for(drawn[0]), *drawn)

        check()

    def test_a_value_comes_back(self) -> None:
        @given(trees.types(self.reach), st.data())
        def check(type_: Type, data: st.DataObject) -> None:
            checks.check_value(self.codec, type_, data.draw(trees.values(type_, self.reach)))

        check()

    def test_absent_null_and_empty_stay_apart(self) -> None:
        shape = shaped(a=NullableType(TEXT), b=NullableType(ListType(INT)), c=NullableType(INNER))
        form = self.codec_for(shape).payload(shape, DEFAULT_LIMITS)
        trees_: list[Tree] = [{}, {"a": None}, {"a": ""}, {"b": None}, {"b": []}, {"c": None}, {"c": {}}]
        for tree in trees_:
            assert same(form.decode(form.encode(tree)), tree), tree

    def test_the_same_tree_gives_the_same_bytes(self) -> None:
        @given(self._shaped_trees())
        def check(drawn: tuple[Shape, Tree]) -> None:
            shape, tree = drawn
            before = copied(tree)
            payloads = {self.codec_for(shape).payload(shape, DEFAULT_LIMITS).encode(tree) for _ in range(2)}
            assert len(payloads) == 1, payloads
            assert same(before, tree), "to encode a tree changed it"

        check()

    def test_the_order_is_that_of_the_shape(self) -> None:
        @given(self._shaped_trees())
        def check(drawn: tuple[Shape, Tree]) -> None:
            shape, tree = drawn
            declared = [(name, tree[name]) for name in shape.names if name in tree]
            beside = {name: value for name, value in tree.items() if name not in shape.names}
            codec = self.codec_for(shape)
            form = codec.payload(shape, DEFAULT_LIMITS)
            payload = form.encode(dict(declared) | beside)
            assert form.encode(beside | dict(reversed(declared))) == payload
            if self.reach.ordered and codec.retains_unknown:
                kept = codec.payload(shaped(), DEFAULT_LIMITS).decode(payload)
                assert list(kept) == [*dict(declared), *beside]

        check()

    def test_threads_do_not_meet(self) -> None:
        shape = shaped(a=TEXT, b=ListType(INNER))
        form = self.codec_for(shape).payload(shape, DEFAULT_LIMITS)
        given_: list[Tree] = [{"a": f"{n}" * (n % 50), "b": [{"x": n}] * (n % 20)} for n in range(400)]
        assert checks.in_threads(lambda tree: form.decode(form.encode(tree)), given_) == given_

    # --- What the shape does not declare

    def _beside(self, shape: Shape, declared: Tree, beside: Tree) -> Tree:
        """What comes back of the second tree, with the first beside it, which has to come back in any case."""
        form = self.codec_for(shape).payload(shape, DEFAULT_LIMITS)
        try:
            found = form.decode(form.encode(declared | beside))
        except UnwritableValueError:
            assert not self.codec.retains_unknown
            return {}
        assert {name: found.pop(name) for name in declared} == declared
        return found

    def test_an_undeclared_value_comes_back_as_it_was(self) -> None:
        @given(st.data())
        def check(data: st.DataObject) -> None:
            type_ = data.draw(trees.types(self.reach, depth=1))
            value = data.draw(trees.values(type_, self.reach))
            raw = self.codec.value(type_, DEFAULT_LIMITS).encode(value)
            kept = self._beside(shaped(a=TEXT), {"a": "x"}, {"b": raw})
            assert kept == {"b": raw} or not self.codec.retains_unknown

        check()

    def test_a_value_of_another_codec_comes_back_as_it_was(self) -> None:
        @given(st.sampled_from(["json", "msgpack", "elsewhere"]), st.binary())
        def check(name: str, data: bytes) -> None:
            raw = Raw(f"{name}_", data)  # the name of no codec, so not of this one
            kept = self._beside(shaped(a=TEXT), {"a": "x"}, {"b": raw})
            assert kept == {"b": raw} or not self.codec.retains_unknown

        check()

    def test_a_typed_value_is_written_by_its_type(self) -> None:
        @given(st.data())
        def check(data: st.DataObject) -> None:
            type_ = data.draw(trees.types(self.reach, depth=1))
            value = data.draw(trees.values(type_, self.reach))
            kept = self._beside(shaped(a=TEXT), {"a": "x"}, {"b": Typed(type_, value)})
            if self.codec.retains_unknown:
                assert type(kept["b"]) is Raw
                assert same(self.codec.value(type_, DEFAULT_LIMITS).decode(kept["b"]), value)

        check()

    def test_an_older_host_loses_nothing(self) -> None:
        @given(self._shaped_trees(), st.data())
        def check(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
            shape, tree = drawn
            narrow = data.draw(trees.narrower(shape))
            if self.codec.retains_unknown:
                checks.check_unknown_retained(self.codec_for(shape), shape, narrow, tree)

        check()

    def test_the_complement_comes_back_at_every_level(self) -> None:
        held: dict[str, Raw | Typed] = {"a": Typed(INT, 1), "b": Raw("elsewhere", b"\x00")}
        arm = ObjectType(shaped(kind=EnumType(("card",)), x=INT))
        types: dict[str, Type] = {"one": INNER, "many": ListType(INNER), "named": MapType(INNER)}
        tree: Tree = {"one": {"x": 1}, "many": [{"x": 2}, {}], "named": {"k": {"x": 3}}}
        if self.reach.unions:
            types["arm"], tree["arm"] = UnionType("kind", (("card", arm),)), {"kind": "card"}
        shape = shaped(**types)
        if not self.codec.retains_unknown:
            self._beside(shape, tree, {COMPLEMENT: [Entry("4.1", "down", held, {})]})
            return
        for place in (tree, tree["one"], *tree["many"], tree["named"]["k"], tree.get("arm", {})):
            place[COMPLEMENT] = [Entry("4.1", "down", held, {}, ("c", "d")), Entry("12.3", "up", {}, held)]
        codec = self.codec_for(shape)
        form = codec.payload(shape, DEFAULT_LIMITS)
        found = form.decode(form.encode(tree))
        assert trees.equivalent(codec, tree, found), found
        for entry in found[COMPLEMENT]:
            assert {type(value) for value in (entry.witness | entry.kept).values()} == {Raw}
