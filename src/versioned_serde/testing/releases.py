"""Made-up histories -> releases: classes, instances and a `Schema`, in each kind of model."""

from __future__ import annotations

import enum
import warnings
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.errors import KeylessListWarning
from versioned_serde.evolution.version import Version
from versioned_serde.schema import Schema
from versioned_serde.shape import AnyType, Constant, EnumType, ListType, MapType, NullableType, Scalar
from versioned_serde.testing.histories import KIND, Choice, History, Models, Nested, Spec, key_paths
from versioned_serde.testing.kinds import (
    NOTHING,
    Classes,
    DataclassClasses,
    MsgspecClasses,
    PydanticClasses,
    ShapeClasses,
    TypedDictClasses,
)
from versioned_serde.testing.messages import ProtobufClasses, storage

_SCALARS = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "bytes": bytes,
    "decimal": Decimal,
    "datetime": datetime,
    "date": date,
    "time": time,
    "timedelta": timedelta,
    "uuid": UUID,
}


_CONTAINERS: dict[str, Any] = {"list": list, "set": set}


class One(dict[str, Any]):
    """The attributes of an object in memory, which is `source`."""

    def __init__(self, values: dict[str, Any], source: Any) -> None:
        super().__init__(values)
        self.source = source


class Many(list[Any]):
    """The elements of a list in memory, which is `source`."""

    def __init__(self, values: Iterable[Any], source: Any) -> None:
        super().__init__(values)
        self.source = source


KINDS: dict[str, type[Classes]] = {
    "pydantic": PydanticClasses,
    "dataclass": DataclassClasses,
    "msgspec": MsgspecClasses,
    "protobuf": ProtobufClasses,
    "TypedDict": TypedDictClasses,
    "Shape": ShapeClasses,
}
"""A kind more is a line more. `TypedDict` and `Shape` are both of the plug-in `mapping`."""


@dataclass
class Made:
    """What releases of one history share that differ in forms alone.

    Attributes:
        classes: the kind of model.
        models: the class of a spec, by id, at a stage.
        enums: the class of an enum type, by id.
        protobuf: the codec of that name, with the class of its messages.
    """

    classes: Classes
    models: dict[tuple[int, int], Any] = field(default_factory=dict)
    enums: dict[int, Any] = field(default_factory=dict)
    protobuf: Protobuf | None = None


