"""What must be true of a record, told without trees, steps, complements and bytes.

A record is thought of as being in every form at once. Whoever edits one form sets the attributes of the others that
follow from what changed, and only those: what did not change keeps its counterpart in the other forms, however lossy
the way there is. The library stores one form and has to behave as if it stored all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.laws.oracle import min_readers
from versioned_serde.shape import Constant, ListType, MapType, NullableType
from versioned_serde.testing.histories import KIND, Change, Choice, Field, History, Nested, Spec, places, specs_in
from versioned_serde.tree import same

LOSSY = ("retype", "replace", "widen_enum", "split", "merge", "retype_each", "rekey")


class AmbiguousError(Exception):
    """It cannot be told which element of a list is which."""


class Node:
    """One object in all its forms, by stage. Lists, maps and objects within it are shared among the forms."""

    def __init__(self, spec: Spec, stage: int, content: dict[str, Any]) -> None:
        self.spec = spec
        self.forms: list[dict[str, Any]] = [{} for _ in spec.stages]
        self.forms[stage] = content
        for index in range(stage, len(spec.changes)):
            self.forms[index + 1] = _carried(spec.changes[index], True, None, self.forms[index], {})
        for index in range(stage - 1, -1, -1):
            self.forms[index] = _carried(spec.changes[index], False, None, self.forms[index + 1], {})

    def assign(self, stage: int, content: dict[str, Any]) -> None:
        """Gives one form other attributes; the other forms follow where something changed."""
        before = self.forms
        after = list(before)
        after[stage] = content
        for index in range(stage, len(self.spec.changes)):
            after[index + 1] = _carried(self.spec.changes[index], True, before[index], after[index], before[index + 1])
        for index in range(stage - 1, -1, -1):
            after[index] = _carried(self.spec.changes[index], False, before[index + 1], after[index + 1], before[index])
        self.forms = after

    def declared(self, stage: int) -> dict[str, Any]:
        """What a form declares and has."""
        names = {each.name for each in self.spec.fields(stage)}
        return {name: value for name, value in self.forms[stage].items() if name in names}


class Items(list[Any]):
    """A list that may hold objects; compared by identity among forms."""


class Entries(dict[str, Any]):
    """A map that may hold objects; compared by identity among forms."""


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, Node | Items | Entries) or isinstance(other, Node | Items | Entries):
        return one is other
    return same_plain(one, other)


def _carried(
    change: Change, up: bool, before: dict[str, Any] | None, after: dict[str, Any], there: dict[str, Any]
) -> dict[str, Any]:
    """The form on the other side of a change."""
    sources, targets = (change.inputs, change.outputs) if up else (change.outputs, change.inputs)
    rest = {name: value for name, value in after.items() if name not in sources}
    now = {name: after[name] for name in sources if name in after}
    if before is not None:
        then = {name: before[name] for name in sources if name in before}
        if then.keys() == now.keys() and all(alike(then[name], now[name]) for name in now):
            return rest | {name: there[name] for name in targets if name in there}
        if change.follow is not None and then and now:
            return rest | change.follow(up, then, now, {name: there[name] for name in targets})
    return rest | (change.up if up else change.down)(now)


class Record:
    """One stored record.

    Attributes:
        history: its schema.
        version: the version that it is stored in.
        root: its content.
    """

    def __init__(self, history: History, host: int, writes: int, plain: Any) -> None:
        self.history = history
        self.version = writes
        self.root: Node = imported(Nested(history.root), plain, host)
        self._settle(host, writes)

    # Reading --------------------------------------------------------------------------------------------------------

    def view(self, host: int, *, presence: bool) -> Any:
        """What a host sees.

        Args:
            host: the newest version that it lists.
            presence: whether to show only what is present, or also defaults.
        """
        seen = deepcopy(self, _specs(self.history))
        seen._rise(host)
        return shown(Nested(self.history.root), seen.root, host, presence=presence)

    def holds_more(self, version: int) -> bool:
        """Whether the record in the form of a version holds more than that version declares."""
        return _holds(Nested(self.history.root), self.root, version)

    # Editing --------------------------------------------------------------------------------------------------------

    def edited(self, host: int, writes: int, before: Any, after: Any, keys: Mapping[str, str]) -> Record:
        """The record after an edit.

        Args:
            host: the newest version that the editor lists.
            writes: the version that the editor writes.
            before: what the editor saw, in plain form.
            after: what it left; `source` tells which object is which.
            keys: the declared keys at the host's version.
        """
        result = deepcopy(self, _specs(self.history))
        result._rise(host)
        _Merge(host, keys).object(result.root, before, after, "")
        result.version = max(self.version, writes)
        result._settle(host, result.version)
        return result

    def _rise(self, host: int) -> None:
        """What reading writes out: fills of added attributes, and that purged values are gone."""
        low = min(self.version, host)
        # Editors below min_reader have not touched the record, so what older versions always write is there.
        for version in range(min(self.version + 1, min_readers(self.history)[self.version - 1] + 1), host + 1):
            reached = (
                _reached(self.root, version, {version - 1, version}, any)
                if version > low
                else _reached(self.root, version, {version, low}, all)
            )
            for node in list(reached):
                for index, change in enumerate(node.spec.changes):
                    if change.version != version:
                        continue
                    form = node.forms[index + 1]
                    if change.verb == "add" and change.fill is not None and change.name not in form:
                        added = node.spec.field(change.name, index + 1)
                        assert added is not None
                        seed = change.fill(node.declared(index))
                        node.assign(index + 1, {**form, change.name: imported(added.type, seed, version)})
                    if change.purge and version > low and change.name in node.forms[index]:
                        kept = {name: value for name, value in node.forms[index].items() if name != change.name}
                        node.assign(index, kept)

    def _settle(self, host: int, writes: int) -> None:
        """What writing an older form writes out, and what a record without a tag cannot hold."""
        for version in range(host, writes, -1):
            for node in list(_reached(self.root, version, {version - 1, version}, any)):
                for index, change in reversed(list(enumerate(node.spec.changes))):
                    form = node.forms[index]
                    if change.version != version or change.verb != "remove" or change.fill is None:
                        continue
                    if change.name not in form:
                        gone = node.spec.field(change.name, index)
                        assert gone is not None
                        fill = change.fill(node.declared(index + 1))
                        node.assign(index, {**form, change.name: imported(gone.type, fill, version - 1)})
        if self.history.forms[writes - 1].framing == "bare":
            for node in list(_reached(self.root, writes, {writes}, all)):
                stage = node.spec.stage(writes)
                node.forms = Node(node.spec, stage, node.declared(stage)).forms


def _specs(history: History) -> dict[int, Any]:
    """A memory for `deepcopy` in which descriptions are not copied."""
    return {id(history): history, **{id(spec): spec for spec in all_specs(history)}}


def all_specs(history: History) -> list[Spec]:
    found: dict[int, Spec] = {id(history.root): history.root}
    for version in range(1, history.newest + 1):
        for spec, _, _ in places(history.root, version):
            found[id(spec)] = spec
    return list(found.values())


def _reached(node: Node, version: int, declaring: set[int], enough: Callable[[Iterable[bool]], bool]) -> Iterator[Node]:
    """The objects at places that any or all of some versions declare."""
    yield node
    stages = [node.spec.stage(each) for each in declaring]
    for name, value in {**node.forms[min(stages)], **node.forms[max(stages)]}.items():
        if enough(node.spec.field(name, stage) is not None for stage in stages):
            for nested in _nodes(value):
                yield from _reached(nested, version, declaring, enough)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, Items):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, Entries):
        for item in value.values():
            yield from _nodes(item)


def imported(type_: Any, plain: Any, version: int) -> Any:
    """A plain value as one of a record, given in the form of a version."""
    if plain is None or not any(specs_in(type_)):
        return deepcopy(plain)
    match type_:
        case NullableType(inner=inner):
            return imported(inner, plain, version)
        case ListType(item=item):
            return Items(imported(item, element, version) for element in plain)
        case MapType(value=inner):
            return Entries({name: imported(inner, element, version) for name, element in plain.items()})
        case Choice(arms=arms):
            return imported(Nested(dict(arms)[plain[KIND]]), plain, version)
    spec: Spec = type_.spec
    stage = spec.stage(version)
    types = {each.name: each.type for each in spec.fields(stage)}
    return Node(spec, stage, {name: imported(types[name], value, version) for name, value in plain.items()})


def risen(history: History, type_: Any, plain: Any, low: int, high: int) -> Any:
    """A plain value of an older version as a newer one shows it, where nothing between raises min_reader."""
    holder = Spec("Holder", [(Field("held", type_),)])
    record = Record(History(holder, history.forms, keyed=history.keyed), low, low, {"held": plain})
    return record.view(high, presence=True)["held"]


def shown(type_: Any, value: Any, version: int, *, presence: bool) -> Any:
    """The other way."""
    if isinstance(type_, NullableType):
        type_ = type_.inner
    if isinstance(value, Items):
        return [shown(type_.item, item, version, presence=presence) for item in value]
    if isinstance(value, Entries):
        return {name: shown(type_.value, item, version, presence=presence) for name, item in value.items()}
    if not isinstance(value, Node):
        return value
    stage = value.spec.stage(version)
    result = {}
    for each in value.spec.fields(stage):
        if each.name in value.forms[stage]:
            result[each.name] = shown(each.type, value.forms[stage][each.name], version, presence=presence)
        elif not presence and isinstance(each.default, Constant):
            result[each.name] = each.default.value
    return result


def _holds(type_: Any, value: Any, version: int) -> bool:
    return any(
        node.forms[stage := node.spec.stage(version)].keys() - node.declared(stage).keys() or _has_lost(node, stage)
        for root in _nodes(value)
        for node in _reached(root, version, {version}, all)
    )


def _has_lost(node: Node, stage: int) -> bool:
    """Whether a form other than the one at the stage holds what cannot be computed from it."""
    for index, change in enumerate(node.spec.changes):
        if change.verb not in LOSSY or not change.inputs:
            continue
        below = {name: node.forms[index][name] for name in change.inputs if name in node.forms[index]}
        above = {name: node.forms[index + 1][name] for name in change.outputs if name in node.forms[index + 1]}
        if change.shows_default:
            below = below or _implied(node, change.inputs[0], index)
            above = above or _implied(node, change.outputs[0], index + 1)
        if not (same_plain(change.down(above), below) if index < stage else same_plain(change.up(below), above)):
            return True
    return False


def _implied(node: Node, name: str, stage: int) -> dict[str, Any]:
    declared = node.spec.field(name, stage)
    assert declared is not None
    return {name: declared.default.value} if isinstance(declared.default, Constant) else {}


class _Merge:
    def __init__(self, host: int, keys: Mapping[str, str]) -> None:
        self.host = host
        self.keys = keys

    def object(self, node: Node, before: Any, after: Any, path: str) -> None:
        stage = node.spec.stage(self.host)
        content = dict(node.forms[stage])
        for each in node.spec.fields(stage):
            name = each.name
            place = f"{path}.{name}" if path else name
            if name not in after:
                content.pop(name, None)
            elif name not in before or name not in content:
                if name not in before or not same(before[name], after[name]):
                    content[name] = imported(each.type, after[name], self.host)
            else:
                content[name] = self.value(each.type, content[name], before[name], after[name], place)
        node.assign(stage, content)

    def value(self, type_: Any, here: Any, before: Any, after: Any, path: str) -> Any:
        if isinstance(type_, NullableType):
            type_ = type_.inner
        if before is None or after is None or not any(specs_in(type_)):
            return here if same_plain(before, after) else imported(type_, after, self.host)
        match type_:
            case ListType(item=item):
                here[:] = self.elements(item, list(here), before, after, path)
                return here
            case MapType(value=inner):
                kept = dict(here)
                here.clear()
                for name, element in after.items():
                    known = name in kept and name in before
                    here[name] = (
                        self.value(inner, kept[name], before[name], element, path)
                        if known
                        else imported(inner, element, self.host)
                    )
                return here
            case Choice(arms=arms) if dict(arms)[after[KIND]] is not here.spec:
                return imported(type_, after, self.host)
        self.object(here, before, after, path)
        return here

    def elements(self, item: Any, here: list[Any], before: Any, after: Any, path: str) -> list[Any]:
        matched = self._matched(here, before, after, self.keys.get(path))
        return [
            imported(item, element, self.host)
            if source is None
            else self.value(item, here[source], before[source], element, path)
            for element, source in zip(after, matched, strict=True)
        ]

    def _matched(self, here: list[Any], before: Any, after: Any, key: str | None) -> list[int | None]:
        if same_plain(list(before), list(after)) and (key is not None or not self._identical(before, after)):
            return list(range(len(after)))
        result: list[int | None] = [None] * len(after)
        if key is not None:
            for wanted in {element[key] for element in after}:
                sources = [index for index, element in enumerate(before) if element[key] == wanted]
                targets = [index for index, element in enumerate(after) if element[key] == wanted]
                if len(sources) == len(targets) == 1:
                    result[targets[0]] = sources[0]
                elif any(self._unknown(here[source]) for source in sources):
                    raise AmbiguousError
        free = set(range(len(before))) - set(result)
        for target, source in self._identical(before, after):
            if result[target] is None and source in free:
                result[target] = source
                free.discard(source)
        if key is not None:
            return result
        fresh = [target for target, source in enumerate(result) if source is None]
        for target in fresh:
            sources = [source for source in free if same_plain(before[source], after[target])]
            twins = [other for other in fresh if same_plain(after[other], after[target])]
            if len(sources) == len(twins) == 1:
                result[target] = sources[0]
        lost = free - set(result)
        if None in result and any(self._unknown(here[source]) for source in lost):
            raise AmbiguousError
        return result

    def _unknown(self, value: Any) -> bool:
        return _holds(None, value, self.host)

    @staticmethod
    def _identical(before: Any, after: Any) -> list[tuple[int, int]]:
        sources = {id(element.source): index for index, element in enumerate(before) if hasattr(element, "source")}
        return [
            (index, sources[id(element.source)])
            for index, element in enumerate(after)
            if hasattr(element, "source") and id(element.source) in sources
        ]


def same_plain(one: Any, other: Any) -> bool:
    """`tree.same`, where dicts and lists may know their source."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_plain(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_plain, one, other))
    return same(one, other)
