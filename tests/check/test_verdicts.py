"""What the rules say of each release of made-up histories, against a search through all states of a fleet."""

from __future__ import annotations

from random import Random

from hypothesis import event, given

from tests.check.made_up.counts import times
from tests.check.made_up.histories import Made, drawn_history
from tests.check.simulation.steps import broken
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import Release
from versioned_serde.check.rules.rule import of_family
from versioned_serde.testing.strategies import sources

POLICY = {
    "name-reused": "Under a name that was given up, a record may hold anything, also in a backup; that the"
    " hosts compared take it for what it is, because the types happen to be the same, is no reason to use it again.",
}
"""Rules whose errors need no host that cannot read something, and why. They count only where the simulation agrees."""


def locked(made: Made) -> Release:
    return Release.of_texts(made.release.name, made.texts)


def errors(history: list[Made], at: int, supported: list[Made]) -> list[Finding]:
    """What `serde-check` says of a release, from the locks and certificates that are there when it is checked."""
    before = history[at - 1]
    comparison = Comparison(
        now=locked(history[at]),
        beside=[locked(before)],
        supported=[locked(each) for each in supported],
        certificates=before.certificates,
    )
    modules = *of_family("releases"), *of_family("shapes")
    return [each for module in modules for each in module.check(comparison) if each.severity == "error"]


@times(3, 10)
@given(random=sources())
def test_the_linter_finds_what_breaks_and_nothing_else(random: Random) -> None:
    history = drawn_history(random)
    for at in range(1, len(history)):
        before, now = history[at - 1], history[at]
        supported = history[random.randrange(at) : at - 1]
        found = errors(history, at, supported)
        for name in {**now.release.schemas, **now.release.parameters}:
            stored = before.stored.get(name, frozenset())
            breaks = broken(name, before.release, now.release, [each.release for each in supported], stored)
            said = [
                f"{each.rule}: {each.message}"
                for each in found
                if each.schema == name and (breaks or each.rule not in POLICY)
            ]
            event("breaks" if breaks else "safe")
            told = "\n".join(map(str, history[: at + 1]))
            assert bool(said) == bool(breaks), (
                f"{name} in {now.release.name}, supported {[each.release.name for each in supported]}:\n{told}\n"
                f"simulation: {breaks}\nserde-check: {said}"
            )
