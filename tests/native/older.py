"""Made-up schemas of which older versions are written: changes that do the same to every value, told backwards."""

from __future__ import annotations

import dataclasses
import enum
import warnings
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pydantic

from versioned_serde import (
    REQUIRED,
    DeclarationError,
    Schema,
    Version,
    add,
    redefault,
    remove,
    rename,
    widen_enum,
    within,
)
from versioned_serde.errors import KeylessListWarning

KINDS = ("pydantic", "dataclass", "struct")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
    PINK = "pink"


CONSTANTS: dict[Any, list[Any]] = {
    str: ["", "a", 'é"\n'],
    int: [0, -7, 70_000, 2**64],
    float: [0.0, 1e-7, 0.1],
    bool: [True, False],
    bytes: [b"", b"abcd"],
    datetime: [datetime(2026, 1, 2, tzinfo=UTC), datetime(1, 1, 1, 0, 0, 0, 7, tzinfo=UTC)],
    Color: list(Color),
    int | None: [None, 3],
    tuple[str, ...]: [(), ("x", "y")],
}
"""Types of attributes, with values that can be defaults."""
_UNSET = msgspec.UNSET


@dataclasses.dataclass
class Attribute:
    """One attribute of the newest form, or of an older one.

    Attributes:
        type: its type, or the name of how it holds objects of the inner model.
        default: a value, or `REQUIRED`, or msgspec's UNSET.
    """

    type: Any
    default: Any


