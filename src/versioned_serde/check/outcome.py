"""What a run of `serde-check` came to, for reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from versioned_serde.check.finding import Direction, Finding, Ignored, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to.

    Attributes:
        findings: those that count, in the order in which they are shown.
        ignored: those that the settings or a baseline wave through.
        verdict: of a comparison of contracts; empty for other runs.
        against: names of the releases that this one was held against.
        plan: the safe way as Markdown, if there is something to be planned.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...] = ()
    verdict: Mapping[Direction, Verdict] = field(default_factory=dict)
    against: tuple[str, ...] = ()
    plan: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing of severity `error` or `warning` was found."""
        return all(each.severity == "note" for each in self.findings)

    @property
    def undecided(self) -> bool:
        """Whether a verdict could not be found."""
        return "undecided" in self.verdict.values()
