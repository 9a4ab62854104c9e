"""What a release declares, as plain data, and what follows from it by the rules of `docs/explanation/`.

Written from the documentation alone, so that it can be held against the library and against `serde-check`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FORGETFUL = frozenset({"avro"})
"""Codecs of which an old reader cannot keep what it does not know."""


@dataclass(frozen=True, slots=True, order=True)
class Attribute:
    """One attribute of a version.

    Attributes:
        name: on the wire.
        type: `int`, `str`, `open a b` or `closed a b`: an enum with these members.
        default: None for an attribute that is always written, `absent`, or a constant as text.
    """

    name: str
    type: str
    default: str | None = None

    @property
    def open(self) -> bool:
        return self.type.startswith("open ")


Shape = frozenset[Attribute]


@dataclass(frozen=True, slots=True)
class Form:
    """All that decides the bytes but the shape."""

    codec: str = "json"
    coding: str = "none"
    framing: str = "envelope"
    checksum: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One declared change. `before` is None for an added attribute, `after` for a removed one."""

    verb: str
    before: Attribute | None
    after: Attribute | None

    def applied(self, shape: Shape) -> Shape:
        """The shape after the step.

        Raises:
            ValueError: the step does not fit the shape.
        """
        if self.before is not None and self.before not in shape:
            raise ValueError(f"{self.before} is not there")
        rest = shape - {self.before} if self.before is not None else shape
        if self.after is None:
            return rest
        if any(each.name == self.after.name for each in rest):
            raise ValueError(f"{self.after.name} is there already")
        return rest | {self.after}

    def old_readers_cope(self, known: Sequence[Shape]) -> bool:
        """Whether the readers of the versions that have these shapes cope with it."""
        name = (self.before or self.after).name  # type: ignore[union-attr]
        theirs = [each for shape in known for each in shape if each.name == name]
        match self.verb:
            case "add":
                return True
            case "remove":
                return all(each.default is not None for each in theirs)
            case "widen":
                return all(each.open for each in theirs)
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Entry:
    """A `Version` line as it stands in the code; `form` in full.

    Attributes:
        min_reader: of the first line, if it says one.
    """

    number: int
    form: Form
    steps: tuple[Step, ...] = ()
    min_reader: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A version with all that a record of it says of itself, and what is in it."""

    number: int
    min_reader: int
    form: Form
    shape: Shape

    def __str__(self) -> str:
        names = " ".join(
            f"{each.name}:{each.type}{'' if each.default is None else '=' + each.default}"
            for each in sorted(self.shape)
        )
        form = self.form
        how = f"{form.codec}/{form.coding}/{form.framing}{'+crc' if form.checksum else ''}"
        return f"v{self.number}(min {self.min_reader}, {how}, {names})"


@dataclass(frozen=True, slots=True)
class SchemaCode:
    """A schema as a release declares it.

    Attributes:
        name: its name.
        first: the shape of the first entry.
        entries: the lines, ascending.
        writes: the version of new records.
    """

    name: str
    first: Shape
    entries: tuple[Entry, ...]
    writes: int

    def lines(self) -> tuple[Line, ...]:
        """What follows for each version.

        Raises:
            ValueError: a step does not fit.
        """
        found: list[Line] = []
        for entry in self.entries:
            if not found:
                found.append(Line(entry.number, entry.min_reader or entry.number, entry.form, self.first))
                continue
            before = found[-1]
            shape = before.shape
            for step in entry.steps:
                shape = step.applied(shape)
            known = [line.shape for line in found if line.number >= before.min_reader]
            keeps = (
                entry.form == before.form
                and all(step.old_readers_cope(known) for step in entry.steps)
                and not (entry.steps and entry.form.codec in FORGETFUL)
            )
            found.append(Line(entry.number, before.min_reader if keeps else entry.number, entry.form, shape))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Schema:
    """What hosts of a release do with one schema.

    Attributes:
        lines: the listed versions, ascending.
        steps: that lead to each line from the one before; none to the first.
        writes: the version of new records.
    """

    lines: tuple[Line, ...]
    steps: tuple[tuple[Step, ...], ...]
    writes: int

    @property
    def newest(self) -> Line:
        return self.lines[-1]

    def line(self, number: int) -> Line | None:
        return next((line for line in self.lines if line.number == number), None)

    def steps_above(self, number: int) -> list[Step]:
        """The steps that lead from a listed version to the newest."""
        return [
            step for line, steps in zip(self.lines, self.steps, strict=True) if line.number > number for step in steps
        ]

    def __str__(self) -> str:
        return f"{{{'; '.join(map(str, self.lines))}}} writes {self.writes}"


def schema(code: SchemaCode) -> Schema:
    """What a declaration comes to."""
    return Schema(code.lines(), ((), *(entry.steps for entry in code.entries[1:])), code.writes)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A plain value that processes agree on.

    Attributes:
        kind: `at_most`, `at_least` or `one_of`.
        values: of each version.
        writes: the version whose value is sent.
    """

    name: str
    kind: str
    values: tuple[tuple[int, int], ...]
    writes: int

    @property
    def sends(self) -> int:
        return dict(self.values)[self.writes]

    def tolerates(self, value: int) -> bool:
        listed = [each for _, each in self.values]
        return {"at_most": value <= max(listed), "at_least": value >= min(listed), "one_of": value in listed}[self.kind]

    def __str__(self) -> str:
        return f"{self.kind} {dict(self.values)} writes {self.writes}"


@dataclass(frozen=True, eq=False)
class Release:
    """What hosts of one release run. Two are the same if they are one object."""

    name: str
    schemas: Mapping[str, Schema]
    parameters: Mapping[str, Parameter]