class Older:
    """A schema that writes an older version, and values for it.

    Args:
        random: where all is drawn from.
        kind: one of `KINDS`.
        codec: `json` or `msgpack`.

    Attributes:
        schema: the schema, or None where what was drawn cannot be declared.
    """

    def __init__(self, random: Random, kind: str, codec: str) -> None:
        self.random = random
        self._kind = kind
        self._names = (f"n{number}" for number in range(1000))
        self._inner = self._attributes(3, nested=False)
        self._outer = self._attributes(6, nested=True)
        self._made: dict[str, Any] = {}
        self.inner = self._class("Inner", self._inner)
        self.outer = self._class("Outer", self._outer)
        forms = {"Inner": dict(self._inner), "Outer": dict(self._outer)}
        versions, count = [], random.choice((2, 2, 3, 4))
        raising = random.randint(2, count)
        for number in range(count, 1, -1):
            drawn = [self._step(forms, raises=number == raising) for _ in range(random.randint(1, 4))]
            steps = [step for step in reversed(drawn) if step is not None]
            versions.append(Version(number, *(steps or [self._removed(forms["Outer"])])))
        framing: Any = random.choice(["envelope", "envelope", "headers", "bare"] + ["inline"] * (codec == "json"))
        more: dict[str, Any] = {"checksum": random.random() < 0.5} if framing == "envelope" else {}
        versions.append(Version(1, codec=codec, framing=framing, **more))
        if framing == "bare":
            versions[-2] = Version(2, *versions[-2].steps, framing="envelope")
        writes = 1 if raising == 2 or random.random() < 0.7 else random.randint(1, raising - 1)
        self.schema: Schema[Any] | None = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeylessListWarning)
            try:
                self.schema = Schema("made.older", self.outer, *reversed(versions), writes=writes)
            except DeclarationError:
                return

    def value(self) -> Any:
        """An instance of the newest model, of which some attributes are not given."""
        return self._instance(self.outer, self._outer)

    def _attributes(self, most: int, *, nested: bool) -> dict[str, Attribute]:
        made = {}
        for _ in range(self.random.randint(1, most)):
            type_ = self.random.choice(list(CONSTANTS))
            if nested and self.random.random() < 0.3:
                type_ = self.random.choice(("one", "list", "map", "perhaps"))
            default = REQUIRED if self.random.random() < 0.4 else self._default(type_)
            if self._kind == "struct" and self.random.random() < 0.2:
                default = _UNSET
            made[next(self._names)] = Attribute(type_, default)
        return made

    def _default(self, type_: Any) -> Any:
        if isinstance(type_, str):
            return None if type_ == "perhaps" else REQUIRED
        return self.random.choice(CONSTANTS[type_])

    def _annotation(self, type_: Any) -> Any:
        if not isinstance(type_, str):
            return type_
        cls = self._made["Inner"]
        return {"one": cls, "list": list[cls], "map": dict[str, cls], "perhaps": cls | None}[type_]  # type: ignore[valid-type]

    def _class(self, name: str, attributes: dict[str, Attribute]) -> Any:
        fields: list[Any] = []
        for each, attribute in attributes.items():
            annotation = self._annotation(attribute.type)
            if attribute.default is _UNSET:
                fields.append((each, annotation | msgspec.UnsetType, _UNSET))
            else:
                fields.append((each, annotation, *([] if attribute.default is REQUIRED else [attribute.default])))
        match self._kind:
            case "pydantic":
                given = {each: (annotation, *(default or (...,))) for each, annotation, *default in fields}
                cls: Any = pydantic.create_model(name, **given)  # type: ignore[call-overload]
            case "dataclass":
                given = [(n, a, dataclasses.field(default=d[0])) if d else (n, a) for n, a, *d in fields]  # type: ignore[assignment]
                cls = dataclasses.make_dataclass(name, given, kw_only=True, slots=self.random.random() < 0.5)
            case _:
                cls = msgspec.defstruct(name, fields, kw_only=True)
        self._made[name] = cls
        return cls

    def _instance(self, cls: Any, attributes: dict[str, Attribute]) -> Any:
        given = {}
        for name, attribute in attributes.items():
            if attribute.default is REQUIRED or self.random.random() < 0.6:
                given[name] = self._drawn(attribute.type)
        return cls(**given)

    def _drawn(self, type_: Any) -> Any:
        if not isinstance(type_, str):
            return self.random.choice(CONSTANTS[type_])
        found = [self._instance(self.inner, self._inner) for _ in range(self.random.randint(type_ == "one", 3))]
        match type_:
            case "list":
                return found
            case "map":
                return {str(index): each for index, each in enumerate(found)}
        return found[0] if found else None

    def _step(self, forms: dict[str, dict[str, Attribute]], *, raises: bool) -> Any:
        """A step that leads to the form from one before it, which takes its place; or None."""
        within_inner = self.random.random() < 0.3
        form = forms["Inner" if within_inner else "Outer"]
        step = self._change(form, raises=raises)
        return within(self.inner, step) if within_inner and step is not None else step

    def _removed(self, form: dict[str, Attribute]) -> Any:
        fresh, type_ = next(self._names), self.random.choice(list(CONSTANTS))
        constant = self.random.choice(CONSTANTS[type_])
        form[fresh] = Attribute(type_, constant)
        return remove(fresh, was=type_, default=constant)

    def _change(self, form: dict[str, Attribute], *, raises: bool) -> Any:
        fresh, verb = next(self._names), self.random.choice(("add", "add", "remove", "rename", "redefault", "widen"))
        name = self.random.choice([*form, ""])
        attribute = form.get(name)
        type_ = self.random.choice(list(CONSTANTS))
        constant = self.random.choice(CONSTANTS[type_])
        if verb == "remove" and raises and self.random.random() < 0.5:
            form[fresh] = Attribute(type_, REQUIRED)
            return remove(fresh, was=type_, fill=constant)
        if verb == "remove":
            return self._removed(form)
        if attribute is None or (verb != "add" and not raises):
            return None
        if verb == "add":
            del form[name]
            always = attribute.default is REQUIRED
            return add(name, fill=lambda values: self._drawn(attribute.type)) if always else add(name)
        if verb == "rename":
            form[fresh] = form.pop(name)
            return rename(fresh, name)
        if verb == "widen" and attribute.type is Color and attribute.default is not Color.PINK:
            return widen_enum(name, Color.PINK, down={Color.PINK: Color.RED})
        if verb == "redefault" and attribute.default is not _UNSET and not isinstance(attribute.type, str):
            was = self.random.choice([REQUIRED, *CONSTANTS[attribute.type]])
            if was == attribute.default:
                return None
            form[name] = Attribute(attribute.type, was)
            return redefault(name, was=was)
        return None
