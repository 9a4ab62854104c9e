"""Which framings may share one location: whether each record there can be told apart from every other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.version import Framing, Version


def check_framings(versions: Sequence[Version], framings: Sequence[Framing | ForeignFraming]) -> None:
    """What the framings of all listed versions must be, so that no record is read as one of another version.

    Args:
        versions: as declared.
        framings: of each version, inherited ones too.

    Raises:
        DeclarationError: two versions could not be told apart.
    """
    foreign = [framing for framing in framings if isinstance(framing, ForeignFraming)]
    if framings.count("bare") > 1:
        raise DeclarationError(
            "Two versions are bare, and their records could not be told apart.",
            hint="Only the version from before this library is bare; the next version changes the framing alone.",
        )
    for each in foreign:
        if not each.prefix and not each.headers:
            raise DeclarationError(
                f"The framing `{each.name}` puts nothing in front of a record or beside it, so none bears its sign.",
                hint='Give it a `prefix` or `headers`, or say `framing="bare"`.',
            )
    for one, other in combinations(foreign, 2):
        if one.headers == other.headers and (
            one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
        ):
            raise DeclarationError(
                f"Two versions bear the same sign of {one.name}, and their records could not be told apart.",
                hint="Each version that another system wrote has its own sign; a version of yours changes the framing.",
            )
    if "bare" in framings:
        if foreign:
            raise DeclarationError(
                f"A record whose sign of {foreign[0].name} got lost would be read as a bare one.",
                hint="Give the two kinds of data schemas and places (topic, path, column) of their own.",
            )
        if "headers" in framings:
            raise _lost("headers")
        if "inline" in framings:
            _check_census(versions, framings)
    for version, framing in zip(versions, framings, strict=True):
        if version.census is not None and (framing != "inline" or "bare" not in framings):
            raise DeclarationError(
                f"{version!r} says a census, which only `inline` beside `bare` needs.", hint="Take `census` out."
            )


def _lost(framing: str) -> DeclarationError:
    return DeclarationError(
        f"A record whose {framing} tag got lost would be read as a bare one.",
        hint='Move to `framing="envelope"`, or to a new place (topic, path, column) with a schema of its own.',
    )


def _check_census(versions: Sequence[Version], framings: Sequence[Framing | ForeignFraming]) -> None:
    census = versions[framings.index("inline")].census
    if census is None:
        raise DeclarationError(
            "A bare record that happens to hold the reserved member would be read as one with an inline tag.",
            hint='Count such records with `take_census`, and say `census=Census(...)`; or use `framing="envelope"`.',
        )
    if census.reserved:
        raise DeclarationError(
            f"The census found {census.reserved} bare records that would be read as ones with an inline tag.",
            hint='Rename the member in those records, and count again; or use `framing="envelope"`.',
        )
