"""Hypothesis strategies for made-up schemas."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from versioned_serde.testing.drawing import Drawer
from versioned_serde.testing.evolving import evolve
from versioned_serde.testing.forms import CODECS
from versioned_serde.testing.histories import History


def sources() -> st.SearchStrategy[Random]:
    """Sources of randomness that Hypothesis controls, so that what is drawn from them shrinks."""
    return st.randoms(use_true_random=False, note_method_calls=False)


def histories(
    kind: str, *, newest: int | None = None, additive: bool | None = None, codecs: tuple[str, ...] = CODECS
) -> st.SearchStrategy[History]:
    """Schemas with nested objects, lists, maps and unions, and with up to five versions.

    Args:
        kind: name of the kind of model (`releases.KINDS`) that will be made of them.
        newest: number of versions; None for 1 to 5.
        additive: whether all changes keep min_reader; None for either.
        codecs: names of codecs to choose from.
    """
    return sources().map(lambda random: drawn_history(random, kind, newest=newest, additive=additive, codecs=codecs))


def drawn_history(
    random: Random,
    kind: str,
    *,
    newest: int | None = None,
    additive: bool | None = None,
    codecs: tuple[str, ...] = CODECS,
) -> History:
    """One of `histories`, from any source of randomness."""
    drawer = Drawer(random, mutable_defaults=kind == "pydantic")
    root = drawer.root()
    versions = newest or random.choice((1, 2, 3, 4, 4, 5, 5))
    return evolve(drawer, root, versions, additive=additive, codecs=codecs)
