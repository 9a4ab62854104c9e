"""The laws for recursive models, in every kind and codec: the same as for any other, at every level."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.trees import CODECS, KEYS, MODELS, PROTO, comment, made, nodes, plain, plain_schema, schema
from versioned_serde import Schema, Version, add
from versioned_serde.testing.laws import as_version, lowered

# A step of a nested model names its class; what a `Shape` was declared with has none.
assert settings.default is not None
A_FEW = settings(max_examples=max(5, settings.default.max_examples // 20))
"""Of each kind and codec: 5 as a rule, more under the profiles `longer` and `thorough`."""
STEPPED = [kind for kind in MODELS if kind != "declared"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", MODELS)
@A_FEW
@given(seed=st.integers(0))
def test_what_was_written_is_read(kind: str, codec: str, seed: int) -> None:
    random = Random(seed)
    one = plain_schema(kind, codec)
    value = made(kind, comment(random))
    assert one.loads(one.dumps(value)) == value
    assert plain(kind, one.loads(one.dumps(value))) == plain(kind, value)


@A_FEW
@given(seed=st.integers(0))
def test_messages_are_models_too(seed: int) -> None:
    random = Random(seed)

    def message(node: dict[str, Any]) -> Any:
        return PROTO(**{**_messages(node), "score": "1"})

    def _messages(node: dict[str, Any]) -> dict[str, Any]:
        values = {name: value for name, value in node.items() if name in ("id", "body", "note")}
        if "replies" in node:
            values["replies"] = [message(each) for each in node["replies"]]
        if "quoted" in node:
            values["quoted"] = message(node["quoted"])
        return values

    value = message(comment(random))
    for codec in ("json", "msgpack", "xml", "protobuf"):
        one = Schema("talk.comment", PROTO, Version(1, codec=codec, framing="envelope"), keys=KEYS)
        assert one.loads(one.dumps(value)) == value
        document = one.read(one.dumps(value))
        document.value.body = "changed"
        again = one.loads(one.write(document))
        assert again.body == "changed"
        again.body = value.body
        assert again == value


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", STEPPED)
@A_FEW
@given(seed=st.integers(0))
def test_there_and_back_at_every_level(kind: str, codec: str, seed: int) -> None:
    random = Random(seed)
    newest, value, version = schema(kind, codec), made(kind, comment(random)), random.randint(1, 4)
    packed = as_version(newest, version, value)
    assert newest.identify(*packed).version == version
    assert newest.unpack(*packed) == value  # what the older form could not hold came back, at each level


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", STEPPED)
@A_FEW
@given(seed=st.integers(0))
def test_there_and_back_from_an_older_version(kind: str, codec: str, seed: int) -> None:
    random = Random(seed)
    newest, version = schema(kind, codec), random.randint(1, 4)
    old = as_version(newest, version, made(kind, comment(random)))
    assert newest.unpack(*lowered(newest, version, old)) == newest.unpack(*old)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", MODELS)
@A_FEW
@given(seed=st.integers(0))
def test_an_edit_of_any_level_changes_that_level(kind: str, codec: str, seed: int) -> None:
    random = Random(seed)
    one = plain_schema(kind, codec)
    told = comment(random)
    blob, expected = one.dumps(made(kind, told)), deepcopy(told)
    random.choice(nodes(expected))["body"] = "edited"
    document = one.read(blob)
    document.set(made(kind, expected))
    assert plain(kind, one.loads(one.write(document))) == plain(kind, made(kind, expected))


@pytest.mark.parametrize("codec", [name for name in CODECS if name != "protobuf"])
@A_FEW
@given(seed=st.integers(0))
def test_an_old_editor_keeps_what_it_does_not_know_at_every_level(codec: str, seed: int) -> None:
    """L2. Elements of lists are found by their keys, whatever else becomes of them, at each level."""
    random = Random(seed)
    first = Version(1, codec=codec, framing="envelope")
    shape = MODELS["declared"].without("note")
    old: Schema[Any] = Schema("talk.comment", shape, first, keys=KEYS)
    new: Schema[Any] = Schema("talk.comment", MODELS["declared"], first, Version(2, add("note")), writes=2, keys=KEYS)
    told = comment(random)
    expected = deepcopy(told)
    document = old.read(new.dumps(told))
    with document.edit() as value:
        for edited in (value, expected):
            _edit(edited)
    assert plain("declared", new.loads(old.write(document))) == plain("declared", expected)


def _edit(told: dict[str, Any]) -> None:
    """Every list of replies is turned round, and loses its first element; every body changes."""
    for node in nodes(told):
        node["body"] += "!"
        if len(node.get("replies", [])) > 1:
            node["replies"].reverse()
            node["replies"].pop()


def test_the_loss_of_one_level_does_not_depend_on_the_others() -> None:
    """Lossy at each level: where the older form was changed, what was kept there is dropped, and only there."""
    older = schema("pydantic", "json", writes=3, newest=4)
    innermost = {"id": 3, "body": "c", "score": Decimal("0.239")}
    inner = {"id": 2, "body": "b", "score": Decimal("0.127"), "replies": [innermost]}
    value = made("pydantic", {"id": 1, "body": "a", "score": Decimal("0.125"), "replies": [inner]})
    blob = older.dumps(value)
    changed = blob.replace(b'"score":12,"replies":[{"id":3', b'"score":50,"replies":[{"id":3')
    assert changed != blob
    found = older.loads(changed[:-4] + crc32(changed[:-4]).to_bytes(4, "big"))
    assert (found.score, found.replies[0].score, found.replies[0].replies[0].score) == (
        Decimal("0.125"),
        Decimal("0.5"),
        Decimal("0.239"),
    )
