"""What changed between a locked shape and the same version's shape now, and the line that would declare it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from versioned_serde.lock.description import attributes, shape_lines
from versioned_serde.shape import Shape

_ENUM = re.compile(r"Literal\[(.*)\]( \| (?:str|int))?")
_LAST = re.compile(r'"(?:[^"\\]|\\.)*"$|[^."\]]+$')
_ARM = re.compile(r"\[[^\[]*\]$")


@dataclass(frozen=True, slots=True)
class Added:
    """An attribute that is new.

    Attributes:
        line: its type and default, as the lines of a shape in the lock tell them.
        always_written: whether records from before need a `fill`.
    """

    line: str
    always_written: bool


@dataclass(slots=True)
class ObjectChange:
    """What changed in the objects at one place. Names are wire names, texts are lines of a shape.

    Attributes:
        path: of the objects; empty for the outermost one.
        cls: name of their class, by which a step may call them; empty if it cannot.
        added: the attributes that are new.
        removed: name -> what the attribute was.
        changed: name -> what the attribute was, and what it is.
    """

    path: str
    cls: str = ""
    added: dict[str, Added] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def could_be(self, old: str) -> list[str]:
        """Which new attributes may be a removed one under another name: those of its type."""
        was = _type(self.removed[old])
        return [name for name, each in self.added.items() if _type(each.line) == was]


def in_one_version(was: str, now: str) -> bool:
    """Whether one version can say how an attribute changed: a new type, and whether there is a default, are two."""
    (old_type, _, old), (new_type, _, new) = was.partition(" = "), now.partition(" = ")
    return old_type == new_type or old == new or (_is_constant(old) and _is_constant(new))


Renamed = Mapping[tuple[str, str], str]
"""(path of the objects, name of a removed attribute) -> the new attribute that it became."""


def suggestion(locked: Mapping[str, str], now: Shape, version: int, listed: bool) -> str:
    """What to tell whoever changed a model without a version.

    Args:
        locked: the lines of a version's shape in the lock.
        now: the same version's shape as it is derived from the model now; it differs.
        version: the version that has to declare the change.
        listed: whether that version is listed already, as a draft.
    """
    objects = object_changes(locked, now)
    told = ", ".join(steps(objects))
    where = f"put `{told}` into the line of version {version}" if listed else f"append `Version({version}, {told})`"
    return f"you {what(objects)}; {where}.{''.join(f' {sentence}' for sentence in _advice(objects, told))}"


def object_changes(locked: Mapping[str, str], now: Shape) -> list[ObjectChange]:
    """What changed, object by object. Args as for `suggestion`."""
    found: dict[str, ObjectChange] = {}
    names = {path: (attribute, shape) for path, attribute, shape in attributes(now)}
    classes = {_parent(path): getattr(shape.model, "__name__", shape.name) for path, (_, shape) in names.items()}

    def at(path: str) -> ObjectChange:
        parent = _parent(path)
        return found.setdefault(parent, ObjectChange(parent, classes.get(parent, "")))

    lines = shape_lines(now)
    for path in sorted(lines.keys() | locked.keys()):
        outer = _outer(path)
        if outer and (outer not in lines or outer not in locked or _type(lines[outer]) != _type(locked[outer])):
            continue  # said of the attribute that holds it
        if path not in locked:
            at(path).added[_name(path)] = Added(lines[path], names[path][0].always_written)
        elif path not in lines:
            at(path).removed[_name(path)] = locked[path]
        elif lines[path] != locked[path]:
            at(path).changed[_name(path)] = (locked[path], lines[path])
    return list(found.values())


def _type(line_: str) -> str:
    return line_.partition(" = ")[0]


def _parent(path: str) -> str:
    """The place of the object that an attribute is in; the arm of a union is part of it."""
    return path.removesuffix(_LAST.search(path)[0]).removesuffix(".")  # type: ignore[index]


def _outer(path: str) -> str:
    """The path of the attribute that holds the object that an attribute is in; empty for the outermost one."""
    return _ARM.sub("", _parent(path))


def _name(path: str) -> str:
    name: str = _LAST.search(path)[0]  # type: ignore[index]
    return str(json.loads(name)) if name.startswith('"') else name


def what(objects: Iterable[ObjectChange]) -> str:
    """Such as: added `x` and changed `lines.amount`."""
    verbs: dict[str, list[str]] = {"added": [], "removed": [], "changed": []}
    for each in objects:
        for verb, told in verbs.items():
            told.extend(f"`{each.path}.{name}`" if each.path else f"`{name}`" for name in getattr(each, verb))
    return " and ".join(f"{verb} {', '.join(names)}" for verb, names in verbs.items() if names)


def steps(objects: Iterable[ObjectChange], renamed: Renamed | None = None) -> list[str]:
    """The steps in their order, as Python. `...` stands for what only a person knows.

    Args:
        objects: what changed.
        renamed: which removed attributes live on under another name; without it, none does.
    """
    found: list[str] = []
    within: dict[tuple[str, str], list[ObjectChange]] = {}
    for each in objects:
        own = _own(each, {old: new for (path, old), new in (renamed or {}).items() if path == each.path})
        if not each.path:
            found += own
        else:
            within.setdefault((each.cls or each.path, ", ".join(own)), []).append(each)
    for (_, text), places in within.items():
        # The same change of one class at several places is declared once, and so is that of one arm of a union.
        place = places[0]
        by_class = len(places) > 1 or "[" in place.path
        found.append(f"within({(place.cls or '...') if by_class else _text(place.path)}, {text})")
    return found


def _own(change: ObjectChange, renamed: Mapping[str, str]) -> list[str]:
    """The steps of the objects at one place, without the place."""
    found: list[str] = []
    for old, new in renamed.items():
        found.append(f"rename({_text(old)}, {_text(new)})")
        was, now = change.removed[old], change.added[new].line
        if was != now:
            found.append(_change(new, was, now))
    known = renamed.values()
    found += [_add(name, each) for name, each in change.added.items() if name not in known]
    found += [_remove(name, was) for name, was in change.removed.items() if name not in renamed]
    return found + [_change(name, *texts) for name, texts in change.changed.items()]


def _advice(objects: Iterable[ObjectChange], told: str) -> list[str]:
    """What else there is to say."""
    advice: list[str] = []
    for each in objects:
        if len(each.added) == len(each.removed) == 1:
            (new, now), (old, was) = next(iter(each.added.items())), next(iter(each.removed.items()))
            if now.line == was:
                advice.append(
                    f"If `{new}` is what `{old}` was, under another name, then say `rename({_text(old)}, {_text(new)})`"
                    " instead of both, which takes two releases and keeps the values."
                )
        advice += [
            f"`{name}` has another type, and another kind of default, which no step says at once: change the type"
            " first, and the default in a later version."
            for name, texts in each.changed.items()
            if not in_one_version(*texts)
        ]
    if "..." in told:
        advice.append("What `...` stands for only you know.")
    return advice


def _add(name: str, attribute: Added) -> str:
    return f"add({_text(name)}, fill=...)" if attribute.always_written else f"add({_text(name)})"


def _remove(name: str, was: str) -> str:
    type_, _, default = was.partition(" = ")
    told = f"remove({_text(name)}, was={_annotation(type_)}"
    if not default:
        # Of a type with null, a step takes null for the default unless it is told.
        return f"{told}{', default=REQUIRED' if type_.endswith('| None') else ''}, fill=...)"
    if default == "null" and type_.endswith("| None"):
        return f"{told})"
    return f"{told}, default={_literal(type_, default)})"


def _change(name: str, was: str, now: str) -> str:
    (old_type, _, old), (new_type, _, new) = was.partition(" = "), now.partition(" = ")
    if old_type == new_type:
        return f"redefault({_text(name)}, was={_literal(old_type, old) if old else 'REQUIRED'})"
    one, other = _ENUM.fullmatch(old_type), _ENUM.fullmatch(new_type)
    if one and other and not (one[2] and not other[2]):
        before, after = one[1].split(", "), other[1].split(", ")
        more = [member for member in after if member not in before]
        if set(before) <= set(after):
            opened = [] if bool(one[2]) == bool(other[2]) else ["was_closed=True"]
            down = [] if one[2] else ["down=..."]
            return f"widen_enum({', '.join([_text(name), *more, *down, *opened])})"
    default = f", default={_literal(old_type, old)}" if _is_constant(old) and _is_constant(new) else ""
    return f"retype({_text(name)}, was={_annotation(old_type)}, up=..., down=...{default})"


def _is_constant(default: str) -> bool:
    return default not in ("", "computed", "absent")


def _annotation(type_: str) -> str:
    """As in Python; a class is not in the lock, and neither is a message."""
    return "..." if "object" in type_ or " in oneof " in type_ else type_


def _literal(type_: str, text: str) -> str:
    """A default as in Python, where its JSON looks the same."""
    if text in ("null", "true", "false"):
        return {"null": "None", "true": "True", "false": "False"}[text]
    if text in ("computed", "absent"):
        return {"computed": "FACTORY", "absent": "ABSENT"}[text]
    plain = type_.removesuffix(" | None") in ("str", "int", "float") or type_.startswith("Literal")
    return text if plain else "..."


def _text(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
