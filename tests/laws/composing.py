"""Random compositions of steps, told forwards on shapes, and values of the shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace as other
from random import Random
from typing import Any

from tests.evolution.describing import NUMBER, TEXT, history, raw
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.merge import merge
from versioned_serde.evolution.steps.move import move
from versioned_serde.evolution.steps.rekey import rekey
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.retype_each import retype_each
from versioned_serde.evolution.steps.split import split
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import (
    REQUIRED,
    Attribute,
    Constant,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    object_types,
)
from versioned_serde.tree import Tree

NOTE = NullableType(TEXT)
TEXTS = ("", "a", "7", "two words", "one more word")
Made = tuple[Shape, Step] | None


class Composer:
    """Draws shapes and steps.

    Args:
        random: the source.

    Attributes:
        verbs: the names of the steps that were drawn.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.verbs: list[str] = []
        self._names = iter(f"n{number}" for number in range(1000))

    def lineage(self, versions: int) -> Lineage:
        """A first shape, and versions of up to four steps each."""
        newest = self._shape(depth=2)
        steps: list[list[Step]] = []
        found = history(newest)
        for _ in range(versions):
            steps.append([])
            for _ in range(self.random.randrange(1, 5)):
                verb, made = self._drawn(newest)
                if made is None:
                    continue
                try:
                    tried = history(made[0], *steps[:-1], [*steps[-1], made[1]])
                except DeclarationError as error:
                    if "both change the value of" not in str(error):
                        raise
                    continue
                newest, found = made[0], tried
                steps[-1].append(made[1])
                self.verbs.append(verb)
        return found

    def tree(self, shape: Shape) -> Tree:
        """A valid value; some objects hold an attribute that nobody knows."""
        random = self.random
        found = {
            each.name: self._value(each.type) for each in shape.attributes if not each.optional or random.random() < 0.6
        }
        return {**found, "gift": raw(random.randrange(9))} if random.random() < 0.2 else found

    def _value(self, type_: Type) -> Any:
        random = self.random
        match type_:
            case NullableType(inner=inner):
                return None if random.random() < 0.3 else self._value(inner)
            case ObjectType(shape=shape):
                return self.tree(shape)
            case ListType(item=item):
                return [self._value(item) for _ in range(random.randrange(4))]
            case MapType(value=value):
                return {key: self._value(value) for key in random.sample("aAbB", random.randrange(4))}
            case _:
                return random.choice(TEXTS) if type_ == TEXT else random.randrange(-3, 12)

    def _shape(self, depth: int) -> Shape:
        return Shape("Made", tuple(self._attribute(depth) for _ in range(self.random.randrange(2, 6))))

    def _attribute(self, depth: int) -> Attribute:
        random = self.random
        plain: list[Type] = [TEXT, TEXT, NUMBER, ListType(TEXT), ListType(NUMBER), MapType(NUMBER), MapType(TEXT)]
        type_ = random.choice(plain)
        if depth and random.random() < 0.5:
            held = ObjectType(self._shape(depth - 1))
            type_ = random.choice((held, held, ListType(held), MapType(held)))
        if random.random() < 0.4:
            return Attribute(next(self._names), NullableType(type_), Constant(None))
        constant = type_ == TEXT and random.random() < 0.4
        return Attribute(next(self._names), type_, Constant(random.choice(TEXTS)) if constant else REQUIRED)

    def _drawn(self, shape: Shape) -> tuple[str, Made]:
        verbs: dict[str, Callable[[Shape], Made]] = {
            "add": self._add,
            "remove": self._remove,
            "rename": self._rename,
            "retype": self._retype,
            "retype_each": self._retype_each,
            "rekey": self._rekey,
            "split": self._split,
            "merge": self._merge,
            "move in": self._move_in,
            "move out": self._move_out,
        }
        verb = self.random.choice(list(verbs))
        objects = [each for each in shape.attributes if any(object_types(each.type))]
        if objects and self.random.random() < 0.4:
            holder = self.random.choice(objects)
            (nested,) = object_types(holder.type)
            verb, made = self._drawn(nested.shape)
            if made is None:
                return verb, None
            after = other(holder, type=_holding(holder.type, made[0]))
            return verb, (shape.with_attribute(after, instead_of=holder.name), within(holder.name, made[1]))
        return verb, verbs[verb](shape)

    def _one(self, found: Sequence[Attribute]) -> Attribute | None:
        return self.random.choice(found) if found else None

    def _add(self, shape: Shape) -> Made:
        new = Attribute(next(self._names), NOTE, Constant(None))
        return shape.with_attribute(new), add(new.name)

    def _remove(self, shape: Shape) -> Made:
        each = self._one([each for each in shape.attributes if isinstance(each.type, NullableType)])
        return None if each is None else (shape.without(each.name), remove(each.name, was=each.type))

    def _rename(self, shape: Shape) -> Made:
        each = self._one(shape.attributes)
        if each is None:
            return None
        new = other(each, name=next(self._names))
        return shape.with_attribute(new, instead_of=each.name), rename(each.name, new.name)

    def _retype(self, shape: Shape) -> Made:
        each = self._one([each for each in shape.attributes if each.type in (TEXT, NUMBER) and not each.optional])
        if each is None:
            return None
        new: Type = NUMBER if each.type == TEXT else TEXT
        up, down = (len, str) if new == NUMBER else (str, len)
        step = retype(each.name, was=each.type, up=up, down=down)
        return shape.with_attribute(other(each, type=new), instead_of=each.name), step

    def _retype_each(self, shape: Shape) -> Made:
        each = self._one([each for each in shape.attributes if _elements(each.type) in (TEXT, NUMBER)])
        if each is None:
            return None
        was = _elements(each.type)
        new: Type = NUMBER if was == TEXT else TEXT
        up, down = (len, str) if new == NUMBER else (str, len)
        after = other(each, type=_of(each.type, new))
        return shape.with_attribute(after, instead_of=each.name), retype_each(each.name, was=was, up=up, down=down)

    def _rekey(self, shape: Shape) -> Made:
        maps = [each for each in shape.attributes if isinstance(_some(each.type), MapType)]
        each = self._one(maps)
        return None if each is None else (shape, rekey(each.name, up=str.upper, down=str.lower))

    def _texts(self, shape: Shape) -> list[Attribute]:
        return [each for each in shape.attributes if each.type == TEXT]

    def _split(self, shape: Shape) -> Made:
        each = self._one(self._texts(shape))
        if each is None:
            return None
        parts = [Attribute(next(self._names), TEXT, self.random.choice((REQUIRED, Constant("a")))) for _ in range(2)]
        default = each.default.value if isinstance(each.default, Constant) else REQUIRED
        names = [part.name for part in parts]
        step = split(each.name, into=names, was=TEXT, up=_apart, down=_joined, default=default)
        return other(shape.without(each.name), attributes=(*shape.without(each.name).attributes, *parts)), step

    def _merge(self, shape: Shape) -> Made:
        texts = self._texts(shape)
        if len(texts) < 2:
            return None
        one, two = self.random.sample(texts, 2)
        new = Attribute(next(self._names), TEXT, self.random.choice((REQUIRED, Constant("a"))))
        defaults = [each.default.value if isinstance(each.default, Constant) else REQUIRED for each in (one, two)]
        names = (one.name, two.name)
        step = merge(names, into=new.name, was=(TEXT, TEXT), up=_joined, down=_apart, default=defaults)
        return shape.without(one.name).without(two.name).with_attribute(new), step

    def _move_in(self, shape: Shape) -> Made:
        random = self.random
        each = self._one(shape.attributes)
        if each is None:
            return None
        moved = other(each, name=next(self._names))
        holder = self._one([holder for holder in shape.attributes if holder != each and _takes(holder, moved)])
        if holder is None or random.random() < 0.3:
            name = next(self._names)
            held = ObjectType(Shape("Made", (moved,)))
            new = Attribute(name, held)
            if moved.optional and random.random() < 0.5:
                new = Attribute(name, NullableType(held), Constant(None))
            return shape.without(each.name).with_attribute(new), move(each.name, f"{name}.{moved.name}")
        (nested,) = object_types(holder.type)
        after = other(holder, type=_holding(holder.type, nested.shape.with_attribute(moved)))
        rest = shape.without(each.name).with_attribute(after, instead_of=holder.name)
        return rest, move(each.name, f"{holder.name}.{moved.name}")

    def _move_out(self, shape: Shape) -> Made:
        held = [
            (holder, each, nested.shape.without(each.name))
            for holder in shape.attributes
            for nested in object_types(holder.type)
            for each in nested.shape.attributes
            if _takes(other(holder, type=_holding(holder.type, nested.shape.without(each.name))), each)
        ]
        if not held:
            return None
        holder, each, rest = self.random.choice(held)
        moved = other(each, name=next(self._names))
        after = other(holder, type=_holding(holder.type, rest))
        if not rest.attributes and holder.optional:
            return None  # what goes with its last attribute was required
        left = shape.with_attribute(after, instead_of=holder.name) if rest.attributes else shape.without(holder.name)
        return left.with_attribute(moved), move(f"{holder.name}.{each.name}", moved.name)