class Release(Models):
    """The code that a host runs: the classes of one version and the schema with all versions up to it.

    Args:
        history: what is released.
        newest: the newest version that the release lists.
        writes: the version that it writes.
        kind: name of a kind in `KINDS`.
        frozen: whether instances refuse changes in place.
        oldest: the oldest version that the release still lists, and the min_reader that it always had.
        like: a release with the same classes, of the same history in other forms.
    """

    def __init__(
        self,
        history: History,
        newest: int,
        writes: int,
        kind: str,
        frozen: bool = False,
        oldest: tuple[int, int] = (1, 1),
        like: Release | None = None,
    ) -> None:
        self.history = history
        self.newest = newest
        self.frozen = frozen
        self.made: Made = Made(KINDS[kind]()) if like is None else like.made
        self.classes: Classes = self.made.classes
        first, lowest = oldest
        versions, before = [], None
        for number, form in list(enumerate(history.forms[:newest], 1))[first - 1 :]:
            pinned: dict[str, Any] = {"min_reader": lowest} if number == first else {}
            # Where min_reader is the version itself, the steps that led to it are of no use any more.
            steps = history.steps(number, self) if number > lowest else []
            versions.append(Version(number, *steps, **self._stored(form.against(before)), **pinned))
            before = form
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeylessListWarning)
            self.schema: Schema[Any] = Schema(
                "made.up", self.model(history.root), *versions, writes=writes, keys=key_paths(history, newest)
            )

    def __repr__(self) -> str:
        return f"<Release {self.newest} writes {self.schema.writes}>"

    def _stored(self, declared: dict[str, Any]) -> dict[str, Any]:
        """The codec protobuf asks for the class of its messages."""
        if declared.get("codec") == "protobuf":
            if self.made.protobuf is None:
                self.made.protobuf = Protobuf(storage(self.history.root, self.newest))
            return {**declared, "codec": self.made.protobuf}
        return declared

    def model(self, spec: Spec, stage: int | None = None) -> Any:
        stage = spec.stage(self.newest) if stage is None else stage
        found = self.made.models.get((id(spec), stage))
        if found is None:
            attributes = []
            for each in spec.fields(stage):
                default = each.default.value if isinstance(each.default, Constant) else each.made
                attributes.append((each, self.annotation(each.type), self.memory(each.type, default)))
            found = self.made.models[id(spec), stage] = self.classes.make(spec.name, attributes, self.frozen)
        return found

    def annotation(self, type_: Any) -> Any:
        match type_:
            case Scalar(name=name):
                return _SCALARS[name]
            case AnyType():
                return Any
            case EnumType(members=members, open=is_open, cls=cls):
                closed: Any = Literal[members] if cls is None else self._enum(type_)
                return closed | type(members[0]) if is_open else closed
            case ListType(item=item, container=container):
                return _CONTAINERS[container][self.annotation(item)]
            case MapType(value=value):
                return dict[str, self.annotation(value)]  # type: ignore[misc]
            case NullableType(inner=inner):
                return self.annotation(inner) | None
            case Nested(spec=spec):
                return self.classes.annotation(self.model(spec))
            case Choice(arms=arms):
                result = self.annotation(Nested(arms[0][1]))
                for _, spec in arms[1:]:
                    result = result | self.annotation(Nested(spec))
                return result
        raise TypeError(type_)

    def _enum(self, type_: EnumType) -> Any:
        found = self.made.enums.get(id(type_))
        if found is None:
            found = self.made.enums[id(type_)] = enum.Enum(
                "Color", {f"M{index}": member for index, member in enumerate(type_.members)}
            )
        return found

    def memory(self, type_: Any, value: Any) -> Any:
        if value is None:
            return None
        match type_:
            case EnumType(cls=cls, members=members) if cls is not None:
                return self._enum(type_)(value) if value in members else value
            case ListType(item=item, container=container):
                return _CONTAINERS[container](self.memory(item, element) for element in value)
            case MapType(value=item):
                return {name: self.memory(item, element) for name, element in value.items()}
            case NullableType(inner=inner):
                return self.memory(inner, value)
            case Nested(spec=spec):
                types = {each.name: each.type for each in spec.fields(spec.stage(self.newest))}
                held = {name: self.memory(types[name], item) for name, item in value.items()}
                return self.classes.new(self.model(spec), held)
            case Choice(arms=arms):
                return self.memory(Nested(dict(arms)[value[KIND]]), value)
        return value

    def plain(self, type_: Any, value: Any, *, presence: bool) -> Any:
        """The other way: a value in memory as dicts and lists, `One` and `Many` that know their source.

        Args:
            type_: its type.
            value: it.
            presence: whether to leave out what is not present; otherwise defaults are shown.
        """
        if value is None:
            return None
        match type_:
            case EnumType():
                return value.value if isinstance(value, enum.Enum) else value
            case ListType(item=item, container=container):
                told = [self.plain(item, element, presence=presence) for element in value]
                # A set has no order, and a frozen one no source.
                return Many(told, value) if container == "list" else sorted(told, key=repr)
            case MapType(value=item):
                return {name: self.plain(item, element, presence=presence) for name, element in value.items()}
            case NullableType(inner=inner):
                return self.plain(inner, value, presence=presence)
            case Nested(spec=spec):
                given = self.classes.given(value)
                shown: dict[str, Any] = {}
                for each in spec.fields(spec.stage(self.newest)):
                    if each.name not in given and presence:
                        continue
                    held = self.classes.get(value, each.name)
                    if held is not NOTHING:
                        shown[each.name] = self.plain(each.type, held, presence=presence)
                    elif isinstance(each.default, Constant):
                        shown[each.name] = deepcopy(each.default.value)
                return One(shown, value)
            case Choice(arms=arms):
                arm = dict(arms)[self.classes.get(value, KIND)]
                return self.plain(Nested(arm), value, presence=presence)
        return value
