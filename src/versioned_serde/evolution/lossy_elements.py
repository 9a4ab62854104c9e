"""A lossy way for each element of a list or map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from versioned_serde.errors import ConversionError, ReadError
from versioned_serde.evolution.complement import put, take
from versioned_serde.evolution.elements import ELEMENT, Decoded, alike, element_type, standing
from versioned_serde.evolution.results import called, checked
from versioned_serde.shape import Type
from versioned_serde.tree import Entry, Raw, Tree, Typed, copied, same


@dataclass(frozen=True, slots=True)
class LossyElements:
    """One direction of a step that computes each element of a list or map from the element that was there.

    Attributes:
        step: the step as declared, for errors.
        id: the step's id.
        direction: where this way leads.
        name: the attribute.
        source: its type in the form that it comes from.
        target: its type in the form that it is given.
        forward: element -> element.
        backward: the other way, to find out what is lost.
        typed: `Binding.typed`.
    """

    step: str
    id: str
    direction: Literal["up", "down"]
    name: str
    source: Type
    target: Type
    forward: Callable[[Any], Any]
    backward: Callable[[Any], Any]
    typed: Decoded

    def __call__(self, tree: Tree) -> None:
        """Converts one object in place.

        Raises:
            ConversionError: the step's function failed, or gave what is not of the type.
        """
        entry = take(tree, self.id, "down" if self.direction == "up" else "up")
        value = tree.get(self.name)
        if value is None:
            if entry is not None:
                entry.stale = True
            return
        try:
            tree[self.name], left = self._converted(value, entry)
        except ConversionError as error:
            raise error.inside(self.name) from error.__cause__
        if left is not None:
            put(tree, left)

    def _converted(self, value: Any, entry: Entry | None) -> tuple[Any, Entry | None]:
        """What becomes of the list or map, and the entry that this way leaves."""
        if entry is not None and entry.each is None:
            entry.stale = not self._is_whole(entry, value)
            if not entry.stale:
                return copied(self.typed(self.name, self.target, entry.kept[self.name])), None
            entry = None
        inner = element_type(self.target)
        assert inner is not None  # the step has made it so
        found = {} if entry is None else standing(entry, self.source, value, self.typed)
        places = list(value) if type(value) is dict else list(range(len(value)))
        results: dict[Any, Any] = {}
        lost: list[Any] = []
        for place in places:
            if entry is not None and place in found:
                # Copied, because a writer goes this way on trial, and other steps change on what this one gives.
                results[place] = copied(self.typed(ELEMENT, inner, entry.kept[found[place]]))
                continue
            try:
                result = called(self.step, self.direction, self.forward, copied(value[place]))
                results[place] = checked(self.step, inner, result)
            except ConversionError as error:
                raise error.inside(ELEMENT if type(value) is dict else f"[{place}]") from error.__cause__
            if not self._returns(results[place], value[place]):
                lost.append(place)
        made = results if type(value) is dict else list(results.values())
        return made, self._entry(value, made, lost) if lost else None

    def _is_whole(self, entry: Entry, value: Any) -> bool:
        try:
            return entry.witness.keys() == entry.kept.keys() == {self.name} and same(
                self.typed(self.name, self.source, entry.witness[self.name]), value
            )
        except ReadError:
            return False

    def _entry(self, value: Any, made: Any, lost: list[Any]) -> Entry:
        source, target = element_type(self.source), element_type(self.target)
        if type(made) is list:
            told = set(lost)
            names: list[int] = []
            for group in alike(made):
                if not told.isdisjoint(group):
                    if any(not same(value[index], value[group[0]]) for index in group):
                        whole = self._held(self.target, {self.name: made}), self._held(self.source, {self.name: value})
                        return Entry(self.id, self.direction, *whole)
                    names += group
            lost = names
        lost = sorted(lost)  # the order in which a codec gives a map back may be another than it was written in
        witness = self._held(target, {str(place): made[place] for place in lost})
        kept = self._held(source, {str(place): value[place] for place in lost})
        return Entry(self.id, self.direction, witness, kept, each=self.name)

    def _held(self, type_: Type | None, values: dict[str, Any]) -> dict[str, Raw | Typed]:
        return {name: Typed(type_, copied(value)) for name, value in values.items()}

    def _returns(self, result: Any, value: Any) -> bool:
        try:
            return same(self.backward(copied(result)), value)
        except Exception:  # noqa: BLE001 - whatever a user's function raises: then the way back loses everything
            return False
