"""How shape rules tell what they found."""

from __future__ import annotations

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.drafts import Draft
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.shape_changes import Change


def undeclared(change: Change, comparison: Comparison, rule: Rule, message: str, *, alone: bool = True) -> Finding:
    """A finding about a change that no step declares.

    It is an error if a record shows that one of the two releases misreads it, and such records may exist: one of the
    two writes the version and both list it, or the lock says that it was written.

    Args:
        change: the change.
        comparison: in which it was found.
        rule: which found it.
        message: without the release's name and without the end: `` `total` was int and is str``.
        alone: whether this attribute alone must be the reason.
    """
    shown = change.shown_by(comparison, alone=alone)
    met = change.version in comparison.met(change.before, change.now)
    return rule.finding(
        f"Version {change.version} is in {change.other.name} already, and {message} now, which no step declares.",
        severity=rule.severity if shown and met else "warning",
        schema=change.now.name,
        attribute=change.path,
        version=change.version,
        direction=shown[0] if shown else None,
        place=comparison.at(change.now.name),
        witness=shown[1] if shown else None,
    )


def in_two_releases(draft: Draft, comparison: Comparison, rule: Rule, message: str, path: str | None = None) -> Finding:
    """A finding about a version that is not written yet; the message is without its end."""
    return rule.finding(
        f"Version {draft.version.number} is new, and {message}.",
        schema=draft.now.name,
        attribute=path,
        version=draft.version.number,
        direction="forward",
        place=comparison.at(draft.now.name),
    )
