"""What a reader does with a record, and an editor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tests.check.simulation.declaring import FORGETFUL, Attribute, Line, Schema, Shape

WINDOW = 100
"""How far above the newest known version a tag is believed."""

Answer = Literal["reads", "refuses", "misreads"]
"""`misreads`: it takes the record for what it is not, and may or may not notice."""
_Content = dict[str, Attribute]


@dataclass(frozen=True, slots=True)
class Record:
    """What a store holds, or a call.

    Attributes:
        line: the version that it was written in, as its writer declared it.
        extras: what it may hold besides: attributes of newer versions that its writer knew, and removed ones.
    """

    line: Line
    extras: Shape = frozenset()

    def __str__(self) -> str:
        more = ", ".join(f"{each.name}:{each.type}" for each in sorted(self.extras))
        return f"{self.line}" + (f" and {more}" if more else "")


def new(writer: Schema) -> Record:
    """A new record, in which everything is set that can be."""
    return _down(writer, {each.name: each for each in writer.newest.shape}, writer.writes)


def answer(reader: Schema, record: Record) -> Answer:
    """What a host that declares the schema like this does with a record."""
    line = record.line
    framings = {each.form.framing for each in reader.lines}
    if line.form.framing == "bare" or line.form.framing not in framings:
        # There is no tag, or it is where this reader does not look.
        bare = next((each for each in reader.lines if each.form.framing == "bare"), None)
        if bare is None:
            return "refuses"
        same = (bare.number, bare.form, bare.shape) == (line.number, line.form, line.shape)
        return "reads" if same and _up(reader, record) is not None else "misreads"
    listed = reader.line(line.number)
    taken_for = listed or _newest_for(reader, line)
    if taken_for is None or (taken_for.min_reader, taken_for.form) != (line.min_reader, line.form):
        return "refuses"
    if listed is None:
        if line.form.codec in FORGETFUL and taken_for.shape != line.shape:
            return "misreads"
        return "reads" if _copes(taken_for.shape, record) else "misreads"
    return "reads" if listed.shape == line.shape and _up(reader, record) is not None else "misreads"


def edited(editor: Schema, record: Record) -> Record | None:
    """What a record is after an edit, or None for one that the host cannot read, and so never overwrites.

    An edit writes the record's own version or the write version, whichever is newer. The editor may set all that it
    knows.
    """
    if answer(editor, record) != "reads":
        return None
    if record.line.number > editor.newest.number:
        return record
    content = _up(editor, record)
    assert content is not None
    newest = {each.name: each for each in editor.newest.shape}
    return _down(editor, {**content, **newest}, max(record.line.number, editor.writes))


def rewritten(editor: Schema, record: Record, number: int) -> Record | None:
    """What a record is after a backfill to a version, newer or older; None if the host does not list both."""
    if answer(editor, record) != "reads" or None in (editor.line(record.line.number), editor.line(number)):
        return None
    content = _up(editor, record)
    assert content is not None
    return _down(editor, content, number)


def _newest_for(reader: Schema, line: Line) -> Line | None:
    newest = reader.newest
    believed = newest.number < line.number <= newest.number + WINDOW
    return newest if believed and line.min_reader <= newest.number else None


def _up(reader: Schema, record: Record) -> _Content | None:
    """The content of a record of a listed version in the newest form, or None where something stands in the way."""
    content = {each.name: each for each in (*record.line.shape, *record.extras)}
    for step in reader.steps_above(record.line.number):
        before, after = step.before, step.after
        if after is not None and before is None:
            # What is there already is not filled: it is taken for the attribute.
            if after.name in content and not _same_type(after, content[after.name]):
                return None
            content[after.name] = after
        elif before is not None and after is not None:
            if after.name != before.name and after.name in content:
                return None
            if content.pop(before.name, None) is not None:
                content[after.name] = after
    return content


def _down(writer: Schema, content: _Content, number: int) -> Record:
    """The record of a listed version that comes of a content in the newest form."""
    for step in reversed(writer.steps_above(number)):
        before, after = step.before, step.after
        if before is not None and after is not None:
            if content.pop(after.name, None) is not None:
                content[before.name] = before
        elif before is not None and before.default is None:
            content[before.name] = before  # filled; an optional one is left out
    line = writer.line(number)
    assert line is not None
    declared = {each.name for each in line.shape}
    # Nothing undeclared is written into bare records.
    extras = () if line.form.framing == "bare" else (each for name, each in content.items() if name not in declared)
    return Record(line, frozenset(extras))


def _copes(known: Shape, record: Record) -> bool:
    """Whether what a newer record holds under the names that a reader knows is what it takes it for."""
    written = _by_name(record.line.shape)
    extras = _by_name(record.extras)
    for each in known:
        if each.name in extras:
            if not _same_type(each, extras[each.name]):
                return False
        elif each.name in written:
            there = written[each.name]
            if not _same_type(each, there) or each.default != there.default:
                return False
        elif each.default is None:
            return False
    return True


def _by_name(attributes: Iterable[Attribute]) -> _Content:
    return {each.name: each for each in attributes}


def _same_type(known: Attribute, written: Attribute) -> bool:
    return known.type == written.type or (known.open and written.open)
