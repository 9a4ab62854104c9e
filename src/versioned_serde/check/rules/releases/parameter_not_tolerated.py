"""One release emits a parameter's value that another does not tolerate."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Direction, Finding
from versioned_serde.check.release import ParameterLock
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="parameter-not-tolerated",
    severity="error",
    finds="This release emits a value that a release beside it does not tolerate, or the other way round.",
    why=(
        "A host that waits 5 s for a heartbeat drops the connection to one that sends it every 10 s. During a"
        " deployment both run, and each restart makes new pairs."
    ),
    example="""\
```python
Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=2)   # the release before lists version 1 alone
```""",
    instead="""\
First list the new value and keep `writes`; then, when every host tolerates it, raise `writes`; take the old value out
when nobody emits it any more.""",
    references=("docs/how-to/parameter.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each pair of releases that do not get on, in each direction."""
    for other, before, now in comparison.parameter_pairs(comparison.beside):
        sides: tuple[tuple[str, str, ParameterLock, ParameterLock, Direction], ...] = (
            (comparison.name, other.name, now, before, "forward"),
            (other.name, comparison.now.name, before, now, "backward"),
        )
        for emitter, peer, sent, received, direction in sides:
            if not received.accepts(sent.emits):
                yield RULE.finding(
                    f"{emitter} emits {sent.emits!r}, which {peer} does not tolerate.",
                    schema=now.name,
                    version=sent.writes,
                    direction=direction,
                    witness=repr(sent.emits),
                    place=comparison.at(now.name),
                )
