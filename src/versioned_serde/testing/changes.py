"""Changes of one attribute of a made-up object: each with what it means, and with the step that declares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as other
from random import Random
from typing import Any, cast

from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.redefault import redefault
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.widen_enum import widen_enum
from versioned_serde.shape import ABSENT, FACTORY, REQUIRED, AnyType, Constant, EnumType, ListType, NullableType, Scalar
from versioned_serde.testing.conversions import RETYPES, explicit, kept_null
from versioned_serde.testing.drawing import Drawer, scalar, value
from versioned_serde.testing.histories import Change, Field, Spec, Values, is_leaf, specs_in
from versioned_serde.tree import same


def put(spec: Spec, change: Change, name: str | None, after: Field | None) -> Change:
    """Appends a stage in which the attribute `name` became `after`."""
    fields = [after if each.name == name else each for each in spec.fields(-1)]
    if name is None:
        fields.append(after)
    spec.stages.append(tuple(each for each in fields if each is not None))
    spec.changes.append(change)
    return change


def derived(random: Random, spec: Spec, type_: Any, version: int) -> tuple[Any, Callable[[Values], Any]]:
    """A fill as it is declared, and as a function of the attributes."""
    sources = [each for each in spec.fields(-1) if each.type in (Scalar("int"), Scalar("str"))]
    if sources and type_ in (Scalar("int"), Scalar("str")) and random.random() < 0.6:
        source = random.choice(sources)
        # A step on the way may have written the default out, so an absent attribute counts as its default.
        implied = source.default.value if isinstance(source.default, Constant) else ""

        def seed(values: Values) -> Any:
            seen = values.get(source.name, implied)
            if not isinstance(seen, int | str):
                raise TypeError(f"a fill was shown a {type(seen).__name__}")
            return f"from {seen}" if type_ == Scalar("str") else len(str(seen))

        return seed, seed
    given = value(random, type_, version, set())
    return given, lambda values: given


def added(drawer: Drawer, spec: Spec, version: int) -> Change:
    """An attribute more."""
    random = drawer.random
    fill: Any = None
    declared: dict[str, Any] = {}
    if random.random() < 0.3:
        added = drawer.object_since(drawer.object_type(0, shares=spec.shares))
        if added.default is FACTORY:
            declared, fill = {"fill": []}, lambda values: []
    else:
        seeded = random.random() < 0.25
        added = (
            drawer.field(Scalar(random.choice(("str", "int"))), default=(REQUIRED, None))
            if seeded
            else drawer.field(drawer.plain_type())
        )
        if added.default is REQUIRED or added.default is FACTORY:
            stated, fill = derived(random, spec, added.type, version)
            declared = {"fill": stated}
        elif random.random() < 0.3 and isinstance(added.default, Constant):
            declared = {"fill": added.default.value}
    given = declared.get("fill", [])
    seeds = callable(given) or given is None or bool(given)
    change = Change(version, "add", lambda models: add(added.name, **declared), name=added.name, fill=fill, seeds=seeds)
    return put(spec, change, None, added)


def removed(drawer: Drawer, spec: Spec, each: Field, version: int, *, purge: bool, additive: bool) -> Change | None:
    """Neither a computed default nor a nullable attribute without one can be said by `remove`."""
    if each.default is FACTORY or (isinstance(each.type, NullableType) and each.default is REQUIRED):
        return None
    if isinstance(each.type, NullableType) and isinstance(each.type.inner, AnyType):
        return None
    required = each.default is REQUIRED
    if required and (additive or any(specs_in(each.type)) or isinstance(each.type, AnyType)):
        return None
    if len(spec.fields(-1)) < 2:
        return None
    fill: Any = None
    declared: dict[str, Any] = {"purge": True} if purge else {}
    if isinstance(each.default, Constant):
        if each.default.value is not None:
            declared["default"] = each.default.value
    elif each.default is ABSENT:
        declared["default"] = ABSENT
    else:
        without = Spec(spec.name, [tuple(one for one in spec.fields(-1) if one is not each)])
        declared["fill"], fill = derived(drawer.random, without, each.type, version)
    return put(
        spec,
        Change(
            version,
            "remove",
            lambda models: remove(each.name, was=models.annotation(each.type), **_in_memory(models, each, declared)),
            name=each.name,
            fill=fill,
            purge=purge,
        ),
        each.name,
        None,
    )


def _in_memory(models: Any, each: Field, declared: dict[str, Any]) -> dict[str, Any]:
    if declared.get("default", ABSENT) is ABSENT:
        return declared
    return {**declared, "default": models.memory(each.type, declared["default"])}


def renamed(drawer: Drawer, spec: Spec, each: Field, version: int) -> Change:
    """Another name."""
    new = drawer.name()
    change = Change(
        version,
        "rename",
        lambda models: rename(each.name, new),
        (each.name,),
        (new,),
        lambda values: dict(zip((new,), values.values(), strict=False)),
        lambda values: dict(zip((each.name,), values.values(), strict=False)),
    )
    return put(spec, change, each.name, other(each, name=new))


def retyped(drawer: Drawer, spec: Spec, each: Field, version: int) -> Change | None:
    """Another type; None if none is known for it."""
    random = drawer.random
    nullable = isinstance(each.type, NullableType)
    inner = each.type.inner if isinstance(each.type, NullableType) else each.type
    if not isinstance(inner, Scalar):
        return None
    targets = [pair for pair in RETYPES if pair[0] == inner.name]
    if not targets:
        return None
    target = random.choice(targets)[1]
    raw_up, raw_down = RETYPES[inner.name, target]
    up, down = kept_null(raw_up), kept_null(raw_down)
    type_: Any = NullableType(Scalar(target)) if nullable else Scalar(target)  # type: ignore[arg-type]
    default: Any = each.default
    shows = False
    declared: dict[str, Any] = {}
    if isinstance(default, Constant):
        old = default.value
        new = up(old) if random.random() < 0.7 else scalar(random, target)
        default, declared = Constant(new), {"default": old}
        shows = not (same(up(old), new) and same(down(new), old))
    after = Field(each.name, type_, default, scalar(random, target) if default is FACTORY else None)
    if not drawer.converts(each, after):
        return None
    change = Change(
        version,
        "retype",
        lambda models: retype(each.name, was=models.annotation(each.type), up=raw_up, down=raw_down, **declared),
        (each.name,),
        (each.name,),
        explicit(each, up, shows),
        explicit(after, down, shows),
        shows_default=shows,
    )
    return put(spec, change, each.name, after)


def redefaulted(drawer: Drawer, spec: Spec, each: Field, version: int) -> Change | None:
    """Another default; None if the attribute cannot have one."""
    if any(specs_in(each.type)) or isinstance(each.type, AnyType | ListType) or each.default in (FACTORY, ABSENT):
        return None
    if not isinstance(each.type, Scalar | NullableType):
        return None
    inner = each.type.inner if isinstance(each.type, NullableType) else each.type
    if not isinstance(inner, Scalar):
        return None
    default: Any = Constant(scalar(drawer.random, inner.name))
    made = None
    if isinstance(each.default, Constant) and drawer.random.random() < 0.3:
        default = drawer.random.choice((REQUIRED, FACTORY))
        made = scalar(drawer.random, inner.name)
    if default == each.default:
        return None
    was = each.default.value if isinstance(each.default, Constant) else REQUIRED
    after = other(each, default=default, made=made if default is FACTORY else None)
    if not drawer.converts(each, after):
        return None
    change = Change(
        version,
        "redefault",
        lambda models: redefault(each.name, was=was),
        (each.name,),
        (each.name,),
        explicit(each, lambda item: item, True),
        explicit(after, lambda item: item, True),
        shows_default=True,
    )
    return put(spec, change, each.name, after)


def widened(drawer: Drawer, spec: Spec, each: Field, version: int, *, additive: bool) -> Change | None:
    """A member more; None if the attribute is no enum that could have one."""
    nullable = isinstance(each.type, NullableType)
    found = each.type.inner if isinstance(each.type, NullableType) else each.type
    if not isinstance(found, EnumType) or (additive and not found.open):
        return None
    fresh = next(
        (one for one in (("blue", "grey", "pink") if found.base == "str" else (3, 4, 5)) if one not in found.members),
        None,
    )
    if fresh is None:
        return None
    opens = not found.open and drawer.random.random() < 0.4
    wide = EnumType(cast("tuple[str, ...]", (*found.members, fresh)), open=found.open or opens, cls=found.cls)
    after = other(each, type=NullableType(wide) if nullable else wide)
    if not drawer.fits(after):
        return None
    old = found.members

    def lower(item: Any) -> Any:
        return item if item is None or item in old else old[0]

    declared: dict[str, Any] = {"was_closed": True} if opens else {}
    if not found.open:
        # What an open enum's unknown members become, only a function can say.
        declared["down"] = (lambda item: old[0]) if opens else {fresh: old[0]}
    change = Change(
        version,
        "widen_enum",
        lambda models: widen_enum(each.name, fresh, **declared),
        inputs=() if found.open else (each.name,),
        outputs=() if found.open else (each.name,),
        down=dict if found.open else lambda values: {name: lower(item) for name, item in values.items()},
        name=each.name,
        opens=found.open,
    )
    return put(spec, change, each.name, after)


def replaced(drawer: Drawer, spec: Spec, version: int) -> Change | None:
    """One text becomes two, and everything else stays."""
    stage = len(spec.stages) - 1
    before = spec.fields(-1)
    split = next((each for each in before if each.type == Scalar("str") and each.default is REQUIRED), None)
    if spec.shares or split is None or not is_leaf(spec, stage):
        return None
    first, last = drawer.name(), drawer.name()
    after = (
        *(each for each in before if each is not split),
        Field(first, Scalar("str")),
        Field(last, Scalar("str")),
    )

    def up(values: Values) -> Values:
        rest = dict(values)
        head, _, tail = rest.pop(split.name, "").partition(" ")
        return {**rest, first: head, last: tail}

    def down(values: Values) -> Values:
        rest = dict(values)
        head, tail = rest.pop(first, ""), rest.pop(last, "")
        return {**rest, split.name: f"{head} {tail}".strip()}

    change = Change(
        version,
        "replace",
        lambda models: replace(was=models.model(spec, stage), up=up, down=down),
        tuple(each.name for each in before),
        tuple(each.name for each in after),
        up,
        down,
    )
    spec.stages.append(after)
    spec.changes.append(change)
    return change
