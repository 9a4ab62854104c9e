"""The matrix: each kind of model in each codec, coding and framing, and which law means something there.

Nothing here names a plug-in. What a folder holds is in the matrix, and what declaring refuses is out of it, with the
words of the refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from versioned_serde import plugins
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.version import FRAMINGS
from versioned_serde.protocols import Codec
from versioned_serde.shape import ABSENT, Constant, Scalar
from versioned_serde.testing.carried import CODECS, CODINGS
from versioned_serde.testing.histories import Change, Field, Form, History, Spec
from versioned_serde.testing.releases import KINDS, Release

LAWS = {
    "L1": "What is written is read again, and written as the same bytes.",
    "L2": "What an old release edits in a newer record is edited, and nothing else.",
    "L3": "Down to an older version and up again, or up and down again, is as if nothing had been done.",
    "L4": "What no release declares stays where and as it is.",
    "L5": "Bytes that are damaged, or that must not be read, give a typed error and nothing else.",
    "L6": "What is absent means the default of the version in which it was written.",
}
"""The laws, in short."""
NEED_UNKNOWN = ("L2", "L3", "L4")
"""The laws that are about more than one version's reader knows."""


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix.

    Attributes:
        kind: a name in `releases.KINDS`.
        codec: a name, or a codec of a test's own.
        coding: a name, or `none`.
        framing: how the tag travels.
        checksum: whether there is one.
    """

    kind: str
    codec: str | Codec
    coding: str
    framing: str
    checksum: bool

    @property
    def form(self) -> Form:
        """The same, as a version says it."""
        return Form(self.codec, self.coding, self.framing, self.checksum)

    @property
    def framed(self) -> str:
        """Framing and checksum."""
        return f"{self.framing} with a checksum" if self.checksum else self.framing

    def __str__(self) -> str:
        codec = self.codec if isinstance(self.codec, str) else self.codec.name
        return f"{self.kind}, {codec}, {self.coding}, {self.framed}"


def cells(kind: str, codec: str | Codec) -> list[Cell]:
    """All cells of a kind and a codec, meaningful or not."""
    return [
        Cell(kind, codec, coding, framing, checksum)
        for coding, framing, checksum in product(CODINGS, FRAMINGS, (False, True))
    ]


def every_cell() -> Iterable[Cell]:
    """The whole matrix."""
    for kind, codec in product(KINDS, CODECS):
        yield from cells(kind, codec)


def meaningful(law: str, kind: str, codec: str | Codec) -> list[Cell]:
    """The cells of a kind and a codec in which a law means something."""
    return [cell for cell in cells(kind, codec) if why_not(law, cell) is None]


@cache
def why_not(law: str, cell: Cell) -> str | None:
    """Why a law means nothing in a cell, in the words of the library; None if it does."""
    reason, reason_of_two = _refused(cell)
    if reason is not None or law not in NEED_UNKNOWN:
        return reason
    if not plugins.codec(cell.codec).retains_unknown:
        return _release(replace(cell, framing="envelope", checksum=False), 2).schema.lines[-1].raised_by[-1]
    # A record that holds what its version does not declare, and goes back as it came, needs no second version.
    return None if law == "L4" else reason_of_two


@cache
def _refused(cell: Cell) -> tuple[str | None, str | None]:
    """What declaring one version says of the cell, and what declaring a second one like it says."""
    found: list[str | None] = []
    for newest in (1, 2):
        try:
            _release(cell, newest)
        except DeclarationError as error:
            found.append(error.problem)
        else:
            found.append(None)
    return found[0], found[1]


def _release(cell: Cell, newest: int) -> Release:
    history, like = _probe(cell.kind, newest)
    return Release(_like(history, cell.form, newest), newest, newest, cell.kind, like=like)


def _like(history: History, form: Form, newest: int) -> History:
    return History(history.root, [form] * newest, history.changes)


@cache
def _probe(kind: str, newest: int) -> tuple[History, Release]:
    """A text, and from version 2 on another one that may be absent."""
    said = [Field("b", Scalar("str"), default) for default in (ABSENT, Constant(""))]
    added = next(each for each in said if KINDS[kind]().says(each))
    first = (Field("a", Scalar("str")),)
    change = Change(2, "add", lambda models: add("b"), name="b")
    spec = Spec("Probe", [first, (*first, added)], [change]) if newest == 2 else Spec("Probe", [first])
    history = History(spec, [Form()] * newest, [(spec, "", change)] if newest == 2 else [])
    return history, Release(history, newest, newest, kind)
