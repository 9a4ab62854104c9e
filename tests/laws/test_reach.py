"""The made-up histories are no paper tigers: each feature that a law is about occurs, often enough."""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.laws.cases import EITHER, named
from tests.laws.fleets import Fleet
from tests.laws.reference import Node, _has_lost, _nodes
from versioned_serde.shape import ABSENT, EnumType, ListType, MapType, NullableType
from versioned_serde.testing.histories import Choice, History, places
from versioned_serde.testing.strategies import drawn_history

DRAWS = 150
SHARES = {
    "chain of 3 steps": 0.4,
    "nested 2 deep": 0.3,
    "list of objects": 0.5,
    "list in a list": 0.15,
    "list with a key": 0.2,
    "map of objects": 0.08,
    "union": 0.08,
    "open enum": 0.15,
    "closed enum": 0.15,
    "nullable": 0.5,
    "add": 0.5,
    "add, derived": 0.03,
    "remove": 0.2,
    "purge": 0.05,
    "rename": 0.1,
    "retype": 0.15,
    "redefault": 0.03,
    "split": 0.03,
    "merge": 0.02,
    "retype_each": 0.02,
    "rekey": 0.01,
    "widen_enum": 0.05,
    "replace": 0.01,
    "within by path": 0.4,
    "within by class": 0.1,
    "bare": 0.05,
    "inline": 0.05,
    "headers": 0.05,
    "gzip": 0.05,
    "zstd": 0.05,
    "msgpack": 0.08,
    "xml": 0.08,
    "edits by 2 releases": 0.3,
    "edits by 3 releases": 0.1,
    "mixed": 0.2,
    "unknown at the top": 0.1,
    "unknown within": 0.1,
    "something lost": 0.02,
    "newer record edited": 0.1,
    "edited where versions were retired": 0.1,
    "protobuf": 0.08,
    "absent": 0.1,
}


def test_each_feature_is_reached() -> None:
    seen: Counter[str] = Counter()
    for seed in range(DRAWS):
        random = Random(seed)
        kind = random.choice((*EITHER[:2], named(EITHER[2], random)))
        history = drawn_history(random, kind)
        fleet = Fleet(random, kind, history)
        during: set[str] = set()
        for _ in range(6):
            version, edits = fleet.record.version, fleet.edits
            fleet.edit()
            if fleet.edits > edits and fleet.told[-1][0].newest < version:
                during.add("newer record edited")
            if fleet.edits > edits and fleet.told[-1][0].schema.versions[0] > 1:
                during.add("edited where versions were retired")
            if history.forms[fleet.record.version - 1].framing != "bare" and fleet.record.holds_more(
                fleet.record.version
            ):
                during |= {"mixed", *_held(fleet.record.root, fleet.record.version)}
        for number in (2, 3):
            if len(fleet.editors) >= number:
                during.add(f"edits by {number} releases")
        seen.update(during | _declared(history))
    rare = {name: seen[name] / DRAWS for name, share in SHARES.items() if seen[name] / DRAWS < share}
    assert not rare, (rare, {name: seen[name] / DRAWS for name in SHARES})


def _held(root: Node, version: int) -> set[str]:
    found = set()
    waiting = [(root, "at the top")]
    while waiting:
        node, where = waiting.pop()
        stage = node.spec.stage(version)
        if node.forms[stage].keys() - node.declared(stage).keys():
            found.add(f"unknown {where}")
        if _has_lost(node, stage):
            found.add("something lost")
        for value in node.forms[stage].values():
            waiting += [(nested, "within") for nested in _nodes(value)]
    return found


def _declared(history: History) -> set[str]:
    found = {"chain of 3 steps"} if len(history.changes) >= 3 else set()
    for spec, _, change in history.changes:
        found.add("purge" if change.purge else change.verb)
        if spec is not history.root:
            found.add("within by class" if spec.shares else "within by path")
        if change.verb == "add" and change.fill is not None and change.fill.__name__ == "seed":
            found.add("add, derived")
    for form in history.forms:
        found |= {str(form.codec), form.coding, form.framing}
    for _, path, each in places(history.root, history.newest):
        type_ = each.type
        if each.default is ABSENT:
            found.add("absent")
        if isinstance(type_, NullableType):
            found.add("nullable")
            type_ = type_.inner
        if path.count(".") >= 1:
            found.add("nested 2 deep")
        if isinstance(type_, EnumType):
            found.add("open enum" if type_.open else "closed enum")
        if isinstance(type_, Choice):
            found.add("union")
        if isinstance(type_, MapType) and hasattr(type_.value, "spec"):
            found.add("map of objects")
        if isinstance(type_, ListType) and (isinstance(type_.item, ListType) or hasattr(type_.item, "spec")):
            found.add(
                "list in a list" if isinstance(type_.item, ListType) or _lists_within(type_.item) else "list of objects"
            )
            if hasattr(type_.item, "spec") and id(type_.item.spec) in history.keyed:
                found.add("list with a key")
    return found


def _lists_within(item: object) -> bool:
    spec = getattr(item, "spec", None)
    return spec is not None and any(
        isinstance(each.type, ListType) and hasattr(each.type.item, "spec") for each in spec.fields(-1)
    )
