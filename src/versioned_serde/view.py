"""What a view leaves to the team that owns the schema."""

from __future__ import annotations

from versioned_serde.errors import UnwritableValueError
from versioned_serde.tree import Tree


def no_new_record() -> UnwritableValueError:
    """A view knows a part of what a record holds, so it cannot make one."""
    return UnwritableValueError(
        "The schema is a view of another team's, which knows a part of what a record holds and makes none.",
        hint="Have its owner make the record; to change one that exists, use `read` and `write`.",
    )


def refuse_to_erase(tree: Tree) -> None:
    """A view does not know what the owner's older releases still need.

    Raises:
        UnwritableValueError: always.
    """
    raise UnwritableValueError(
        "The schema is a view of another team's, and does not know what the owner's older releases still need.",
        hint="Have its owner purge the record.",
    )
