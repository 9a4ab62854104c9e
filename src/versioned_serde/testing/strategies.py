"""Hypothesis strategies for made-up schemas."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from versioned_serde.protocols import Codec
from versioned_serde.testing.drawing import Drawer
from versioned_serde.testing.evolving import evolve
from versioned_serde.testing.forms import MIXED
from versioned_serde.testing.histories import Form, History
from versioned_serde.testing.releases import KINDS


def sources() -> st.SearchStrategy[Random]:
    """Sources of randomness that Hypothesis controls, so that what is drawn from them shrinks."""
    return st.randoms(use_true_random=False, note_method_calls=False)


def histories(
    kind: str, *, newest: int | None = None, additive: bool | None = None, codecs: tuple[str | Codec, ...] = ()
) -> st.SearchStrategy[History]:
    """Schemas with nested objects, lists, maps and unions, and with up to five versions.

    Args:
        kind: name of the kind of model (`releases.KINDS`) that will be made of them.
        newest: number of versions; None for 1 to 5.
        additive: whether all changes keep min_reader; None for either.
        codecs: names of codecs to choose from; empty for two of those that retain unknown attributes.
    """
    return sources().map(lambda random: drawn_history(random, kind, newest=newest, additive=additive, codecs=codecs))


def drawn_history(
    random: Random,
    kind: str,
    *,
    newest: int | None = None,
    additive: bool | None = None,
    codecs: tuple[str | Codec, ...] = (),
    form: Form | None = None,
) -> History:
    """One of `histories`, from any source of randomness. For `form` see `evolving.evolve`."""
    if not codecs:
        # A message carries fields that its class does not know: then the kind decides what stays, not the record.
        pool = [each for each in MIXED if each != "protobuf" or KINDS[kind].kind != "protobuf"]
        codecs = (random.choice(pool), random.choice(pool))
    drawer = Drawer(random, kind, codecs)
    root = drawer.root()
    versions = newest or random.choice((1, 2, 3, 4, 4, 5, 5))
    return evolve(drawer, root, versions, additive=additive, codecs=codecs, form=form)