def _takes(holder: Attribute, moved: Attribute) -> bool:
    """Whether an object can have one attribute more, or less, in every record."""
    held = _some(holder.type)
    if not isinstance(held, ObjectType):
        return False
    certain = holder.type == held and not holder.optional
    return certain or (moved.optional and all(each.optional for each in held.shape.attributes))


def _apart(text: str) -> tuple[str, str]:
    head, _, tail = text.partition(" ")
    return head, tail


def _joined(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def _some(type_: Type) -> Type:
    return type_.inner if isinstance(type_, NullableType) else type_


def _elements(type_: Type) -> Type | None:
    match _some(type_):
        case ListType(item=inner) | MapType(value=inner):
            return inner
        case _:
            return None


def _of(type_: Type, inner: Type) -> Type:
    match type_:
        case NullableType(inner=container):
            return NullableType(_of(container, inner))
        case ListType():
            return ListType(inner)
        case _:
            return MapType(inner)


def _holding(type_: Type, shape: Shape) -> Type:
    match type_:
        case NullableType(inner=inner):
            return NullableType(_holding(inner, shape))
        case ListType(item=inner):
            return ListType(_holding(inner, shape))
        case MapType(value=inner):
            return MapType(_holding(inner, shape))
        case _:
            return ObjectType(shape)
