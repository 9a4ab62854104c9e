"""The record of a run: what was asked for, and what came of it so far. All tools look at runs through this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, Self

from versioned_serde.backfill.books import Books
from versioned_serde.backfill.control import GO, STOP, Asked, ask, asked_of
from versioned_serde.backfill.lease import Counts
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.settlement import correction, forget_settlement
from versioned_serde.backfill.shard import run_key, shard_key
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError

FORMAT = 1
_POINTS = 400


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its document says it.

    Attributes:
        name: its name; one of the name is under way at a time.
        generation: tells it from earlier runs of the name.
        kind: `rewrite` or `census`.
        schema: the schema's name.
        to: the version that records shall have; 0 for a census.
        lower: whether newer records are taken down to it.
        purge: whether what is kept for retired versions is taken out.
        ends: where each shard begins and ends.
        began_at: when, in ISO 8601 with a zone, by the clock of who began it; before the first record was looked at.
        ended_at: the same of its end; empty while it is under way.
    """

    name: str
    generation: str
    kind: Literal["rewrite", "census"]
    schema: str
    to: int
    lower: bool
    purge: bool
    ends: tuple[tuple[str, str], ...]
    began_at: str
    ended_at: str = ""

    @property
    def id(self) -> str:
        """The part of the keys of its documents that is its own."""
        return f"{self.name}/{self.generation}"

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"format": FORMAT}

    @classmethod
    def parsed(cls, content: Mapping[str, Any]) -> Self:
        """What `plain` gave.

        Raises:
            BackfillError: another release wrote it.
        """
        if content.get("format") != FORMAT:
            raise BackfillError(
                f"The run is kept in the format {content.get('format')!r}, and this release knows {FORMAT}.",
                hint="Go on with the release that began it.",
            )
        rest: dict[str, Any] = {name: value for name, value in content.items() if name not in ("format", "ends")}
        return cls(ends=tuple((after, until) for after, until in content["ends"]), **rest)


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes:
        run: the run.
        asked: what a person asks of it.
        books: of all shards together.
        counts: of a census.
        unreadable: of a census: reason -> records.
        done: shards that are done.
        at_work: workers that hold a shard, of all supervisors; some may have died within the last lease.
        estimate: how many records there may be in all; None before a shard is done.
    """

    run: Run
    asked: Asked
    books: Books = field(default_factory=Books)
    counts: Counts = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    done: int = 0
    at_work: int = 0
    estimate: int | None = None

    @property
    def complete(self) -> bool:
        """Whether all shards are done."""
        return self.done == len(self.run.ends)


class Looker:
    """Looks at a run again and again. A shard that is done does not change, and is looked at once."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._run = run
        self._done: dict[int, Mapping[str, Any]] = {}

    def progress(self) -> Progress:
        """How far it is now."""
        progress = Progress(self._run, asked_of(self._state, self._run.id))
        finished = 0
        for content in self._shards():
            books = Books.parsed(content["books"])
            progress.books += books
            for version, low, mixed, number in content["counts"]:
                what = version, low, mixed
                progress.counts[what] = progress.counts.get(what, 0) + number
            for why, number in content["unreadable"].items():
                progress.unreadable[why] = progress.unreadable.get(why, 0) + number
            if content["done"]:
                progress.done += 1
                finished += books.scanned
            elif content["owner"]:
                progress.at_work += 1
        if progress.done:
            progress.estimate = max(progress.books.scanned, finished * len(self._run.ends) // progress.done)
        if progress.complete:
            progress.books += correction(self._state, self._run.id)
        return progress

    def open(self) -> list[int]:
        """The shards that are not done, as far as it was looked at."""
        return [number for number in range(len(self._run.ends)) if number not in self._done]

    def _shards(self) -> Iterator[Mapping[str, Any]]:
        for number in range(len(self._run.ends)):
            content = self._done.get(number)
            if content is None:
                held = self._state.get(shard_key(self._run.id, number))
                if held is None:
                    continue
                content = held.content
                if content["done"]:
                    self._done[number] = content
            yield content


def find(state: State, name: str) -> Run:
    """The run of a name.

    Raises:
        BackfillError: there is none.
    """
    held = state.get(run_key(name))
    if held is None:
        known = ", ".join(f"`{each}`" for each in names(state)) or "none"
        raise BackfillError("There is no such run.", run=name, hint=f"Known are: {known}.")
    return Run.parsed(held.content)


def names(state: State) -> list[str]:
    """The names of all runs."""
    return [key.removeprefix("run/") for key in state.keys("run/")]


def begin(state: State, run: Run) -> Run:
    """The run under way of the name: a new one, unless there is one already that wants the same.

    Raises:
        BackfillError: the one that is under way wants something else.
    """
    for _ in range(10):
        held = state.get(run_key(run.name))
        if held is None:
            if state.insert(run_key(run.name), run.plain()) is not None:
                return run
            continue
        there = Run.parsed(held.content)
        if not there.ended_at:
            if _wish(there) == _wish(run):
                if asked_of(state, there.id).what == STOP:
                    ask(state, there.id, GO)  # who starts it again does not want it to stop
                return there
            raise BackfillError(
                f"A run of this name is under way, and it is another one: {_told(there)}.",
                run=run.name,
                hint="Let it end, give this one another `name`, or forget that one (`serde-backfill forget`).",
            )
        if state.update(run_key(run.name), held.token, run.plain()) is not None:
            forget_generation(state, there)
            return run
    raise BackfillError("Others begin and end runs of this name all the time.", run=run.name)


def end(state: State, run: Run) -> Run:
    """Writes down that the run has ended."""
    ended = replace(run, ended_at=now())
    held = state.get(run_key(run.name))
    if held is not None and Run.parsed(held.content) == run:
        state.update(run_key(run.name), held.token, ended.plain())
    return ended


def forget(state: State, run: Run) -> None:
    """Takes out all that is known of a run. Its records stay as they are."""
    forget_generation(state, run)
    state.delete(run_key(run.name))


def forget_generation(state: State, run: Run) -> None:
    """Takes out all documents of a run but the first."""
    Quarantine(state, run.id).clear()
    forget_settlement(state, run.id)
    for number in range(len(run.ends)):
        state.delete(shard_key(run.id, number))
    for key in (f"control/{run.id}", _timeline(run)):
        state.delete(key)


def timeline(state: State, run: Run) -> list[tuple[float, int]]:
    """How many records were scanned so many seconds after the run began; ascending."""
    held = state.get(_timeline(run))
    return [] if held is None else [(seconds, scanned) for seconds, scanned in held.content["points"]]


def note(state: State, run: Run, scanned: int) -> None:
    """Adds a point to the timeline. It has a bounded number of them: of a long run, every other one goes in time."""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(run.began_at)).total_seconds()

    def added(content: dict[str, Any]) -> dict[str, Any]:
        points = [*content["points"], [round(seconds, 1), scanned]]
        return {"points": points if len(points) <= _POINTS else points[1::2]}

    state.change(_timeline(run), added, first={"points": []})


def now() -> str:
    """The time, in ISO 8601 with a zone."""
    return datetime.now(UTC).isoformat()


def _timeline(run: Run) -> str:
    return f"timeline/{run.id}"


def _wish(run: Run) -> tuple[object, ...]:
    return run.kind, run.schema, run.to, run.lower, run.purge


def _told(run: Run) -> str:
    if run.kind == "census":
        return f"a census of {run.schema}"
    return f"{run.schema} to version {run.to}{', lowering' * run.lower}{', purging' * run.purge}"
