"""What workers look at before each batch: what a person asks of the run, from another terminal; how many they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from versioned_serde.backfill.state import Plain, State

STOP: Literal["stop"] = "stop"
PAUSE: Literal["pause"] = "pause"
GO: Literal["go"] = "go"
What = Literal["stop", "pause", "go"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked now.

    Attributes:
        what: `go`, `pause`, or `stop`: end after the batch under way, and go on when the run is started again.
        rate: records a second of all workers together, in the place of what the run was started with; None for that.
        workers: how many share the rate, as their supervisors count them; None before they did.
    """

    what: What = GO
    rate: float | None = None
    workers: int | None = None


def asked_of(state: State, run: str) -> Asked:
    """What is asked of a run, by its workers before each batch."""
    held = state.get(_key(run))
    return Asked() if held is None else Asked(**held.content)


def ask(state: State, run: str, what: What | None = None, rate: float | Literal["none"] | None = None) -> Asked:
    """Asks it; what is None stays as it is. The rate `none` is again the one that the run was started with."""

    def changed(content: Plain) -> Plain:
        kept = content["rate"] if rate is None else rate
        return {**content, "what": what or content["what"], "rate": None if kept == "none" else kept}

    return _changed(state, run, changed)


def share(state: State, run: str, workers: int) -> None:
    """Tells the workers how many share the rate: those of all supervisors, each of which counts all."""
    if asked_of(state, run).workers != workers:
        _changed(state, run, lambda content: {**content, "workers": workers})


def _changed(state: State, run: str, change: Callable[[Plain], Plain]) -> Asked:
    return Asked(**state.change(_key(run), change, first=asdict(Asked())))


def _key(run: str) -> str:
    return f"control/{run}"
