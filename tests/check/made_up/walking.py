"""The plans of `serde-check`, walked through the simulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.check.made_up import real
from tests.check.simulation import fleet as simulated
from tests.check.simulation.declaring import Entry, Parameter, Release, Schema, SchemaCode, schema
from tests.check.simulation.fleet import Certify, Explored, Fleet, explored
from tests.check.simulation.reading import Record
from tests.check.simulation.steps import written_by
from versioned_serde.check.moves import Action, Backfill, Bake, Change, Deploy, Plan, Service
from versioned_serde.check.plan import plan
from versioned_serde.check.release import Release as Locked
from versioned_serde.lock.files import write_lock


@dataclass(frozen=True)
class Code:
    """What a release of a service declares."""

    schemas: tuple[SchemaCode, ...] = ()
    parameters: tuple[Parameter, ...] = ()

    def release(self, name: str) -> Release:
        return Release(name, {each.name: schema(each) for each in self.schemas}, {p.name: p for p in self.parameters})

    def locked(self, name: str, folder: Path) -> Locked:
        """The lock of it, written over what is in the folder."""
        write_lock([*map(real.schema, self.schemas), *map(real.parameter, self.parameters)], folder)
        names = [each.name for each in (*self.schemas, *self.parameters)]
        return Locked.of_texts(name, {name: (folder / f"{name}.json").read_text() for name in names})


@dataclass(frozen=True)
class Way:
    """A service, what it runs, what it shall run, and whom it calls."""

    name: str
    before: Code
    target: Code
    calls: frozenset[str] = frozenset()


@dataclass
class Walk:
    """A change of one service or several.

    Attributes:
        ways: of each service.
        hosts: of each.
        sent: schemas that are sent by those who call to those who are called, and are in no store.
        between: declarations that say how versions came about, where neither release does.
    """

    ways: Sequence[Way]
    hosts: int = 2
    sent: frozenset[str] = frozenset()
    between: Sequence[SchemaCode] = ()
    running: dict[str, Release] = field(default_factory=dict)

    def planned(self) -> Plan:
        """What `serde-check` plans, from the locks alone."""
        services = []
        for way in self.ways:
            with TemporaryDirectory() as folder:
                before = way.before.locked(f"{way.name} before", Path(folder))
                target = way.target.locked(f"{way.name} after", Path(folder))
            services.append(Service(name=way.name, before=before, target=target, calls=way.calls))
        return plan(services)

    def walked(self, plan: Plan) -> Explored:
        """Every state of the fleet while a plan is followed, in which the services of a round go in any order."""
        actions: list[simulated.Action] = []
        self.running = {way.name: way.before.release(f"{way.name} 0") for way in self.ways}
        for round_ in _rounds(plan.actions):
            if deployed := {each.service: self._deployed(each) for each in round_ if isinstance(each, Deploy)}:
                actions.append(simulated.Deploy(deployed))
                self.running |= deployed
            for each in round_:
                if isinstance(each, Backfill):
                    actions.append(simulated.Backfill(each.schema, each.to, each.versions))
                    actions.append(Certify(each.schema, each.versions))
        return self._explored(actions)

    def at_once(self) -> Explored:
        """The same change without a plan: every service gets what is wanted."""
        return self._explored([simulated.Deploy({way.name: way.target.release(f"{way.name} 1") for way in self.ways})])

    def arrived(self) -> bool:
        """Whether the last walk led to what is wanted."""
        wanted = {way.name: way.target.release("wanted") for way in self.ways}
        return all(_told(self.running[name]) == _told(release) for name, release in wanted.items())

    def _explored(self, actions: Sequence[simulated.Action]) -> Explored:
        names = {each.name for way in self.ways for code in (way.before, way.target) for each in code.schemas}
        agreed = {each.name for way in self.ways for code in (way.before, way.target) for each in code.parameters}
        services = [way.name for way in self.ways]
        callers, callees = (
            [way.name for way in self.ways if way.calls],
            [each for way in self.ways for each in way.calls],
        )
        fleet = Fleet(
            dict.fromkeys(services, self.hosts),
            # Who answers a message writes what the caller reads; a store is the hardest case of both directions.
            stored=dict.fromkeys(names - self.sent, services),
            called=dict.fromkeys(names, (callers, callees)) if callers else {},
            agreed=dict.fromkeys(agreed, services),
        )
        start = {way.name: way.before.release(f"{way.name} 0") for way in self.ways}
        return explored(fleet, fleet.all_on(start, self._stored(start.values())), actions)

    def _stored(self, releases: Iterable[Release]) -> set[tuple[str, Record]]:
        known: dict[str, list[Schema]] = {}
        for release in releases:
            for name, each in release.schemas.items():
                known.setdefault(name, []).append(each)
        return {
            (name, record) for name, each in known.items() if name not in self.sent for record in written_by(each, [])
        }

    def _deployed(self, deploy: Deploy) -> Release:
        now = self.running[deploy.service]
        schemas, parameters = dict(now.schemas), dict(now.parameters)
        for change in deploy.changes:
            into: dict[str, Schema] | dict[str, Parameter] = schemas if change.what == "schema" else parameters
            if change.after is None:
                del into[change.name]
            elif change.what == "schema":
                schemas[change.name] = self._schema(change)
            else:
                parameters[change.name] = self._parameter(change)
        return Release(f"{deploy.service} {deploy.release}", schemas, parameters)

    def _codes(self, name: str) -> list[SchemaCode]:
        every = [code for way in self.ways for code in (way.before, way.target)]
        declared = [*self.between, *(each for code in every for each in code.schemas)]
        return [each for each in declared if each.name == name]

    def _schema(self, change: Change) -> Schema:
        """The listed versions, each as somebody declares it."""
        assert change.after is not None
        whole = schema(joined(self._codes(change.name)))
        lines = tuple(line for line in whole.lines if line.number in change.after.listed)
        kept = [steps for line, steps in zip(whole.lines, whole.steps, strict=True) if line in lines]
        return Schema(lines, ((), *kept[1:]), change.after.writes)

    def _parameter(self, change: Change) -> Parameter:
        assert change.after is not None
        every = [each for way in self.ways for code in (way.before, way.target) for each in code.parameters]
        values = {number: value for each in every if each.name == change.name for number, value in each.values}
        kind = next(each.kind for each in every if each.name == change.name)
        listed = tuple((number, values[number]) for number in change.after.listed)
        return Parameter(change.name, kind, listed, change.after.writes)


def joined(codes: Sequence[SchemaCode]) -> SchemaCode:
    """One declaration with all versions of several, of which the first that lists a version says what led to it."""
    first = min(codes, key=lambda code: code.entries[0].number)
    entries: dict[int, Entry] = {}
    for code in sorted(codes, key=lambda code: code.entries[0].number):
        for entry in code.entries:
            entries.setdefault(entry.number, entry)
    return replace(first, entries=tuple(entries[number] for number in sorted(entries)))


def _rounds(actions: Sequence[Action]) -> list[list[Action]]:
    """What may be done at once: backfills first, or releases that no bake is between."""
    rounds: list[list[Action]] = [[]]
    for each in actions:
        if isinstance(each, Bake) or (isinstance(each, Deploy) and any(isinstance(o, Backfill) for o in rounds[-1])):
            rounds.append([])
        if not isinstance(each, Bake):
            rounds[-1].append(each)
    return [each for each in rounds if each]


def _told(release: Release) -> Mapping[str, object]:
    """What is to be compared: the steps to a first listed line do not count, nor do names."""
    schemas = {name: (each.lines, each.writes) for name, each in release.schemas.items()}
    parameters = {name: (each.values, each.writes) for name, each in release.parameters.items()}
    return {**schemas, **parameters}
