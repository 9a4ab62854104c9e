"""A count of records without a tag: whether any of them could be taken for one with an inline tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from versioned_serde.envelope.inline import split
from versioned_serde.errors import DeclarationError, SerdeError


@dataclass(frozen=True)
class Census:
    """What a full scan of a location's records found, before `inline` is declared beside `bare` there.

    Attributes:
        records: how many records were looked at.
        reserved: how many of them have, or may have, the reserved member of an inline tag in the outermost object.
        begun: when the scan began, in ISO 8601 with a time zone. Writers since then must not write the member: those of
            this library write nothing undeclared into bare records, and no declared name begins with `$`.

    Raises:
        DeclarationError: one of these cannot be.
    """

    records: int
    reserved: int
    begun: str

    def __post_init__(self) -> None:
        if not 0 <= self.reserved <= self.records:
            raise DeclarationError(
                "A census counts no fewer records than those among them with the reserved member.",
                hint="Paste what `take_census` gave, as it is.",
            )
        try:
            aware = datetime.fromisoformat(self.begun).tzinfo is not None
        except ValueError:
            aware = False
        if not aware:
            raise DeclarationError(
                "A census says when it began, as a time with a zone.", hint='Such as "2026-11-20T08:00:00+00:00".'
            )


def take_census(records: Iterable[bytes]) -> Census:
    """Counts records without a tag. Print what it gives, and paste it into `Version(..., census=...)`.

    A record that is not JSON counts as one with the member, if its bytes hold the name.

    Args:
        records: every record of the location, for instance the rows of a cursor.
    """
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    count = reserved = 0
    for record in records:
        count += 1
        try:
            reserved += split(bytes(record)) is not None
        except SerdeError:
            reserved += 1
    return Census(count, reserved, begun)
