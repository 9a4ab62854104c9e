"""Changes of several attributes at once, and of elements of lists and maps: each with its meaning and its step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as other
from typing import Any

from versioned_serde.evolution.steps.merge import merge
from versioned_serde.evolution.steps.rekey import rekey
from versioned_serde.evolution.steps.retype_each import retype_each
from versioned_serde.evolution.steps.split import split
from versioned_serde.shape import REQUIRED, Constant, Default, ListType, MapType, NullableType, Scalar
from versioned_serde.testing.changes import put
from versioned_serde.testing.conversions import RETYPES, kept_null
from versioned_serde.testing.drawing import Drawer, scalar
from versioned_serde.testing.histories import KEY, KIND, Change, Field, Spec, Values
from versioned_serde.tree import same

_TEXT = Scalar("str")


def is_plain_text(each: Field) -> bool:
    """Whether it is a text that can be taken apart, or be a part."""
    told = each.default is REQUIRED or isinstance(each.default, Constant)
    return told and not each.implied and each.type == _TEXT and each.name not in (KEY, KIND)


def _apart(text: str) -> tuple[str, str]:
    head, _, tail = text.partition(" ")
    return head, tail


def _joined(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def _ways(whole: Field, parts: tuple[Field, ...]) -> tuple[Callable[[Values], Values], Callable[[Values], Values]]:
    """Whole -> parts and parts -> whole, where what is absent counts as its default."""
    implied = {part.name: part.default.value for part in parts if isinstance(part.default, Constant)}
    meant = whole.default.value if isinstance(whole.default, Constant) else None
    agree = meant is not None and len(implied) == 2 and _apart(meant) == (*implied.values(),)
    agree = agree and _joined(*implied.values()) == meant

    def apart(values: Values) -> Values:
        text = values.get(whole.name, None if agree else meant)
        return {} if text is None else dict(zip((part.name for part in parts), _apart(text), strict=True))

    def joined(values: Values) -> Values:
        given = {**implied, **values}
        if len(given) < len(parts) or (agree and not values):
            return {}
        return {whole.name: _joined(*(given[part.name] for part in parts))}

    return apart, joined


def _parts(drawer: Drawer, whole: Field) -> tuple[Field, ...]:
    """Two parts with defaults that mean that of the whole, or others, or none."""
    texts: tuple[Any, ...] = (None, None)
    if isinstance(whole.default, Constant) and drawer.random.random() < 0.6:
        texts = _apart(whole.default.value)
    elif drawer.random.random() < 0.4:
        texts = (None, scalar(drawer.random, "str"))
    return tuple(Field(drawer.name(), _TEXT, REQUIRED if text is None else Constant(text)) for text in texts)


def split_up(drawer: Drawer, spec: Spec, each: Field, version: int) -> Change | None:
    """One text becomes two; None if the kind of model has no such attributes."""
    parts = _parts(drawer, each)
    if not all(map(drawer.fits, parts)):
        return None
    names = tuple(part.name for part in parts)
    default = each.default.value if isinstance(each.default, Constant) else REQUIRED
    change = Change(
        version,
        "split",
        lambda models: split(each.name, into=names, was=str, up=_apart, down=_joined, default=default),
        (each.name,),
        names,
        *_ways(each, parts),
    )
    rest = tuple(one for one in spec.fields(-1) if one is not each)
    spec.stages.append((*rest, *parts))
    spec.changes.append(change)
    return change


def merged(drawer: Drawer, spec: Spec, parts: tuple[Field, ...], version: int) -> Change | None:
    """Two texts become one; None if the kind of model has no such attribute."""
    random = drawer.random
    defaults = [part.default.value if isinstance(part.default, Constant) else REQUIRED for part in parts]
    default: Default = REQUIRED
    if random.random() < 0.6:
        agrees = REQUIRED not in defaults and random.random() < 0.7
        default = Constant(_joined(*map(str, defaults)) if agrees else scalar(random, "str"))
    whole = Field(drawer.name(), _TEXT, default)
    if not drawer.fits(whole):
        return None
    names = tuple(part.name for part in parts)
    apart, joined = _ways(whole, parts)
    change = Change(
        version,
        "merge",
        lambda models: merge(names, into=whole.name, was=(str, str), up=_joined, down=_apart, default=defaults),
        names,
        (whole.name,),
        joined,
        apart,
    )
    rest = tuple(one for one in spec.fields(-1) if one not in parts)
    spec.stages.append((*rest, whole))
    spec.changes.append(change)
    return change


def elements_in(type_: Any) -> Scalar | None:
    """The type of the elements of a list or map of basic values."""
    match type_.inner if isinstance(type_, NullableType) else type_:
        case ListType(item=Scalar() as inner) | MapType(value=Scalar() as inner):
            return inner
        case _:
            return None


def retyped_each(drawer: Drawer, spec: Spec, each: Field, version: int) -> Change | None:
    """Other elements; None if no other type is known for them."""
    inner = elements_in(each.type)
    targets = [pair[1] for pair in RETYPES if inner is not None and pair[0] == inner.name]
    if inner is None or not targets:
        return None
    target = drawer.random.choice(targets)
    up, down = RETYPES[inner.name, target]
    after = other(each, type=_holding(each.type, Scalar(target)))  # type: ignore[arg-type]
    if not drawer.converts(each, after):
        return None
    change = Change(
        version,
        "retype_each",
        lambda models: retype_each(each.name, was=models.annotation(inner), up=up, down=down),
        (each.name,),
        (each.name,),
        _of_all(up),
        _of_all(down),
        follow=lambda upwards, before, after, there: {
            each.name: _followed(
                before[each.name], after[each.name], there[each.name], kept_null(up if upwards else down)
            )
        },
    )
    return put(spec, change, each.name, after)


def _holding(type_: Any, inner: Scalar) -> Any:
    match type_:
        case NullableType(inner=container):
            return NullableType(_holding(container, inner))
        case ListType():
            return ListType(inner)
        case _:
            return MapType(inner)


def _of_all(function: Callable[[Any], Any]) -> Callable[[Values], Values]:
    def one(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: function(item) for key, item in value.items()}
        return None if value is None else [function(item) for item in value]

    return lambda values: {name: one(value) for name, value in values.items()}


def _followed(before: Any, after: Any, there: Any, function: Callable[[Any], Any]) -> Any:
    """What a list or map becomes where some of it was changed: the elements that were not keep their counterparts."""
    if before is None or after is None or there is None:
        return _of_all(function)({"": after})[""]
    if isinstance(after, dict):
        return {
            key: there[key] if key in before and same(before[key], item) else function(item)
            for key, item in after.items()
        }
    for element in before:
        parts = [there[index] for index, item in enumerate(before) if same(item, element)]
        lost = any(not same(function(element), part) for part in parts)
        if lost and any(not same(part, parts[0]) for part in parts):
            return [function(item) for item in after]  # it cannot be told which is which

    def count(elements: Any, element: Any) -> int:
        return sum(same(item, element) for item in elements)

    found = []
    for element in after:
        at = next((index for index, item in enumerate(before) if same(item, element)), None)
        same_many = at is not None and count(before, element) == count(after, element)
        found.append(there[at] if same_many and at is not None else function(element))
    return found


def rekeyed(spec: Spec, each: Field, version: int) -> Change | None:
    """Other keys; None if there are none."""
    inner = elements_in(each.type)
    if inner is None or isinstance(each.type.inner if isinstance(each.type, NullableType) else each.type, ListType):
        return None
    name = each.name

    def swapped(values: Values) -> Values:
        return {
            key: None if value is None else {text.swapcase(): item for text, item in value.items()}
            for key, value in values.items()
        }

    change = Change(
        version,
        "rekey",
        lambda models: rekey(name, up=str.swapcase, down=str.swapcase),
        (name,),
        (name,),
        swapped,
        swapped,
    )
    return put(spec, change, name, each)
