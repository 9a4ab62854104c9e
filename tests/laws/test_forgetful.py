"""A codec that does not retain what it does not know: every step raises min_reader, and there are no old editors."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given

from tests.laws.cases import EITHER, named
from tests.laws.cells import LAWS, Cell, meaningful, why_not
from tests.laws.oracle import may_read
from tests.laws.reference import same_plain
from versioned_serde import plugins
from versioned_serde.errors import UnreadableVersionError
from versioned_serde.limits import Limits
from versioned_serde.protocols import Codec, PayloadCodec, ValueCodec
from versioned_serde.shape import Shape, Type
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import Form, Nested
from versioned_serde.testing.laws import round_trip
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import drawn_history, sources
from versioned_serde.tree import COMPLEMENT, Raw, Tree, Typed, objects


class Forgetful:
    """JSON in which only what a version declares has a place."""

    name = "forgetful"
    id = 200
    retains_unknown = False

    def __init__(self) -> None:
        self._json = plugins.codec("json")

    def check(self, shape: Shape) -> None:
        self._json.check(shape)

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        inner = self._json.payload(shape, limits)
        return PayloadCodec(lambda tree: inner.encode(_declared(tree)), lambda data: _declared(inner.decode(data)))

    def value(self, type_: Type, limits: Limits) -> ValueCodec:
        return self._json.value(type_, limits)


def _declared(tree: Tree) -> Tree:
    for node in list(objects(tree)):
        for name in [name for name, held in node.items() if name == COMPLEMENT or isinstance(held, Raw | Typed)]:
            del node[name]
    return tree


FORGETFUL: Codec = Forgetful()
FORM = Form(FORGETFUL, checksum=True)


@pytest.mark.parametrize("kind", EITHER)
@given(random=sources())
def test_every_version_is_its_own_min_reader(kind: str, random: Random) -> None:
    kind = named(kind, random)
    history = drawn_history(random, kind, additive=True, codecs=(FORGETFUL,), form=FORM)
    release = Release(history, history.newest, history.newest, kind)
    assert [line.min_reader for line in release.schema.lines] == list(release.schema.versions)
    for line in release.schema.lines[1:]:
        assert line.raised_by[-1] == "a codec that does not retain unknown attributes"
    value = release.memory(Nested(history.root), values(random, history.root, history.newest, history.keyed))
    read = round_trip(release.schema, value)
    shown = (release.plain(Nested(history.root), each, presence=True) for each in (read, value))
    assert same_plain(*shown)
    packed = release.schema.pack(value)
    for host in range(1, history.newest):
        assert not may_read(history, host, history.newest)
        with pytest.raises(UnreadableVersionError, match=f"min_reader|version {history.newest}"):
            Release(history, host, host, kind).schema.read(*packed)


@pytest.mark.parametrize("law", LAWS)
def test_laws_of_what_is_unknown_mean_nothing(law: str) -> None:
    cell = Cell("pydantic", FORGETFUL, "none", "envelope", checksum=False)
    if law in ("L2", "L3", "L4"):
        assert why_not(law, cell) == "a codec that does not retain unknown attributes"
        assert meaningful(law, "pydantic", FORGETFUL) == []
    else:
        assert why_not(law, cell) is None


def test_the_same_history_in_a_codec_that_retains_keeps_min_reader() -> None:
    def reached(codec: Any) -> int:
        history = drawn_history(Random(1), "pydantic", newest=3, additive=True, codecs=(codec,), form=Form(codec))
        return Release(history, 3, 3, "pydantic").schema.lines[-1].min_reader

    assert (reached("json"), reached(FORGETFUL)) == (1, 3)
