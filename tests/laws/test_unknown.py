"""L4 and L2 for what no release declares: it stays at every level, as it came, through every step and edit."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import trials
from tests.laws.cases import EITHER, cases, named, tried
from tests.laws.oracle import may_write
from tests.laws.reference import same_plain
from tests.laws.trials import Trial, in_every_cell, try_in_cells
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import Attribute, ListType, MapType, NullableType, ObjectType, Scalar, Shape
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import KIND, Change, Choice, History, Nested, Spec, specs_in
from versioned_serde.testing.releases import Release
from versioned_serde.testing.strategies import histories, sources
from versioned_serde.tree import Raw

LEXEMES = ("1.10", "1e400", "-0", "12345678901234567890123", '"text"', '[1.0,{"a":null}]', "null")


@pytest.mark.parametrize("kind", EITHER)
@cases(0.8)  # a history without a record that may hold something unknown is passed over
@given(data=st.data(), random=sources(), newest=st.integers(2, 5))
def test_unknown_attributes_stay_where_and_as_they_are(
    kind: str, data: st.DataObject, random: Random, newest: int
) -> None:
    kind = named(kind, random)
    history: History = data.draw(histories(kind, newest=newest, codecs=("json",)))
    root = Nested(history.root)
    version = random.randrange(1, newest + 1)
    if {form.codec for form in history.forms} != {"json"} or history.forms[version - 1].framing == "bare":
        return
    if any(_removes_objects(spec, change) and change.version > version for spec, _, change in history.changes):
        return  # what is unknown in them goes or stays with them, as one value
    writer = Release(history, version, version, kind)
    value = writer.memory(root, values(random, history.root, version, history.keyed))
    packed = writer.schema.pack(value)
    origin, payload = writer.schema._compiled.reader.identify(*packed)
    if origin.line.coding is not None:
        payload = origin.line.coding.inflate(payload, writer.schema._limits)
    told: list[str] = []
    text = json.dumps(_marked(random, root, json.loads(payload), version, told))
    for number, lexeme in enumerate(told):
        text = text.replace(f'"lexeme {number}"', lexeme)
    coded = text.encode() if origin.line.coding is None else origin.line.coding.compress(text.encode())
    record = origin.line.frame(mixed=True)(coded)

    editor = Release(history, newest, random.choice(may_write(history, newest)), kind)
    if history.forms[max(version, editor.schema.writes) - 1].framing == "bare":
        return
    before = editor.schema.read(*record)
    assert _lexemes(before.unknown) == {f"alien{n}": lexeme for n, lexeme in enumerate(told)}, (history, text)
    written = editor.schema.write_packed(before)
    after = editor.schema.read(*written)
    assert after.unknown.keys() == before.unknown.keys()
    assert _lexemes(after.unknown) == _lexemes(before.unknown), (history, record, written)
    assert editor.plain(root, after.value, presence=False) == editor.plain(root, before.value, presence=False)
    tried("L4")


def _removes_objects(spec: Spec, change: Change) -> bool:
    gone = spec.field(change.name, spec.changes.index(change)) if change.verb == "remove" else None
    return gone is not None and any(specs_in(gone.type))


def _lexemes(unknown: Any) -> dict[str, str]:
    found = {path.rpartition(".")[2]: raw for path, raw in unknown.items()}
    return {name: raw.data.decode() for name, raw in found.items() if name.startswith("alien")}


def _aliens(unknown: Any) -> dict[str, Any]:
    found = {path.rpartition(".")[2]: raw for path, raw in unknown.items()}
    return {name: raw for name, raw in found.items() if name.startswith("alien")}


def _marked(
    random: Random, type_: Any, value: Any, version: int, told: list[str], alien: Callable[[], Any] | None = None
) -> Any:
    """Adds an attribute to every object, before, between or after the others: a lexeme's place, or what is given."""
    if value is None:
        return None
    match type_:
        case NullableType(inner=inner):
            return _marked(random, inner, value, version, told, alien)
        case ListType(item=item):
            return [_marked(random, item, element, version, told, alien) for element in value]
        case MapType(value=inner):
            return {name: _marked(random, inner, element, version, told, alien) for name, element in value.items()}
        case Choice(arms=arms):
            return _marked(random, Nested(dict(arms)[value[KIND]]), value, version, told, alien)
        case Nested(spec=spec):
            types = {each.name: each.type for each in spec.fields(spec.stage(version))}
            members = [(name, _marked(random, types[name], item, version, told, alien)) for name, item in value.items()]
            members.insert(
                random.randrange(len(members) + 1), (f"alien{len(told)}", alien() if alien else f"lexeme {len(told)}")
            )
            told.append(random.choice(LEXEMES))
            return dict(members)
    return value


def _unknown(trial: Trial) -> int:
    """In any codec: what is unknown is made by the codec itself."""
    history, random = trial.history, trial.random
    version = 1 if trial.cell.framing == "bare" else random.randrange(1, history.newest + 1)
    if any(_removes_objects(spec, change) and change.version > version for spec, _, change in history.changes):
        return 0
    writer = trial.release(version)
    newest = version if trial.cell.framing == "bare" else history.newest
    editor = trial.release(newest, random.choice(may_write(history, newest)))
    line = writer.schema.lines[-1]
    encode = line.codec.payload(line.shape, DEFAULT_LIMITS).encode
    for _ in range(trials.VALUES):
        told: list[str] = []
        kept: list[Raw] = []

        def alien(kept: list[Raw] = kept) -> Raw:
            type_, value = random.choice(ALIENS)
            kept.append(line.codec.value(type_, DEFAULT_LIMITS).encode(value))
            return kept[-1]

        tree = _marked(
            random, trial.root, writer.schema._compiled.dump(trial.value(writer), None), version, told, alien
        )
        payload = encode(tree)
        coded = payload if line.coding is None else line.coding.compress(payload)
        record = line.frame(mixed=True)(coded)
        before = editor.schema.read(*record)
        wanted = {f"alien{number}": raw for number, raw in enumerate(kept)}
        assert _aliens(before.unknown) == wanted, record
        written = editor.schema.write_packed(before)
        after = editor.schema.read(*written)
        assert after.unknown.keys() == before.unknown.keys()
        assert _aliens(after.unknown) == wanted, (record, written)
        shown = (editor.plain(trial.root, each.value, presence=False) for each in (before, after))
        assert same_plain(*shown), (record, written)
    return trials.VALUES


ALIENS: tuple[tuple[Any, Any], ...] = (
    (Scalar("int"), 12345),
    (Scalar("str"), "<a> & Zo\u00eb"),
    (ListType(Scalar("int")), [1, 2]),
    (ObjectType(Shape("Alien", (Attribute("x", Scalar("str")),))), {"x": "y"}),
)


@in_every_cell
def test_in_every_cell(kind: str, codec: str) -> None:
    try_in_cells("L4", kind, codec, _unknown, versions=(1, 2, 3))
