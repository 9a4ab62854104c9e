"""`widen_enum`: members more. Keeps min_reader where every reader declares the enum open."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.complement import LossyWay, Values
from versioned_serde.evolution.steps.step import BoundStep, Step, unchanged
from versioned_serde.shape import Constant, EnumType, ListType, MapType, NullableType, Shape, Type


class widen_enum(Step):
    """The enum of an attribute has more members, or became open.

    An enum is open where its annotation also allows the plain value (`Color | str`): a reader then holds an unknown
    member as it came. A closed one needs `down`, which says what its old readers get instead.

    Args:
        name: wire name of an attribute whose type is an enum, perhaps nullable, or a list or map of enums.
        members: the new members, as members or as raw values.
        down: new raw value -> old raw value, as a mapping or a pure function; only for a closed enum.
        was_closed: the enum is open now and was closed before.
    """

    def __init__(
        self,
        name: str,
        *members: str | int | enum.Enum,
        down: Mapping[Any, Any] | Callable[[Any], Any] | None = None,
        was_closed: bool = False,
    ) -> None:
        self.name = name
        self.members: tuple[str | int, ...] = tuple(_raw(member) for member in members)
        self.down: Mapping[Any, Any] | Callable[[Any], Any] | None = (
            {_raw(new): _raw(old) for new, old in down.items()} if isinstance(down, Mapping) else down
        )
        self.was_closed = was_closed

    def __repr__(self) -> str:
        return f"widen_enum({', '.join(map(repr, (self.name, *self.members)))})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        found = _enum_within(attribute.type)
        if found is None:
            raise self.refuse(f"names `{self.name}`, which is not an enum.", "Use `retype` for another type.")
        if unknown := [member for member in self.members if member not in found.members]:
            raise self.refuse(
                f"adds {', '.join(map(repr, unknown))}, which the enum does not have at that version.",
                f"It has {', '.join(map(repr, found.members))}.",
            )
        if not self.members and not self.was_closed:
            raise self.refuse("adds no member.", "Name the members, or take the step out.")
        if len(self.members) == len(found.members):
            raise self.refuse("leaves the older enum without members.", "Use `add` for a new attribute.")
        if self.was_closed and not found.open:
            raise self.refuse(
                "says that the enum became open, but it is closed.",
                "Declare it open (`Color | str`), or leave `was_closed` out.",
            )
        older = replace(
            found,
            members=cast("tuple[str, ...]", tuple(member for member in found.members if member not in self.members)),
            open=found.open and not self.was_closed,
            cls=None,
        )
        if older.open and self.down is not None:
            raise self.refuse("has `down`, but its older readers hold unknown members.", "Leave `down` out.")
        if not older.open and self.down is None:
            raise self.refuse(
                "gives older readers members that they refuse.",
                "Say what they get instead with `down={new: old}`, or declare the enum open first (`Color | str`).",
            )
        if self.was_closed and isinstance(self.down, Mapping):
            raise self.refuse(
                "opens the enum, so newer records may hold any value, and a mapping cannot name them all.",
                "Give a function as `down`.",
            )
        if not older.open and (
            missing := [member for member in self.members if self._lowered(member) not in older.members]
        ):
            raise self.refuse(
                f"does not say which older member stands for {', '.join(map(repr, missing))}.",
                f"Older members are {', '.join(map(repr, older.members))}.",
            )
        type_ = _replaced(attribute.type, older)
        default = attribute.default
        if isinstance(default, Constant) and _holds(default.value, self.members):
            raise self.refuse("adds the member that is the default.", "Say `redefault` in a later version.")
        return newer.with_attribute(replace(attribute, type=type_), instead_of=self.name)

    def _lowered(self, member: str | int) -> Any:
        """What older readers get instead of a new member, or None where `down` does not say."""
        if not callable(self.down):
            return self.down and self.down.get(member)
        try:
            return _raw(self.down(member))
        except Exception:  # noqa: BLE001 - whatever a user's function raises: then it does not say
            return None

    def converts(self, shape: Shape) -> frozenset[str]:
        return frozenset({self.name})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        for shape in span:
            attribute = shape.get(self.name)
            if attribute is None:
                continue  # unknown to the readers of that version, who keep it as it came
            found = _enum_within(attribute.type)
            if found is None or not found.open:
                return False
        return True

    def bind(self, binding: Binding) -> BoundStep:
        old, new = self.attribute(binding.older, self.name), self.attribute(binding.newer, self.name)
        older = _enum_within(old.type)
        assert older is not None  # `older` has made it so
        if older.open:
            return BoundStep(unchanged, unchanged, outline=lambda outline: None)
        members = frozenset(older.members)
        lower = self.down.__getitem__ if isinstance(self.down, Mapping) else self.down
        assert lower is not None

        def narrowed(value: Any) -> Any:
            if type(value) is list:
                return [narrowed(item) for item in value]
            if type(value) is dict:
                return {key: narrowed(item) for key, item in value.items()}
            return value if value is None or value in members else _raw(lower(value))

        def down(values: Values) -> Values:
            return {name: narrowed(value) for name, value in values.items()}

        def up(values: Values) -> Values:
            return values

        inputs, outputs = {self.name: old.type}, {self.name: new.type}
        return BoundStep(
            LossyWay(repr(self), binding.id, "up", inputs, outputs, up, down, binding.typed),
            LossyWay(repr(self), binding.id, "down", outputs, inputs, down, up, binding.typed),
            # What the older enum has stays as it is. Who writes values looks at them, and leaves all others.
            outline=lambda outline: outline.move(self.name, self.name, old.type),
        )


def _raw(member: Any) -> Any:
    return member.value if isinstance(member, enum.Enum) else member


def _holds(value: Any, members: Sequence[str | int]) -> bool:
    if isinstance(value, list):
        return any(_holds(item, members) for item in value)
    if isinstance(value, dict):
        return any(_holds(item, members) for item in value.values())
    return value in members


def _enum_within(type_: Type) -> EnumType | None:
    match type_:
        case EnumType():
            return type_
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            return _enum_within(inner)
        case _:
            return None


def _replaced(type_: Type, older: EnumType) -> Type:
    match type_:
        case NullableType(inner=inner):
            return NullableType(_replaced(inner, older))
        case ListType(item=item):
            return replace(type_, item=_replaced(item, older))
        case MapType(value=value):
            return MapType(_replaced(value, older))
        case _:
            return older
