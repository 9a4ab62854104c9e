"""Lists whose elements hold unknown attributes, edited by a host that does not know them, against a model of lists."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde import AmbiguousEditError, Schema, Version, add, within

CODECS = ["json", "msgpack", "xml", "cbor"]


@dataclass
class Part:
    name: str


@dataclass
class Line:
    sku: int
    text: str
    parts: list[Part] = field(default_factory=list)


@dataclass
class Order:
    lines: list[Line]


@dataclass
class NewerPart:
    name: str
    origin: str | None = None


@dataclass
class NewerLine:
    sku: int
    text: str
    parts: list[NewerPart] = field(default_factory=list)
    gift: str | None = None


@dataclass
class NewerOrder:
    lines: list[NewerLine]


STEPS = (within("lines", add("gift")), within("lines.parts", add("origin")))


def schemas(codec: str, keys: dict[str, str]) -> tuple[Schema[Order], Schema[NewerOrder]]:
    first = Version(1, codec=codec, framing="envelope")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without keys, on purpose
        return (
            Schema("order", Order, first, keys=keys),
            Schema("order", NewerOrder, first, Version(2, *STEPS), writes=2, keys=keys),
        )


KEYED = {codec: schemas(codec, {"lines": "sku", "lines.parts": "name"}) for codec in CODECS}
KEYLESS = {codec: schemas(codec, {}) for codec in CODECS}

records = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True).map(
    lambda names: NewerOrder(
        [
            NewerLine(
                number, name, [NewerPart("p", f"o{number}"), NewerPart("q")], f"g{number}" if number % 3 else None
            )
            for number, name in enumerate(names)
        ]
    )
)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("insert"), st.integers(0, 9), st.integers(100, 109)),
        st.tuples(st.just("delete"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("change"), st.integers(0, 9), st.integers(0, 3)),
        st.tuples(st.just("part"), st.integers(0, 9), st.integers(0, 3)),
    ),
    max_size=6,
)


def edited(lines: list[Any], changes: list[tuple[str, int, int]], line: type, part: type) -> None:
    """The same edit, for the old host's elements and for the model, which knows everything."""
    inserted = {element.sku for element in lines}
    for verb, at, what in changes:
        if verb == "insert" and what not in inserted:
            inserted.add(what)
            lines.insert(min(at, len(lines)), line(what, "new"))
        elif at < len(lines):
            if verb == "move":
                lines.insert(what, lines.pop(at))
            elif verb == "delete":
                del lines[at]
            elif verb == "change":
                lines[at].text = f"changed {what}"
            elif verb == "part":
                lines[at].parts[:] = [*lines[at].parts[1:], part(f"r{what}")] if lines[at].parts else []


@pytest.mark.parametrize("codec", CODECS)
@given(order=records, changes=edits)
def test_elements_take_what_is_unknown_with_them(
    codec: str, order: NewerOrder, changes: list[tuple[str, int, int]]
) -> None:
    for old, new in (KEYED[codec], KEYLESS[codec]):
        document = old.read(new.dumps(order))
        with document.edit() as shown:
            edited(shown.lines, changes, Line, Part)
        expected = new.loads(new.dumps(order))
        edited(expected.lines, changes, NewerLine, NewerPart)
        try:
            record = old.write(document)
        except AmbiguousEditError:
            # One element gone and another one new in the same list: without keys they may be the same.
            verbs = {verb for verb, _, _ in changes}
            assert old is KEYLESS[codec][0]
            assert "part" in verbs or verbs >= {"insert", "delete"}
            continue
        assert new.loads(record) == expected


@pytest.mark.parametrize("codec", CODECS)
@given(order=records, changes=edits)
def test_the_same_by_comparison_or_refused(codec: str, order: NewerOrder, changes: list[tuple[str, int, int]]) -> None:
    # A model that came from elsewhere (a PUT body) has no identities: the keys decide, and without keys it may be
    # refused, but nothing goes to the wrong element.
    for keyed, (old, new) in ((True, KEYED[codec]), (False, KEYLESS[codec])):
        record = new.dumps(order)
        fresh = old.loads(record)
        edited(fresh.lines, changes, Line, Part)
        document = old.read(record)
        document.set(fresh)
        try:
            back = new.loads(old.write(document))
        except AmbiguousEditError:
            assert not keyed
            continue
        gifts = {line.sku: line.gift for line in order.lines}
        assert [(line.sku, line.text) for line in back.lines] == [(line.sku, line.text) for line in fresh.lines]
        for line in back.lines:
            assert line.gift == gifts.get(line.sku) or (line.gift is None and not keyed)
