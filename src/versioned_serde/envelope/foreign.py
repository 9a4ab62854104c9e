"""Framings of other systems: signs in front of a payload or beside it that stand for one version of a schema.

A service that has records of another system declares that system's sign as the framing of a version, and moves off it
like off any other framing. Such a record has no tag, so there is nothing that an old reader of ours could go by. As
into a bare one, nothing undeclared of ours is written into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from versioned_serde.errors import TagMismatchError


@runtime_checkable
class ForeignFraming(Protocol):
    """How another system marks the records of one version. Two that are equal mark the same.

    `Confluent`, `SingleObject` and `CloudEvents` are such; an object of your own may be one.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def prefix(self) -> bytes:
        """What is written in front of every payload; may be empty."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What is written beside every payload; may be empty."""
        ...

    def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
        """The payload of a record that bears this sign; None where it bears none of this system.

        Raises:
            TagMismatchError: it bears a sign of this system, but another one.
        """
        ...


def another(name: str, what: str) -> TagMismatchError:
    """The error about a sign of the system that is not the declared one.

    Args:
        name: the framing's name.
        what: which part of the sign differs, such as `the schema id`; not the part itself, which may be anything.
    """
    return TagMismatchError(
        f"The record is framed as {name}, but {what} is not the one of any listed version.",
        reason="other-foreign-sign",
        hint="Find out who wrote it; if it is data of this schema, declare its version with that sign.",
    )
