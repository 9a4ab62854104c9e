"""The simulation itself: what is known to be safe is, and what is known to break does."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

import pytest
from hypothesis import given

from tests.check.made_up.histories import Made, drawn_history
from tests.check.simulation.declaring import Attribute, Entry, Form, Parameter, Release, SchemaCode, Step, schema
from tests.check.simulation.fleet import Action, Backfill, CensusError, Certify, Deploy, Explored, Fleet, explored
from tests.check.simulation.reading import answer, new
from tests.check.simulation.steps import broken, written_by
from versioned_serde.testing.strategies import sources

BUYER, TOTAL = Attribute("buyer", "str"), Attribute("total", "int", "0")
XML, JSON = Entry(1, Form("xml")), Entry(2, Form("json"))
ALONE = Fleet({"shop": 2}, stored={"order": ["shop"]})


def release(name: str, *entries: Entry, writes: int) -> Release:
    return Release(name, {"order": schema(SchemaCode("order", frozenset({BUYER}), entries, writes))}, {})


OLD = release("old", XML, writes=1)
PREPARED = release("prepared", XML, JSON, writes=1)
ACTIVE = release("active", XML, JSON, writes=2)
RETIRED = release("retired", Entry(2, Form("json"), min_reader=2), writes=2)


def run(*actions: Action, first: Release = OLD) -> Explored:
    return explored(ALONE, ALONE.all_on({"shop": first}), actions)


def to(each: Release) -> Deploy:
    return Deploy({"shop": each})


def test_the_shortcut_breaks_hosts_of_both_releases() -> None:
    found = run(to(ACTIVE)).meetings
    assert {(each.release.name, each.what.line.number) for each in found if not isinstance(each.what, int)} == {
        ("old", 2)
    }
    (way,) = found.values()
    assert [[host.name for host in state.hosts] for state in way][0] == ["old", "old"]
    assert way[-1].records
    assert not run(to(ACTIVE), first=PREPARED).meetings


def test_two_phases_and_a_backfill_are_safe_in_every_state() -> None:
    found = run(to(PREPARED), to(ACTIVE), Backfill("order", 2, (1,)), Certify("order", (1,)), to(RETIRED))
    assert not found.meetings
    assert {host.name for state in found.ends for host in state.hosts} == {"retired"}
    assert found.states > 20


def test_the_reader_must_not_go_before_the_records_do() -> None:
    assert run(to(PREPARED), to(ACTIVE), to(RETIRED)).meetings
    with pytest.raises(CensusError, match="exist"):
        run(to(PREPARED), to(ACTIVE), Certify("order", (1,)))
    with pytest.raises(CensusError, match="'prepared'"):
        run(to(PREPARED), Certify("order", (1,)))
    assert run(to(PREPARED), to(ACTIVE), Backfill("order", 2, (1,)), to(RETIRED)).meetings == {}
    late = run(to(ACTIVE), Backfill("order", 2, (1,)), to(PREPARED), to(RETIRED), first=ACTIVE)
    assert late.meetings, "hosts that write version 1 again undo a backfill"


def test_an_attribute_more_needs_one_release() -> None:
    more = Entry(2, XML.form, (Step("add", None, TOTAL),))
    assert not run(to(release("more", XML, more, writes=2))).meetings


@pytest.mark.parametrize(("sender", "reader"), [("front", "back"), ("back", "front")], ids=["message", "answer"])
def test_who_reads_goes_first(sender: str, reader: str) -> None:
    fleet = Fleet({"front": 2, "back": 2}, called={"order": ([sender], [reader])})
    start = fleet.all_on({"front": OLD, "back": OLD})
    reads, sends = Deploy({reader: ACTIVE}), Deploy({sender: ACTIVE})
    assert not explored(fleet, start, [reads, sends]).meetings
    assert explored(fleet, start, [sends, reads]).meetings
    assert explored(fleet, start, [Deploy({"front": ACTIVE, "back": ACTIVE})]).meetings


def test_a_caller_finds_nobody_who_knows_the_message() -> None:
    fleet = Fleet({"front": 1, "back": 1}, called={"order": (["front"], ["back"])})
    none = Release("none", {}, {})
    both = fleet.all_on({"front": none, "back": none})
    assert not explored(fleet, both, [Deploy({"back": OLD}), Deploy({"front": OLD})]).meetings
    assert explored(fleet, both, [Deploy({"front": OLD})]).meetings


def test_a_parameter_takes_two_releases() -> None:
    fleet = Fleet({"shop": 2}, agreed={"beat": ["shop"]})
    old, prepared, active = (
        Release(name, {}, {"beat": Parameter("beat", "at_most", values, writes)})
        for name, values, writes in (
            ("old", ((1, 5),), 1),
            ("prepared", ((1, 5), (2, 10)), 1),
            ("active", ((1, 5), (2, 10)), 2),
        )
    )
    start = fleet.all_on({"shop": old})
    assert not explored(fleet, start, [Deploy({"shop": prepared}), Deploy({"shop": active})]).meetings
    assert [str(each) for each in explored(fleet, start, [Deploy({"shop": active})]).meetings] == [
        "a host of old meets beat 10"
    ]


def steps(made: list[Made]) -> list[tuple[str, Made, Made]]:
    pairs = zip(made, made[1:], strict=False)
    return [(name, *pair) for pair in pairs for name in {**pair[1].release.schemas, **pair[1].release.parameters}]


@given(random=sources())
def test_a_third_host_changes_nothing(random: Random) -> None:
    for name, before, now in steps(drawn_history(random, most=3)):
        records = before.stored.get(name, frozenset())
        two, three = (broken(name, before.release, now.release, [], records, hosts=hosts) for hosts in (2, 3))
        assert sorted(two) == sorted(three)


@given(random=sources())
def test_every_record_that_can_be_is_reached(random: Random) -> None:
    """What is said to be stored after a deployment is what the search through all its states comes to."""
    for name, before, now in steps(drawn_history(random, most=3)):
        if name not in now.release.schemas:
            continue
        fleet = Fleet({"shop": 2}, stored={name: ["shop"]})
        start = fleet.all_on({"shop": before.release}, ((name, each) for each in before.stored[name]))
        ends = explored(fleet, start, [Deploy({"shop": now.release})]).ends
        both = [before.release.schemas[name], now.release.schemas[name]]
        assert max((state.records for state in ends), key=len) == {
            (name, each) for each in written_by(both, before.stored[name])
        }


def test_a_host_of_an_old_release_keeps_what_a_new_one_prepares() -> None:
    """Version 1 is written, and holds the attribute of version 2 all the same."""
    more = Entry(2, XML.form, (Step("add", None, TOTAL),))
    other = Entry(2, XML.form, (Step("add", None, Attribute("total", "str", "none")),))
    one, another = release("one", XML, more, writes=1), release("another", XML, other, writes=1)
    assert new(one.schemas["order"]).extras == {TOTAL}
    assert answer(another.schemas["order"], new(one.schemas["order"])) == "misreads"
    assert run(to(another), first=one).meetings


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("[a-s]*.py")), ids=lambda file: file.name)
def test_the_simulation_knows_nothing_of_the_library(file: Path) -> None:
    imported = {node.module or "" for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)}
    assert not any(each.startswith(("versioned_serde", "tests.check.made_up")) for each in imported)
