"""Every plan is walked through all states that the fleet can come to; no host meets what it cannot read."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import event, given

from tests.check.made_up import moves, real
from tests.check.made_up.counts import times
from tests.check.made_up.walking import Code, Walk, Way, joined
from tests.check.simulation.declaring import Attribute, Entry, Form, Parameter, SchemaCode, Step
from tests.check.simulation.fleet import Explored
from versioned_serde.check.moves import Backfill, Bake, Deploy, Plan
from versioned_serde.errors import SerdeError
from versioned_serde.testing.strategies import sources

BUYER, TOTAL, NOTE = Attribute("buyer", "str"), Attribute("total", "int"), Attribute("note", "str", "absent")
SHAPE = frozenset({BUYER, TOTAL, NOTE})
JSON = Form(checksum=False)


def code(*entries: Entry, writes: int, name: str = "shop.order", first: frozenset[Attribute] = SHAPE) -> SchemaCode:
    return SchemaCode(name, first, entries, writes)


def order(*steps: Step, form: Form = JSON, before: Form = JSON) -> tuple[Code, Code]:
    """A release, and the next one, which writes a version that differs from the first."""
    first = Entry(1, before)
    return Code((code(first, writes=1),)), Code((code(first, Entry(2, form, steps), writes=2),))


def beat(values: dict[int, int], writes: int) -> Code:
    return Code(parameters=(Parameter("shop.beat", "at_most", tuple(values.items()), writes),))


def alone(before: Code, target: Code) -> Walk:
    return Walk([Way("shop", before, target)])


def two(before: Code, target: Code, back: tuple[Code, Code] | None = None) -> Walk:
    """A front end that calls a back end."""
    behind = (before, target) if back is None else back
    return Walk(
        [Way("front", before, target, frozenset({"back"})), Way("back", *behind)],
        hosts=1,
        sent=frozenset({"api.a", "api.b"}),
    )


XML = Form("xml", checksum=False)
RENAMED = Attribute("customer", "str")
SPLIT = Step("add", None, Attribute("street", "str"))
A, B = (code(Entry(1, JSON), writes=1, name=name) for name in ("api.a", "api.b"))
SCENARIOS = {
    "S1 from XML to JSON": alone(*order(form=JSON, before=XML)),
    "S2 compressed": alone(*order(form=Form(coding="gzip", checksum=False))),
    "S3 a heartbeat": alone(beat({1: 5}, 1), beat({1: 5, 2: 10}, 2)),
    "S5 renamed": alone(*order(Step("rename", BUYER, RENAMED))),
    "S5 another type": alone(*order(Step("retype", TOTAL, Attribute("total", "str")))),
    "S5 removed": alone(*order(Step("remove", TOTAL, None))),
    "S6 of two services": two(*order(Step("rename", BUYER, RENAMED))),
    "S9 removed, added, changed": two(
        Code((A, *order()[0].schemas)), Code((B, *order(Step("rename", BUYER, RENAMED))[1].schemas))
    ),
    "another codec, and the reader goes": alone(order()[0], Code((code(Entry(2, XML), writes=2),))),
    "a heartbeat and its old value": alone(beat({1: 5}, 1), beat({2: 3}, 2)),
}


def shown(found: Explored) -> str:
    return "\n".join(f"{each}: {' -> '.join(map(str, way))}" for each, way in found.meetings.items())


@pytest.mark.parametrize("walk", SCENARIOS.values(), ids=SCENARIOS)
def test_the_shortcut_breaks_somebody_and_the_plan_nobody(walk: Walk) -> None:
    plan = walk.planned()
    assert not plan.obstacles
    assert walk.at_once().meetings
    found = walk.walked(plan)
    assert not found.meetings, shown(found)
    assert found.ends
    assert walk.arrived()
    assert plan.releases > len(walk.ways)


def test_an_attribute_more_is_planned_as_one_release() -> None:
    walk = alone(*order(Step("add", None, Attribute("gift", "str", "absent"))))
    plan = walk.planned()
    assert plan.releases == 1
    assert not walk.walked(plan).meetings
    assert not walk.at_once().meetings


def test_a_reader_goes_after_its_records() -> None:
    walk = SCENARIOS["another codec, and the reader goes"]
    actions = walk.planned().actions
    assert any(isinstance(each, Backfill) for each in actions)
    hasty = Plan(actions=tuple(each for each in actions if not isinstance(each, Backfill)))
    assert walk.walked(hasty).meetings


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name.startswith(("S6", "S9"))])
def test_the_wrong_order_fails(name: str) -> None:
    walk = SCENARIOS[name]
    deployed = [each for each in walk.planned().actions if isinstance(each, Deploy)]
    backwards = Plan(actions=tuple(each for deploy in reversed(deployed) for each in (deploy, Bake())))
    assert walk.walked(backwards).meetings


def drawn(random: Random) -> list[SchemaCode]:
    """Declarations, each made from the one before by moves that change no version."""
    good = [each for each in moves.MOVES if each not in (moves.change_in_place, moves.reuse_number, moves.start_over)]
    made = [moves.first(random, "made.up")]
    for _ in range(random.randrange(3, 9)):
        try:
            following = random.choice(good)(random, made[-1])
            real.schema(made[0])
            real.schema(following)
            whole = joined([*made, following]).lines()
            if all({*each.lines()} <= {*whole} for each in (*made, following)):
                made.append(following)
        except (SerdeError, ValueError):
            continue
    return made


def drawn_parameter(random: Random) -> tuple[Parameter, Parameter]:
    """A parameter, and the same with other values listed, one of them sent."""
    before = moves.first_parameter(random, "made.beat")
    numbers = range(random.choice((1, 1, 2)), random.choice((2, 3)) + 1)
    values = tuple((number, dict(before.values).get(number) or random.randrange(1, 9)) for number in numbers)
    return before, Parameter(before.name, before.kind, values, random.choice(numbers))


@times(1, 10)
@given(random=sources())
def test_generated_changes_have_safe_plans(random: Random) -> None:
    made = drawn(random)
    before, target = random.choice(made), made[-1]
    check(Walk([Way("shop", Code((before,)), Code((target,)))], between=made))


@times(0.5, 5)
@given(random=sources())
def test_generated_changes_of_two_services_have_safe_plans(random: Random) -> None:
    made = drawn(random)
    before, target = random.choice(made), made[-1]
    was, is_ = drawn_parameter(random)
    old, new = Code((before,), (was,)), Code((target,), (is_,))
    ways = [Way("front", old, new, frozenset({"back"})), Way("back", old, new)]
    check(Walk(ways, hosts=1, between=made))


@times(1, 10)
@given(random=sources())
def test_generated_parameters_have_safe_plans(random: Random) -> None:
    before, target = drawn_parameter(random)
    check(alone(Code(parameters=(before,)), Code(parameters=(target,))))


def check(walk: Walk) -> None:
    """The plan is safe and leads there, and never in one release where that breaks somebody."""
    try:
        plan = walk.planned()
    except SerdeError:
        event("cannot be declared or locked")
        return
    if plan.obstacles:
        event("has no plan")
        return
    told = f"{walk}\n{plan}"
    found = walk.walked(plan)
    assert not found.meetings, f"{shown(found)}\n{told}"
    assert found.ends, told
    assert walk.arrived(), told
    event(f"{plan.releases} releases")
    needed = bool(walk.at_once().meetings)
    # A reader that goes in a release of its own may be one more than it takes, never one fewer.
    assert not needed or plan.releases > len(walk.ways), told
    event("takes several" if needed else "one would do")
