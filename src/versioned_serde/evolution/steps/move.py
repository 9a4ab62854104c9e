"""`move`: an attribute goes into or out of an object. Raises min_reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.moving import End, MovingWay, attribute_at, changed_at, is_certain, object_of
from versioned_serde.evolution.steps.step import KEYS, BoundStep, Path, Step
from versioned_serde.shape import Attribute, Constant, NullableType, ObjectType, Shape


class move(Step):
    """An attribute stands in another object of the same tree of objects; its value stays as it is.

    Where all attributes of an object were moved into it, it is new; where all were moved out of it, it is gone, and was
    required. What else records hold in such an object stays with it. Another object that may be absent or null is made
    where a value needs it, and is gone again on the way back if nothing else was done to it. Only the object itself may
    be absent or null, not those around it.

    Args:
        source: where the attribute was: `"ship_street"`, or `"ship_to.street"`.
        target: where it is.
    """

    def __init__(self, source: str, target: str) -> None:
        self.source = source
        self.target = target
        self._from: Path = tuple(source.split("."))
        self._to: Path = tuple(target.split("."))

    def __repr__(self) -> str:
        return f"move({self.source!r}, {self.target!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        if self._from[0] == self._to[0]:
            raise self.refuse(
                f"begins with `{self._from[0]}` on both sides.",
                f"Say the change of that object with `within({self._from[0]!r}, ...)`.",
            )
        if len(self._from) == len(self._to) == 1:
            raise self.refuse("leaves the attribute in the same object.", "Use `rename`.")
        target = self._place(newer, self._to)
        attribute = self.attribute(target.shape, self._to[-1])
        source = self._source(newer)
        if source is None:
            inner = Shape(self._from[-2], (replace(attribute, name=self._from[-1]),))
            older = changed_at(
                newer, self._from[:-2], lambda shape: shape.with_attribute(Attribute(inner.name, ObjectType(inner)))
            )
        else:
            self.unused(source.shape, self._from[-1])
            self._check(source, attribute, source.shape)
            moved = replace(attribute, name=self._from[-1])
            older = changed_at(newer, self._from[:-1], lambda shape: shape.with_attribute(moved))
        rest = target.shape.without(attribute.name)
        self._check(target, attribute, rest if rest.attributes else None)
        if target.holder is not None and not rest.attributes:
            return changed_at(older, self._to[:-2], lambda shape: shape.without(self._to[-2]))
        return changed_at(older, self._to[:-1], lambda shape: shape.without(attribute.name))

    def _source(self, newer: Shape) -> _Place | None:
        """The object that the attribute left, or None if it is gone with it."""
        if len(self._from) > 1 and self._place(newer, self._from[:-1]).shape.get(self._from[-2]) is None:
            return None
        return self._place(newer, self._from)

    def _place(self, shape: Shape, path: Path) -> _Place:
        holder: Attribute | None = None
        for name in path[:-1]:
            if holder is not None and not is_certain(holder):
                raise self.refuse(
                    f"leads through `{holder.name}`, which may be absent or null.",
                    f"Make it required, or say the change of that object with `within({holder.name!r}, ...)`.",
                )
            holder = self.attribute(shape, name)
            inner = object_of(holder)
            if inner is None:
                raise self.refuse(
                    f"leads through `{name}`, which is not an object.",
                    "An attribute moves among objects, not into or out of a list, a map or a union; use `replace`.",
                )
            if isinstance(holder.default, Constant) and holder.default.value is not None:
                raise self.refuse(
                    f"leads through `{name}`, whose default is an object that would have to change too.",
                    "Make it required or null by default in an earlier version, or use `replace`.",
                )
            shape = inner
        return _Place(shape, holder)

    def _check(self, place: _Place, attribute: Attribute, others: Shape | None) -> None:
        """Refuses what could not be carried in every record.

        Args:
            place: one of the two objects.
            attribute: what is moved.
            others: what else the object has; None if it comes and goes with what is moved.
        """
        if place.holder is None or is_certain(place.holder):
            return
        name = place.holder.name
        if attribute.always_written:
            raise self.refuse(
                f"moves an attribute that is always written, but `{name}` may be absent or null.",
                f"Make `{name}` required, or give the attribute a constant default.",
            )
        if others is not None and any(each.always_written for each in others.attributes):
            raise self.refuse(
                f"cannot make `{name}` where it is absent or null, because other attributes of it are always written.",
                f"Make `{name}` required, or use `replace`.",
            )

    def converts(self, shape: Shape) -> frozenset[Path]:
        # Where an object is made for the value, nothing else may be done to it: it has to be found as it was made.
        paths = (self._from[:-1], self._to[:-1])
        found = [(path, attribute_at(shape, path)) for path in paths if path]
        return frozenset(path for path, holder in found if holder is not None and not is_certain(holder))

    def reaches(self, shape: Shape) -> frozenset[Path]:
        here = {path for path in (self._from, self._to) if attribute_at(shape, path) is not None}
        # What a step keeps of keys stands beside the attribute, and would be left behind.
        return frozenset(here) | {(*path, KEYS) for path in here} | self.converts(shape)

    def goes_with(self, other: Step) -> bool:
        return isinstance(other, move)

    def before(self, path: Path, newer: Shape) -> Path:
        count = len(self._to)
        return (*self._from, *path[count:]) if path[:count] == self._to else path

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        source = self._end(binding, self._from, binding.older, binding.newer)
        target = self._end(binding, self._to, binding.newer, binding.older)
        return BoundStep(
            MovingWay(repr(self), binding.id, "up", source, target),
            MovingWay(repr(self), binding.id, "down", target, source),
        )

    def _end(self, binding: Binding, path: Path, having: Shape, lacking: Shape) -> End:
        """One end of the way.

        Args:
            binding: the step's.
            path: of the attribute.
            having: the shape in which the attribute is there.
            lacking: the shape in which it is at the other end.
        """
        attribute = attribute_at(having, path)
        assert attribute is not None  # `older` has made it so
        if len(path) == 1:
            return End((), attribute, None, (), comes_and_goes=False, typed=binding.typed)
        holder = attribute_at(having, path[:-1])
        inner = None if holder is None else object_of(holder)
        assert holder is not None
        assert inner is not None
        others = inner.without(attribute.name)
        type_ = NullableType(ObjectType(others)) if isinstance(holder.type, NullableType) else ObjectType(others)
        return End(
            path[:-2],
            attribute,
            replace(holder, type=type_),
            others.names,
            comes_and_goes=attribute_at(lacking, path[:-1]) is None,
            typed=binding.typed,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """An object that the attribute enters or leaves.

    Attributes:
        shape: its own.
        holder: the attribute that it is the value of; None for the outermost object.
    """

    shape: Shape
    holder: Attribute | None
