"""A declared schema as the laws see it, and what they say when one does not hold."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from versioned_serde.errors import (
    ConversionError,
    KeylessListWarning,
    PayloadError,
    SerdeError,
    UnwritableValueError,
)
from versioned_serde.evolution.lineage import Single
from versioned_serde.evolution.results import checked
from versioned_serde.evolution.version import Version
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.shape import ObjectType
from versioned_serde.testing.trees import missing, plain
from versioned_serde.testing.values import Values
from versioned_serde.tree import Tree, copied, same

Law = Literal["L1", "L2", "L3", "L4", "L5", "L6"]
TITLES: dict[Law, str] = {
    "L1": "what is written is read again",
    "L2": "an old editor changes what it changed",
    "L3": "there and back, for every valid value",
    "L4": "a step touches what it declares",
    "L5": "what cannot be read is refused",
    "L6": "a default belongs to its version",
}
_LONGEST = 2_000
"""Characters of a value that a message shows."""


class LawBrokenError(AssertionError):
    """A law does not hold for a schema. The text shows the value, which was made up, and what to do.

    Attributes:
        law: `L1` to `L6`.
        schema: name of the schema.
        version: the version concerned, or None.
        step: the step concerned, as declared, or None.
    """

    def __init__(self, text: str, *, law: Law, schema: str, version: int | None, step: str | None) -> None:
        super().__init__(text)
        self.law = law
        self.schema = schema
        self.version = version
        self.step = step


class Subject:
    """What the laws are put to.

    Args:
        schema: declared anew here, so that the service's counters stay as they are.
        values: values of the newest model, instead of those that the model's types and constraints give.
        older: version -> what its releases write, as `values_of(schema, version)` gives it.

    Attributes:
        schema: the schema.
        values: strategy of newest values.
        drawn: strategies of trees.
        older: version -> strategy of trees, for those versions of which more than the shape is known.
        newest: the newest line.
        editors: version -> release that knows it as the newest, as they are needed.
    """

    def __init__(
        self,
        schema: Schema[Any],
        values: st.SearchStrategy[Any] | None,
        older: Mapping[int, st.SearchStrategy[dict[str, Any]]] | None,
    ) -> None:
        self.schema: Schema[Any] = anew(schema)
        self.drawn: Values = Values(self.schema)
        self.values: st.SearchStrategy[Any] = self.drawn.newest() if values is None else values
        self.dump: Callable[[Any], Tree] = lambda value: self.schema._compiled.dump(value, None)  # noqa: SLF001
        self.newest: Line = self.schema.lines[-1]
        self._models: dict[int, Schema[Any]] = {}
        self._encodes: dict[int, Callable[[Tree], bytes]] = {}
        self.editors: dict[int, Schema[Any]] = {}
        self.older: dict[int, st.SearchStrategy[dict[str, Any]]] = dict(older or {})
        for version, line in zip(self.schema.declared, self.schema.lines, strict=True):
            if version.model is not None:
                model = self._models[version.number] = declared_quietly(
                    self.schema.name, version.model, Version(1, codec=line.codec, framing="envelope")
                )
                self.older.setdefault(version.number, Values(model).newest().map(_dump_of(model)))

    def broken(
        self,
        law: Law,
        what: str,
        value: object,
        advice: str,
        *,
        version: int | None = None,
        step: str | None = None,
    ) -> LawBrokenError:
        """The error.

        Args:
            law: which law.
            what: what is wrong, a sentence.
            value: the value with which it is.
            advice: what to do, a sentence.
            version: the version concerned.
            step: the step concerned.
        """
        place = "" if version is None else f" of version {version}" if step else f", version {version}"
        where = f" at `{step}`{place}" if step else place
        shown = repr(value)
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} ... ({len(shown):,} characters)"
        text = (
            f"{self.schema.name} breaks {law} ({TITLES[law]}){where}: {what}\n  with: {shown}\n  what to do: {advice}"
        )
        return LawBrokenError(text, law=law, schema=self.schema.name, version=version, step=step)

    @contextmanager
    def expecting(self, law: Law, value: object, version: int | None = None) -> Iterator[None]:
        """Turns an error of the library, or of a service's function, into one that says which law is broken."""
        try:
            yield
        except (HypothesisException, LawBrokenError):
            raise
        except ConversionError as error:
            raise self.broken(
                law,
                f"{error.problem}{_at(error)}{_cause(error)}",
                value,
                error.hint or "Mend the step's function.",
                version=error.version or version,
                step=error.step,
            ) from error.__cause__
        except PayloadError as error:
            raise self.broken(
                law,
                f"{error.problem}{_at(error)}",
                value,
                "Let the model accept what was written, or let `up` make what it accepts. If no release of the older"
                " version could write this value, say so in the step, such as `was=Annotated[int, Ge(0)]`, or give"
                " `older={version: strategy}`.",
                version=error.version or version,
            ) from error.__cause__
        except UnwritableValueError as error:
            line = next((line for line in self.schema.lines if line.number == version), self.newest)
            # Another codec may carry less than the newest version's, which every value here was drawn for.
            assume(line.codec.name == self.newest.codec.name)
            raise self.broken(
                law,
                f"{error.problem}{_at(error)}",
                value,
                error.hint or "Let the older version's type hold every value that the model allows.",
                version=error.version or version,
            ) from error.__cause__
        except Exception as error:
            raise self.broken(
                law,
                f"it raises {type(error).__name__}, which is none of this library's errors.",
                value,
                "Mend the code that raised it; the traceback above shows it.",
                version=version,
            ) from error

    def written(self, tree: Tree, version: int) -> Packed:
        """A tree of the newest version as a record of any listed one."""
        return self.schema._compiled.writer.new(copied(tree), version)  # noqa: SLF001  a law is about every listed version

    def coded(self, line: Line, tree: Tree) -> bytes:
        """The coded payload of a tree of a version's shape."""
        encode = self._encodes.get(line.number)
        if encode is None:
            codec = line.codec.payload(line.shape, self.schema._limits)  # noqa: SLF001  as the schema compiles it
            encode = self._encodes[line.number] = codec.encode
        payload = encode(tree)
        return payload if line.coding is None else line.coding.compress(payload)

    def tree(self, packed: Packed) -> Tree:
        """A record's tree in the newest form."""
        return self.schema._compiled.reader.read(*packed)[1]  # noqa: SLF001

    def build(self, tree: Tree) -> Any:
        """The value of a tree in the newest form."""
        return self.schema._compiled.build(tree)  # noqa: SLF001

    def meant(self, tree: Tree) -> Tree:
        """What a tree in the newest form means: what is declared, defaults written out."""
        return plain(tree, self.newest.shape, explicit=True)

    def accepted(self, version: int, tree: Tree) -> None:
        """Raises `PayloadError` if the version's own model is declared and refuses the tree."""
        if version in self._models:
            shape = self.schema.lines[version - self.schema.versions[0]].shape
            self._models[version]._compiled.build(plain(tree, shape))  # noqa: SLF001

    def ran(self, single: Single, direction: Literal["up", "down"], tree: Tree) -> Tree:
        """What one step makes of a tree, of which it leaves the given one alone: total, pure, and valid."""
        way = getattr(single.bound, direction)
        lands = single.newer if direction == "up" else single.older
        name, shown = repr(single.step), plain(tree, single.older if direction == "up" else single.newer)
        one: Tree = copied(tree)
        other: Tree = copied(tree)
        with self.expecting("L3", shown, single.version):
            way(one)
            way(other)
            checked(name, ObjectType(lands), plain(one, lands))
        if not same(one, other):
            # What a way keeps depends on the other one, which is tried for it.
            alike = same(plain(one, lands), plain(other, lands))
            wrong = direction if not alike else "up" if direction == "down" else "down"
            raise self.broken(
                "L3",
                f"on the way {wrong} it makes two different results of one value.",
                shown,
                "Its functions must be pure: no clock, no random numbers, nothing that they remember.",
                version=single.version,
                step=name,
            )
        if (place := missing(one, lands)) is not None:
            raise self.broken(
                "L3",
                f"on the way {direction} it leaves out `{place}`, which is required there.",
                shown,
                "Let its function return it.",
                version=single.version,
                step=name,
            )
        return one


def anew(schema: Schema[Any]) -> Schema[Any]:
    """The same declaration with counters of its own."""
    return declared_quietly(
        schema.name,
        schema.model,
        *schema.declared,
        writes=schema.writes,
        keys=schema.keys,
        reserved=schema.reserved,
        limits=schema._limits,  # noqa: SLF001
        trusted=schema.trusted,
    )


def declared_quietly(*arguments: Any, **named: Any) -> Schema[Any]:
    """A schema; what it lacks was said when the service declared it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        return Schema(*arguments, **named)


def _dump_of(schema: Schema[Any]) -> Callable[[Any], Tree]:
    def dump(value: Any) -> Tree:
        tree: Tree = schema._compiled.dump(value, None)  # noqa: SLF001
        return tree

    return dump


def _at(error: SerdeError) -> str:
    return f" (at `{error.path}`)" if error.path else ""


def _cause(error: SerdeError) -> str:
    """What the service's function said; the values are made up, so its text may be shown."""
    cause = error.__cause__
    return "" if cause is None else f" It said: {cause}" if str(cause) else ""
