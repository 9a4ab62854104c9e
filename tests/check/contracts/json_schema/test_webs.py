"""Definitions that refer to each other in any way, held against what a walk over their graph says."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from versioned_serde.check.contracts.json_schema.inclusion import included

Edges = list[list[int]]


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    count = draw(st.integers(2, 30))
    return draw(st.lists(st.lists(st.integers(0, count - 1), max_size=3, unique=True), min_size=count, max_size=count))


def chain(count: int, *back: int) -> Edges:
    return [[each + 1, *back] for each in range(count - 1)] + [[]]


def web(edges: Edges, values: dict[int, Any], *, required: bool = False) -> Any:
    def definition(number: int) -> Any:
        targets = {f"to{target}": {"$ref": f"#/$defs/m{target}"} for target in edges[number]}
        needed = {"required": list(targets)} if required else {}
        return {"type": "object", "properties": {"v": values.get(number, {"type": "number"}), **targets}, **needed}

    return {"$ref": "#/$defs/m0", "$defs": {f"m{number}": definition(number) for number in range(len(edges))}}


def reachable(edges: Edges) -> set[int]:
    found, todo = {0}, [0]
    while todo:
        for target in edges[todo.pop()]:
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def finite(edges: Edges) -> set[int]:
    """The definitions with an instance: those all of whose targets have one."""
    found: set[int] = set()
    for _ in edges:
        found |= {number for number, targets in enumerate(edges) if set(targets) <= found}
    return found


@given(graphs(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_change_breaks_what_leads_to_it(edges: Edges, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(edges) - 1))
    old, new = web(edges, {}), web(edges, {number: {"type": "integer"}})
    assert included(old, new).verdict == ("incompatible" if number in reachable(edges) else "compatible")
    assert included(new, old).verdict == "compatible"


def test_a_change_at_the_end_of_a_long_way_is_found() -> None:
    for edges in (chain(25), chain(25, 0), chain(25, 3, 11)):
        inclusion = included(web(edges, {}), web(edges, {24: {"type": "integer"}}))
        assert inclusion.verdict == "incompatible"
        assert inclusion.obstacles[0].sup_pointer == "/$defs/m24/properties/v/type"


def gated(edges: Edges, gate: int, values: dict[int, Any]) -> Any:
    """A web whose start has room for one property alone, and must have `gate`: its other ways lead nowhere."""
    schema = web(edges, values)
    start = schema["$defs"]["m0"]
    start["properties"]["gate"] = {"$ref": f"#/$defs/m{gate}"}
    start.update(required=["gate"], maxProperties=1)
    return schema


@given(graphs(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_was_seen_on_ways_that_lead_nowhere_is_still_right(edges: Edges, data: st.DataObject) -> None:
    nodes = st.integers(0, len(edges) - 1)
    gate, number = data.draw(nodes), data.draw(nodes)
    old, new = gated(edges, gate, {}), gated(edges, gate, {number: {"type": "integer"}})
    broken = number != 0 and gate != 0 and number in reachable([[gate], *edges[1:]])
    assert included(old, new).verdict == ("incompatible" if broken else "compatible")


def test_a_way_that_leads_nowhere_and_one_that_does_not_meet() -> None:
    for length in range(6, 12):
        for meeting in range(2, length - 1):
            # The way from the gate has one definition of its own, and then meets the other, which was walked before.
            edges = [*chain(length), [meeting]]
            old, new = gated(edges, length, {}), gated(edges, length, {length - 1: {"type": "integer"}})
            assert included(old, new).verdict == "incompatible"
            assert included(new, old).verdict == "compatible"


@given(graphs())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_needs_itself_without_end_has_no_instance(edges: Edges) -> None:
    schema = web(edges, {}, required=True)
    assert included(schema, False).verdict == ("incompatible" if 0 in finite(edges) else "compatible")


@given(graphs(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_change_of_what_cannot_be_breaks_nothing(edges: Edges, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(edges) - 1))
    old, new = web(edges, {}, required=True), web(edges, {number: {"type": "integer"}}, required=True)
    broken = 0 in finite(edges) and number in reachable(edges)
    assert included(old, new).verdict == ("incompatible" if broken else "compatible")
