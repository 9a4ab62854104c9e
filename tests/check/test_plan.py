"""Plans: what they say, for one service and several. That they are safe is shown by simulation."""

from __future__ import annotations

from typing import Any

from tests.check.releases import MODELS, changed, heartbeat, orders, release, retired
from versioned_serde import Schema, Version
from versioned_serde.check.moves import Action, Backfill, Bake, Deploy, Plan, Service, State
from versioned_serde.check.plan import plan
from versioned_serde.check.plan_text import as_json, markdown
from versioned_serde.check.release import Release


def service(before: Release, target: Release, name: str = "shop", calls: tuple[str, ...] = ()) -> Service:
    return Service(name=name, before=before, target=target, calls=frozenset(calls))


def told(action: Action) -> str:
    """An action in a word or two, such as `shop 1: shop.order 1-3 w1`."""
    match action:
        case Deploy():
            changes = [f"{each.name} {_state(each.after)}" for each in action.changes]
            return f"{action.service} {action.release}: {', '.join(changes)}"
        case Bake():
            return "bake"
        case Backfill():
            return f"backfill {action.versions} to {action.to}"


def _state(state: State | None) -> str:
    return "-" if state is None else f"{state.listed[0]}-{state.listed[-1]} w{state.writes}"


def one(before: Any, target: Any, **more: Any) -> list[str]:
    return actions(release("v1", *before, **more), release("this release", *target))


def actions(before: Release, target: Release) -> list[str]:
    found = plan([service(before, target)])
    assert not found.obstacles
    return [told(each) for each in found.actions]


def test_a_change_that_old_hosts_cope_with_is_one_release() -> None:
    assert one([orders(1, 1, 1)], [orders(1, 2, 2)]) == ["shop 1: shop.order 1-2 w2"]


def test_a_change_that_they_do_not_cope_with_is_two() -> None:
    assert one([orders(1, 1, 1)], [orders(1, 3, 3)]) == [
        "shop 1: shop.order 1-3 w2",
        "bake",
        "shop 2: shop.order 1-3 w3",
    ]


def test_what_was_prepared_is_only_activated() -> None:
    assert one([orders(1, 3, 2)], [orders(1, 3, 3)]) == ["shop 1: shop.order 1-3 w3"]


def test_two_that_they_do_not_cope_with_are_three() -> None:
    # A release may list one such version above the one that it writes, so the target lists both and writes the last.
    lines = [Version(1, codec="json", framing="bare"), Version(2, framing="envelope"), Version(3, codec="msgpack")]
    first = Schema("shop.order", MODELS[1], *lines[:1], writes=1)
    last = Schema("shop.order", MODELS[1], *lines, writes=3)
    assert one([first], [last]) == [
        "shop 1: shop.order 1-2 w1",
        "bake",
        "shop 2: shop.order 1-3 w2",
        "bake",
        "shop 3: shop.order 1-3 w3",
    ]


def test_readers_go_last_after_a_backfill() -> None:
    assert actions(release("v1", orders(1, 1, 1)), retired("v2", orders(1, 3, 3), 3)) == [
        "shop 1: shop.order 1-3 w2",
        "bake",
        "shop 2: shop.order 1-3 w3",
        "bake",
        "backfill (1, 2) to 3",
        "shop 3: shop.order 3-3 w3",
    ]


def test_what_was_counted_is_not_rewritten_again() -> None:
    found = plan(
        [service(release("v1", orders(1, 3, 3), written=(1, 2)), release("v2", orders(3, 3, 3)))], {"shop.order": 2}
    )
    assert [told(each) for each in found.actions] == ["shop 1: shop.order 3-3 w3"]


def test_writers_go_first_on_the_way_back() -> None:
    assert one([orders(1, 3, 3)], [orders(1, 2, 2)], written=(1, 2)) == [
        "shop 1: shop.order 1-3 w2",
        "bake",
        "backfill (3,) to 2",
        "shop 2: shop.order 1-2 w2",
    ]


