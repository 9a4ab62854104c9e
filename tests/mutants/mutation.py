"""What a mutation is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One change of the source.

    Attributes:
        id: unique; names what is broken.
        rule: the law or rule.
        file: below `src/versioned_serde`.
        old: text that occurs exactly once in the file.
        new: what takes its place.
        tests: files below `tests`, the likeliest to notice first.
    """

    id: str
    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
