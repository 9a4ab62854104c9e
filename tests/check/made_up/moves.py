"""What people do to a declaration from one release to the next, well or badly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.check.simulation.declaring import Attribute, Entry, Form, Parameter, SchemaCode, Shape, Step

NAMES = tuple("abcdefgh")
_CODECS = ("json", "json", "msgpack", "cbor", "xml", "avro")
_FRAMINGS = ("envelope", "envelope", "inline", "headers", "bare")


def first(random: Random, name: str) -> SchemaCode:
    """A schema with one version."""
    names = random.sample(NAMES[:4], random.randrange(1, 4))
    shape = frozenset(_attribute(random, each) for each in names)
    return SchemaCode(name, shape, (Entry(1, _form(random)),), 1)


def _attribute(random: Random, name: str) -> Attribute:
    type_ = random.choice(("int", "str", "open r g", "closed r g"))
    constants = {"int": "0", "str": "none"}.get(type_, "r")
    return Attribute(name, type_, random.choice((None, None, "absent", constants)))


def _form(random: Random) -> Form:
    framing = random.choice(_FRAMINGS)
    if framing == "inline":
        return Form("json", "none", "inline", checksum=False)
    form = Form(random.choice(_CODECS), random.choice(("none", "none", "gzip")), framing)
    return replace(form, checksum=framing in ("envelope", "headers") and random.random() < 0.5)


def _other_form(random: Random, form: Form) -> Form:
    part = random.randrange(4)
    if part == 0:
        return replace(form, codec=random.choice(_CODECS))
    if part == 1:
        return replace(form, coding="gzip" if form.coding == "none" else "none")
    if part == 2 and form.framing in ("envelope", "headers"):
        return replace(form, checksum=not form.checksum)
    return _form(random)


def _step(random: Random, shape: Shape) -> Step:
    """A step that fits, or one that adds where none does.

    Raises:
        ValueError: there is none.
    """
    here = sorted(shape)
    free = [name for name in NAMES if name not in {each.name for each in here}]
    verb = random.choice(("add", "add", "add", "remove", "remove", "rename", "retype", "widen", "widen", "redefault"))
    some = random.choice(here) if here else None
    if verb == "remove" and some is not None and len(here) > 1:
        return Step("remove", some, None)
    if verb == "rename" and some is not None and free:
        return Step("rename", some, replace(some, name=random.choice(free)))
    if verb == "retype" and some is not None and some.type in ("int", "str") and some.default in (None, "absent"):
        return Step("retype", some, replace(some, type="str" if some.type == "int" else "int"))
    if verb == "widen" and some is not None and " " in some.type and "b" not in some.type.split():
        opened = some.type.replace("closed", random.choice(("open", "closed")))
        return Step("widen", some, replace(some, type=f"{opened} b"))
    if verb == "redefault" and some is not None and some.type in ("int", "str") and some.default != "absent":
        wishes = {"int": ("0", "1"), "str": ("none", "other")}[some.type]
        return Step("redefault", some, replace(some, default=next(each for each in wishes if each != some.default)))
    if not free:
        raise ValueError("every name is in use")
    return Step("add", None, _attribute(random, random.choice(free)))


def list_version(random: Random, code: SchemaCode) -> SchemaCode:
    """A new version: prepared."""
    last, line = code.entries[-1], code.lines()[-1]
    form, steps, shape = last.form, [], line.shape
    if random.random() < 0.3 or last.form.framing == "bare":
        form = _other_form(random, form)
    if form == last.form or random.random() < 0.3:
        for _ in range(random.choice((1, 1, 2))):
            step = _step(random, shape)
            if step.before is None or step.before in line.shape:  # not what another step of this version made
                steps.append(step)
                shape = step.applied(shape)
    return replace(code, entries=(*code.entries, Entry(last.number + 1, form, tuple(steps))))


def write_other(random: Random, code: SchemaCode) -> SchemaCode:
    """Another listed version is written: activated, or taken back."""
    return replace(code, writes=random.choice([each.number for each in code.entries]))


def write_newest(random: Random, code: SchemaCode) -> SchemaCode:
    return replace(code, writes=code.entries[-1].number)


def at_once(random: Random, code: SchemaCode) -> SchemaCode:
    """Prepared and activated in one release."""
    return write_newest(random, list_version(random, code))


def unlist_oldest(random: Random, code: SchemaCode) -> SchemaCode:
    """The oldest version goes; whoever forgets to say the min_reader changes the next one."""
    if len(code.entries) < 2:
        return code
    line = code.lines()[1]
    pinned = line.min_reader if random.random() < 0.85 else None
    rest = replace(code.entries[1], steps=(), min_reader=pinned)
    writes = max(code.writes, rest.number)
    return replace(code, first=line.shape, entries=(rest, *code.entries[2:]), writes=writes)


def withdraw_newest(random: Random, code: SchemaCode) -> SchemaCode:
    """The newest version goes."""
    entries = code.entries[:-1] or code.entries
    return replace(code, entries=entries, writes=min(code.writes, entries[-1].number))


def start_over(random: Random, code: SchemaCode) -> SchemaCode:
    """One version alone, some numbers higher or the same."""
    last, line = code.entries[-1], code.lines()[-1]
    number = last.number + random.choice((0, 1, 2, 3, 150))
    lowest = random.choice((line.min_reader, line.number, number))
    shape = line.shape if random.random() < 0.5 else _step(random, line.shape).applied(line.shape)
    form = last.form if random.random() < 0.7 else _other_form(random, last.form)
    return SchemaCode(code.name, shape, (Entry(number, form, min_reader=lowest),), number)


def change_in_place(random: Random, code: SchemaCode) -> SchemaCode:
    """A version becomes another one under the same number."""
    index = random.randrange(len(code.entries))
    entry, line = code.entries[index], code.lines()[index]
    changed = entry
    first_ = code.first
    match random.choice(("shape", "shape", "form", "min_reader", "forget")):
        case "shape":
            step = _step(random, line.shape)
            if index == 0:
                first_ = step.applied(first_)
            else:
                changed = replace(entry, steps=(*entry.steps, step))
        case "form":
            changed = replace(entry, form=_other_form(random, entry.form))
        case "min_reader" if index == 0:
            changed = replace(entry, min_reader=random.randrange(1, entry.number + 1))
        case _:
            changed = replace(entry, steps=entry.steps[:-1])
    entries = [*code.entries[:index], changed, *code.entries[index + 1 :]]
    if changed.form != entry.form and random.random() < 0.7:
        # Later lines inherit what they do not say themselves.
        entries[index + 1 :] = [
            replace(each, form=changed.form) if each.form == entry.form else each for each in entries[index + 1 :]
        ]
    return replace(code, first=first_, entries=tuple(entries))


def reuse_number(random: Random, code: SchemaCode) -> SchemaCode:
    """The newest version goes, and another one gets its number."""
    return list_version(random, withdraw_newest(random, code)) if len(code.entries) > 1 else code


Move = Callable[[Random, SchemaCode], SchemaCode]
MOVES: tuple[Move, ...] = (
    *[list_version] * 6,
    *[write_newest] * 5,
    *[write_other] * 2,
    *[unlist_oldest] * 4,
    at_once,
    withdraw_newest,
    start_over,
    *[change_in_place] * 2,
    reuse_number,
)


def first_parameter(random: Random, name: str) -> Parameter:
    return Parameter(name, random.choice(("at_most", "at_least", "one_of")), ((1, random.randrange(1, 9)),), 1)


def moved(random: Random, code: Parameter) -> Parameter:
    """A parameter in the next release."""
    values, numbers = code.values, [number for number, _ in code.values]
    last = values[-1][0]
    match random.choice(
        ("list", "list", "list", "newest", "newest", "other", "drop", "drop", "change", "kind", "at once")
    ):
        case "list":
            return replace(code, values=(*values, (last + 1, random.randrange(1, 9))))
        case "newest":
            return replace(code, writes=last)
        case "other":
            return replace(code, writes=random.choice(numbers))
        case "drop" if len(values) > 1:
            return replace(code, values=values[1:], writes=max(code.writes, values[1][0]))
        case "change":
            at = random.choice(numbers)
            changed = tuple((number, random.randrange(1, 9) if number == at else each) for number, each in values)
            return replace(code, values=changed)
        case "kind":
            return replace(code, kind=random.choice(("at_most", "at_least", "one_of")))
        case "at once":
            return replace(code, values=(*values, (last + 1, random.randrange(1, 9))), writes=last + 1)
        case _:
            return code
