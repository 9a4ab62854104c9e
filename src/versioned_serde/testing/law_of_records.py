"""L1, L5 and L6 for a declared schema: records of every listed version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from versioned_serde.errors import PayloadError
from versioned_serde.serializer.line import Packed
from versioned_serde.shape import FACTORY
from versioned_serde.testing.laws import lowered, refusal
from versioned_serde.testing.subject import Subject
from versioned_serde.testing.trees import plain
from versioned_serde.tree import copied, same

_IDEMPOTENT = (
    "Let the model's validators leave a value as it is that they have returned before: they run on every read."
)


def round_trip(subject: Subject, data: st.DataObject) -> None:
    """L1, for each listed version, and for the write version by the schema's own verbs."""
    schema = subject.schema
    value = data.draw(subject.values)
    tree = subject.dump(value)
    meant = subject.meant(tree)
    for line in schema.lines:
        lossy = line.untagged and line is not subject.newest  # no room for what the steps keep
        with subject.expecting("L1", value, line.number):
            packed = subject.written(tree, line.number)
            read = schema._compiled.dump(subject.build(subject.tree(packed)), None)  # noqa: SLF001
            again = packed if lossy else lowered(schema, line.number, packed)
            # The order of a map need not last in memory, nor then in the bytes.
            unchanged = again == packed or same(subject.tree(again), subject.tree(packed))
        exact = line is subject.newest
        if not lossy and not same(read if exact else subject.meant(read), tree if exact else meant):
            raise subject.broken(
                "L1", f"what is read is another value: {read!r}.", value, _IDEMPOTENT, version=line.number
            )
        if not unchanged:
            raise subject.broken(
                "L1", "a record that nobody edited is written as another one.", value, _IDEMPOTENT, version=line.number
            )
    with subject.expecting("L1", value, schema.writes):
        written = schema.pack(value)
        read = subject.dump(schema.unpack(*written))
    bare = schema.lines[schema.writes - schema.versions[0]].untagged
    if not bare and not same(subject.meant(read), meant):
        raise subject.broken(
            "L1", f"what is read is another value: {read!r}.", value, _IDEMPOTENT, version=schema.writes
        )


def defaults(subject: Subject, data: st.DataObject) -> None:
    """L6: a record without what has a default means the same as one with the defaults in it."""
    schema = subject.schema
    tree = subject.dump(data.draw(subject.values))
    for attribute in subject.newest.shape.attributes:
        if attribute.default is FACTORY and attribute.name not in tree:
            raise subject.broken(
                "L6",
                f"`{attribute.name}` has a computed default and is not written.",
                tree,
                "Write what a default factory gave: computed again, it may be another value.",
            )
    for line in schema.lines:
        lower = copied(tree)
        with subject.expecting("L6", tree, line.number):
            schema.lineage.down(lower, line.number)
            subject.accepted(line.number, lower)
        without = plain(lower, line.shape, bare=True)
        with_defaults = plain(without, line.shape, explicit=True)
        one, other = (_meaning(subject, line, each) for each in (without, with_defaults))
        if one is not None and other is not None and not same(one, other):
            raise subject.broken(
                "L6",
                f"a record without what has a default there is read as {one!r}, with the defaults written out as"
                f" {other!r}.",
                without,
                "Say in the step what the default was in that version (`default=`), or what it was before"
                " (`redefault(..., was=...)`).",
                version=line.number,
            )


def _meaning(subject: Subject, line: Any, tree: Any) -> Any:
    """What a record of a version means, or None where the model refuses it: then it was never written."""
    with subject.expecting("L6", tree, line.number):
        read = subject.tree(line.frame(mixed=False)(subject.coded(line, tree)))
        try:
            return subject.meant(subject.dump(subject.build(read)))
        except PayloadError:
            return None


def refusals(subject: Subject, data: st.DataObject) -> None:
    """L5: damage gives a value or a typed error, and a tag that cannot be right an error."""
    schema = subject.schema
    value = data.draw(subject.values)
    line = data.draw(st.sampled_from(schema.lines))
    with subject.expecting("L5", value, line.number):
        packed = subject.written(subject.dump(value), line.number)
    damaged = Packed(data.draw(_damaged(packed.payload)), packed.headers)
    with subject.expecting("L5", damaged.payload, line.number):
        refusal(schema, *damaged)
    if line.untagged:
        return
    newest, window = subject.newest, schema._limits.version_window  # noqa: SLF001
    forged = {
        "another schema's": replace(line, schema=f"{line.schema[:190]}.else"),
        "one that needs a newer reader": replace(newest, number=newest.number + 1, min_reader=newest.number + 1),
        "one far above all that is known": replace(newest, number=newest.number + window + 1),
    }
    if line.number > 1:
        forged["one of another min_reader"] = replace(line, min_reader=1 if line.min_reader > 1 else line.number)
    tree = subject.dump(value)
    schema.lineage.down(tree, line.number)
    with subject.expecting("L5", value, line.number):
        coded = subject.coded(line, tree)
    for what, other in forged.items():
        if refusal(schema, *other.frame(mixed=False)(coded)) is None:
            raise subject.broken(
                "L5",
                f"a record is read although its tag is {what}.",
                value,
                "Look for a plug-in or a subclass that changes how tags are read.",
                version=line.number,
            )


def _damaged(payload: bytes) -> st.SearchStrategy[bytes]:
    """A record that is cut off, or that lacks something in the middle and has something else there."""
    places = st.integers(0, len(payload))
    changed = st.tuples(places, places, st.binary(max_size=4)).map(
        lambda drawn: payload[: min(drawn[:2])] + drawn[2] + payload[max(drawn[:2]) :]
    )
    return places.map(lambda place: payload[:place]) | changed