def test_a_parameter_is_tolerated_before_it_is_emitted() -> None:
    assert one([heartbeat({1: 5.0}, 1)], [heartbeat({2: 10.0}, 2)]) == [
        "shop 1: shop.heartbeat 1-2 w1",
        "bake",
        "shop 2: shop.heartbeat 2-2 w2",
    ]


def test_several_services_prepare_before_any_of_them_activates() -> None:
    before, target = release("v1", orders(1, 1, 1)), release("v2", orders(1, 3, 3))
    found = plan([service(before, target, "front", ("back",)), service(before, target, "back")])
    assert [told(each) for each in found.actions] == [
        "front 1: shop.order 1-3 w2",
        "back 1: shop.order 1-3 w2",
        "bake",
        "front 2: shop.order 1-3 w3",
        "back 2: shop.order 1-3 w3",
    ]


def test_who_is_called_learns_first_and_forgets_last() -> None:
    a, b = orders(1, 1, 1, name="api.a"), orders(1, 1, 1, name="api.b")
    before, target = release("v1", a), release("v2", b)
    found = plan([service(before, target, "front", ("back",)), service(before, target, "back")])
    assert [told(each) for each in found.actions] == [
        "front 1: api.a -",
        "back 1: api.b 1-1 w1",
        "bake",
        "front 2: api.b 1-1 w1",
        "back 2: api.a -",
    ]


def test_one_number_for_two_things_has_no_plan() -> None:
    other = release("v2", changed(Version(1, codec="msgpack", framing="envelope")))
    found = plan([service(release("v1", orders(1, 1, 1)), other)])
    assert found.actions == ()
    assert "Version 1 of shop.order is not the same in shop (v1) and in shop (v2)." in found.obstacles[0]


def test_a_peer_that_never_reads_it_is_named() -> None:
    old, new = release("v1", orders(1, 1, 1)), release("v2", orders(1, 3, 3))
    found = plan([service(old, new, "front"), service(old, old, "back")])
    (obstacle,) = found.obstacles
    assert obstacle.startswith(
        "front cannot come to write version 3 of shop.order: another service that has the schema"
    )


def test_a_version_that_nobody_knows_is_named() -> None:
    found = plan([service(release("v1", orders(1, 1, 1)), release("v2", orders(3, 3, 3)))])
    assert "does not say what version 2 is" in found.obstacles[0]


def test_nothing_to_plan() -> None:
    same = release("v1", orders(1, 3, 2), heartbeat({1: 5.0}, 1))
    assert plan([service(same, same)]) == Plan()
    assert markdown(Plan(), {}).startswith("# Nothing to plan")


def test_the_text_is_a_checklist() -> None:
    found = plan([service(release("v1", orders(1, 1, 1)), retired("v2", orders(1, 3, 3), 3))])
    text = markdown(found, {"shop": "v1"})
    assert text.startswith("# The safe way: 3 releases and a backfill\n\n## 1. Release 1: prepare 2 to 3, activate 2\n")
    assert "- [ ] Before: `serde-check --against v1` is clean." in text
    assert "`serde-check can-activate shop.order 3 --live TAG ...`" in text
    assert "`serde-check fix --retire 2 --certificate FILE`" in text
    assert text.count("To go back:") == 4
    assert all(len(line) < 160 for line in text.splitlines())


def test_the_json_has_every_action() -> None:
    found = plan([service(release("v1", orders(1, 1, 1)), release("v2", orders(1, 3, 3)))])
    content = as_json(found)
    assert (content["releases"], [each["action"] for each in content["actions"]]) == (2, ["deploy", "bake", "deploy"])
    assert content["actions"][0]["changes"] == [
        {
            "what": "schema",
            "name": "shop.order",
            "before": {"listed": [1], "writes": 1},
            "after": {"listed": [1, 2, 3], "writes": 2},
            "phases": ["prepare 2 to 3", "activate 2"],
        }
    ]
