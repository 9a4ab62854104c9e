"""`rekey`: other keys in a map. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from versioned_serde.errors import ConversionError, DeclarationError, ReadError
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.complement import put, take
from versioned_serde.evolution.elements import ELEMENT, Decoded, standing
from versioned_serde.evolution.results import called, checked
from versioned_serde.evolution.steps.step import KEYS, BoundStep, Path, Step
from versioned_serde.shape import Constant, MapType, NullableType, Scalar, Shape, Type
from versioned_serde.tree import Entry, Raw, Tree, Typed, copied, same


class rekey(Step):
    """The keys of a map have another text; the values stay as they are.

    Where several keys become the same, one of them shows its value: the one that comes back, or the first in the
    order of the alphabet. The others are kept in the record, and so is a key that would not come back. They are
    restored on the way back while the map still has the key that they became.

    Args:
        name: wire name of the attribute that holds the map; null and absent stay what they are.
        up: older key -> newer key, both `str`.
        down: newer key -> older key.
    """

    def __init__(self, name: str, *, up: Callable[[str], str], down: Callable[[str], str]) -> None:
        self.name = name
        self.up = up
        self.down = down

    def __repr__(self) -> str:
        return f"rekey({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        if not isinstance(_some(attribute.type), MapType):
            raise self.refuse(
                f"names `{self.name}`, which is not a map.", "Use `rename` for the name of an attribute of an object."
            )
        default = attribute.default
        if not isinstance(default, Constant) or default.value is None:
            return replace(newer)  # see `Step.older`: the attributes are the same, the records are not
        try:
            older = {self.down(key): value for key, value in default.value.items()}
            comes_back = same({self.up(key): value for key, value in older.items()}, default.value)
            stated = Constant(self.constant(describer, attribute.type, older))
        except DeclarationError:
            raise
        except Exception as error:
            raise self.fails_on_default(error) from error
        if not comes_back:
            raise self.refuse(
                "has a default whose keys do not come back, so the two forms would mean different values.",
                "Take the default out by `redefault` in an earlier version, or choose functions that bring it back.",
            )
        return newer.with_attribute(replace(attribute, default=stated), instead_of=self.name)

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset({(self.name, KEYS)})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        old, new = self.attribute(binding.older, self.name).type, self.attribute(binding.newer, self.name).type
        step, typed = repr(self), binding.typed
        return BoundStep(
            _Way(step, binding.id, "up", self.name, old, self.up, self.down, typed),
            _Way(step, binding.id, "down", self.name, new, self.down, self.up, typed),
        )


def _some(type_: Type) -> Type:
    return type_.inner if isinstance(type_, NullableType) else type_


@dataclass(frozen=True, slots=True)
class _Way:
    """One direction.

    Attributes:
        step: the step as declared, for errors.
        id: the step's id.
        direction: where this way leads.
        name: the attribute.
        type: its type in the form that it comes from.
        forward: key -> key.
        backward: the other way.
        typed: `Binding.typed`.
    """

    step: str
    id: str
    direction: Literal["up", "down"]
    name: str
    type: Type
    forward: Callable[[str], str]
    backward: Callable[[str], str]
    typed: Decoded

    def __call__(self, tree: Tree) -> None:
        """Converts one object in place.

        Raises:
            ConversionError: the step's function failed, or gave what is not a `str`.
        """
        entry = take(tree, self.id, "down" if self.direction == "up" else "up")
        values = tree.get(self.name)
        if values is None:
            if entry is not None:
                entry.stale = True
            return
        try:
            result, sources = self._converted(values, entry)
        except ConversionError as error:
            raise error.inside(self.name) from error.__cause__
        tree[self.name] = result
        # In the order of the alphabet, so that the bytes do not depend on that of the map.
        lost = {} if self._returns(result, values) else self._lost(sources)
        if lost:
            kept: dict[str, Raw | Typed] = {
                key: Typed(_some(self.type), {source: copied(values[source]) for source in sorted(group)})
                for key, group in lost.items()
            }
            put(tree, Entry(self.id, self.direction, {}, kept, each=self.name))

    def _converted(self, values: Tree, entry: Entry | None) -> tuple[Tree, dict[str, list[str]]]:
        """The other map, and for each of its keys the keys that became it."""
        restored = {} if entry is None or entry.each is None else self._restored(entry, values)
        sources: dict[str, list[str]] = {}
        for key in values:
            target = self._chosen(key, restored[key], self.forward) if key in restored else self._key(key)
            sources.setdefault(target, []).append(key)
        result = {key: values[self._chosen(key, group, self.backward)] for key, group in sources.items()}
        for key, kept in restored.items():
            for other, value in kept.items():
                if other != self._chosen(key, kept, self.forward):
                    result.setdefault(other, value)
        return result, sources

    def _restored(self, entry: Entry, values: Tree) -> dict[str, Tree]:
        """For the keys of which the entry holds: what became them, with the values."""
        restored: dict[str, Tree] = {}
        for key in standing(entry, self.type, values, self.typed):
            try:
                kept = self.typed(ELEMENT, _some(self.type), entry.kept[key])
            except ReadError as error:
                raise error.inside(self.name) from error.__cause__
            if kept:
                restored[key] = copied(kept)
        return restored

    def _key(self, key: str) -> str:
        try:
            found: str = checked(self.step, Scalar("str"), called(self.step, self.direction, self.forward, key))
        except ConversionError as error:
            raise error.inside(ELEMENT) from error.__cause__
        return found

    def _chosen(self, key: str, sources: Collection[str], function: Callable[[str], str]) -> str:
        """Which of the keys that became this one shows its value. It depends on no order: some codecs keep none."""
        try:
            returning = function(key)
        except Exception:  # noqa: BLE001 - whatever a user's function raises: then none of them comes back
            return min(sources)
        return returning if returning in sources else min(sources)

    def _returns(self, result: Tree, values: Tree) -> bool:
        """Whether the way back finds all of it without an entry."""
        back: dict[Any, list[str]] = {}
        try:
            for key in result:
                back.setdefault(self.backward(key), []).append(key)
        except Exception:  # noqa: BLE001 - whatever a user's function raises: then the way back loses everything
            return False
        return back.keys() == values.keys() and all(
            same(result[self._chosen(key, group, self.forward)], values[key]) for key, group in back.items()
        )

    def _lost(self, sources: dict[str, list[str]]) -> dict[str, list[str]]:
        lost: dict[str, list[str]] = {}
        for key, group in sources.items():
            try:
                if group == [self.backward(key)]:
                    continue
            except Exception:  # noqa: BLE001, S110 - as above
                pass
            lost[key] = group
        return lost
