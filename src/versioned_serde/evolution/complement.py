"""What a lossy way could not carry, kept in the object it concerns.

A step that goes one way and comes back with something else leaves an entry: what it wrote (the witness), what it left
absent, and what was lost (kept). On the way back the entry is restored whole, if all of that still stands; otherwise it
is dropped. A writer drops entries that no longer hold at once, because a later edit that happens to bring back the old
value must not bring back what was lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from versioned_serde.errors import ConversionError, ReadError
from versioned_serde.evolution.binding import Binding
from versioned_serde.evolution.elements import drop_gone, standing
from versioned_serde.evolution.results import called, checked
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, Shape, Type, UnionType
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, complement, copied, objects, same

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LossyWay:
    """One direction of a step that computes attributes from attributes.

    Attributes:
        step: the step as declared, for errors.
        id: the step's id.
        direction: where this way leads.
        inputs: attribute -> type in the form that it comes from.
        outputs: attribute -> type in the form that it makes.
        forward: the inputs that are present -> the outputs that shall be present.
        backward: the other way, to find out what is lost.
        typed: `Binding.typed`.
    """

    step: str
    id: str
    direction: Literal["up", "down"]
    inputs: Mapping[str, Type]
    outputs: Mapping[str, Type]
    forward: Callable[[Values], Values]
    backward: Callable[[Values], Values]
    typed: Callable[[str, Type, Any], Any]

    def __call__(self, tree: Tree) -> None:
        """Converts one object in place.

        Raises:
            ConversionError: the step's function failed, or the result would overwrite an undeclared attribute.
        """
        present = {name: tree[name] for name in self.inputs if name in tree}
        entry = take(tree, self.id, "down" if self.direction == "up" else "up")
        if entry is not None and self._witnessed(entry, present):
            # Copied, because a writer goes this way on trial, and other steps change on what this one gives.
            result = {name: copied(self.typed(name, self.outputs[name], value)) for name, value in entry.kept.items()}
        else:
            result = self._computed(present)
            if not self._returns(result, present):
                absent = tuple(name for name in self.outputs if name not in result)
                witness, kept = _held(result, self.outputs), _held(present, self.inputs)
                put(tree, Entry(self.id, self.direction, witness, kept, absent))
        for name in present:
            del tree[name]
        for name in self.outputs:
            # Nor may it stand where an output stays absent: it would pass for a value of the output's type.
            if name in tree:
                raise ConversionError(
                    f"{self.step} makes `{name}`, which the record already holds as an unknown attribute.",
                    step=self.step,
                    hint="Names are never used again; find out who wrote it.",
                )
        tree.update(result)

    def _witnessed(self, entry: Entry, present: Values) -> bool:
        holds = (
            entry.witness.keys() == present.keys()
            and entry.kept.keys() <= self.outputs.keys()
            and all(
                same(self.typed(name, self.inputs[name], value), present[name]) for name, value in entry.witness.items()
            )
        )
        entry.stale = not holds
        return holds

    def _computed(self, present: Values) -> Values:
        return self._of_their_types(called(self.step, self.direction, self.forward, copied(present)))

    def _of_their_types(self, result: Values) -> Values:
        done: Values = {}
        for name, value in result.items():
            try:
                done[name] = checked(self.step, self.outputs[name], value)
            except ConversionError as error:
                raise error.inside(name) from None
        return done

    def _returns(self, result: Values, present: Values) -> bool:
        try:
            return same(self.backward(copied(result)), present)
        except Exception:  # noqa: BLE001 - whatever a user's function raises: then the way back loses everything
            return False


def _held(values: Values, types: Mapping[str, Type]) -> dict[str, Raw | Typed]:
    return {name: Typed(types[name], copied(value)) for name, value in values.items()}


def take(tree: Tree, step: str, direction: Literal["up", "down"]) -> Entry | None:
    """Removes and returns the entry of a step and direction, or None."""
    entries = complement(tree)
    for entry in entries:
        if entry.step == step and entry.direction == direction:
            _keep(tree, [other for other in entries if other is not entry])
            return entry
    return None


def put(tree: Tree, entry: Entry) -> None:
    """Adds an entry in place of what the same step left before."""
    tree[COMPLEMENT] = [*(other for other in complement(tree) if other.step != entry.step), entry]


def _keep(tree: Tree, entries: list[Entry]) -> None:
    if entries:
        tree[COMPLEMENT] = entries
    else:
        tree.pop(COMPLEMENT, None)


def drop_stale(tree: Tree, shape: Shape, binding: Binding, down: Callable[[Tree], None]) -> None:
    """Drops, at every level, the entries whose witness no longer holds. Every writer does this.

    Args:
        tree: a record as its writer knows it, after the edit.
        shape: its shape.
        binding: any binding of the schema, for its `typed`.
        down: takes a tree of this shape down to the oldest listed version.
    """
    entries = [entry for node in objects(tree) for entry in complement(node)]
    if not entries:
        return
    for node, node_shape in shaped(tree, shape):
        for entry in complement(node):
            # What an older form says of itself can be compared as it stands: between the record's version and the
            # step there is no other step that changes names or types (one raising version in flight).
            if entry.direction == "down":
                entry.stale = not _holds(entry, node, node_shape, binding)
    if any(entry.direction == "up" for entry in entries):
        # What a newer form was made from is compared where it was made, so the tree goes back there on trial. Entries
        # are shared with the trial's copy, and the ways mark those that they refuse.
        down(copied(tree))
    for node in objects(tree):
        if held := complement(node):
            _keep(node, [drop_gone(entry) for entry in held if not entry.stale])


def _holds(entry: Entry, node: Tree, shape: Shape, binding: Binding) -> bool:
    if entry.each is not None:
        about = shape.get(entry.each)
        return about is not None and bool(standing(entry, about.type, node.get(entry.each), binding.typed))
    if any(name in node for name in entry.absent):
        return False
    for name, value in entry.witness.items():
        if name not in node:
            return False
        attribute = shape.get(name)
        try:
            written = value if attribute is None else binding.typed(name, attribute.type, value)
        except ReadError:
            return False  # not of the attribute's type, so it is not what stands there
        if not same(written, node[name]):
            return False
    return True


def rename_witness(tree: Tree, old: str, new: str) -> None:
    """Has the witnesses follow an attribute that a step gives another name on the way down, or back up.

    What a step wrote on the way down is named as in the record, because hosts that know nothing of the step compare
    it there. What it wrote on the way up is compared only where the step made it.
    """
    if entries := complement(tree):
        tree[COMPLEMENT] = [
            replace(
                entry,
                witness=entry.witness
                if entry.each is not None
                else {new if name == old else name: value for name, value in entry.witness.items()},
                absent=tuple(new if name == old else name for name in entry.absent),
                each=new if entry.each == old else entry.each,
            )
            if entry.direction == "down"
            else entry
            for entry in entries
        ]


def shaped(tree: Tree, shape: Shape) -> Iterator[tuple[Tree, Shape]]:
    """Every declared object of a tree with its shape, of types that can be taken out, outermost first."""
    shape = shape.unrolled
    yield tree, shape
    for attribute in shape.attributes:
        if attribute.name in tree:
            yield from _within(tree[attribute.name], attribute.type)


def _within(value: Any, type_: Type) -> Iterator[tuple[Tree, Shape]]:
    if isinstance(type_, NullableType):
        if value is None:
            return
        type_ = type_.inner
    match type_:
        case ObjectType(shape=shape):
            yield from shaped(value, shape)
        case UnionType(discriminator=discriminator):
            if (arm := type_.arm(value.get(discriminator))) is not None:
                yield from shaped(value, arm.shape)
        case ListType(item=item):
            for element in value:
                yield from _within(element, item)
        case MapType(value=item):
            for element in value.values():
                yield from _within(element, item)
        case _:
            return
