"""What changed between a locked shape and the same version's shape now, and the line that would declare it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from versioned_serde.lock.description import attributes, shape_lines
from versioned_serde.shape import Attribute, Shape

_ENUM = re.compile(r"Literal\[(.*)\]( \| (?:str|int))?")
_LAST = re.compile(r'"(?:[^"\\]|\\.)*"$|[^."\]]+$')
_ARM = re.compile(r"\[[^\[]*\]$")


@dataclass(slots=True)
class _Object:
    """What changed in the objects at one place. Names are wire names, texts are those of `description.line`."""

    path: str
    cls: str = ""
    added: dict[str, tuple[Attribute, str]] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)


def suggestion(locked: Mapping[str, str], now: Shape, version: int, listed: bool) -> str:
    """What to tell whoever changed a model without a version.

    Args:
        locked: the lines of a version's shape in the lock.
        now: the same version's shape as it is derived from the model now; it differs.
        version: the version that has to declare the change.
        listed: whether that version is listed already, as a draft.
    """
    objects = _objects(locked, now)
    steps, advice = _steps(objects)
    told = ", ".join(steps)
    where = f"put {told} into the line of version {version}" if listed else f"append `Version({version}, {told})`"
    if listed:
        where = where.replace(told, f"`{told}`")
    return f"you {_what(objects)}; {where}.{''.join(f' {sentence}' for sentence in advice)}"


def _objects(locked: Mapping[str, str], now: Shape) -> list[_Object]:
    found: dict[str, _Object] = {}
    names = {path: (attribute, shape) for path, attribute, shape in attributes(now)}
    classes = {_parent(path): getattr(shape.model, "__name__", shape.name) for path, (_, shape) in names.items()}

    def at(path: str) -> _Object:
        parent = _parent(path)
        return found.setdefault(parent, _Object(parent, classes.get(parent, "")))

    lines = shape_lines(now)
    for path in sorted(lines.keys() | locked.keys()):
        outer = _outer(path)
        if outer and (outer not in lines or outer not in locked or _type(lines[outer]) != _type(locked[outer])):
            continue  # said of the attribute that holds it
        if path not in locked:
            at(path).added[_name(path)] = (names[path][0], lines[path])
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


def _what(objects: Iterable[_Object]) -> str:
    """Such as: added `x` and changed `lines.amount`."""
    verbs: dict[str, list[str]] = {"added": [], "removed": [], "changed": []}
    for each in objects:
        for verb, told in verbs.items():
            told.extend(f"`{each.path}.{name}`" if each.path else f"`{name}`" for name in getattr(each, verb))
    return " and ".join(f"{verb} {', '.join(names)}" for verb, names in verbs.items() if names)


def _steps(objects: Iterable[_Object]) -> tuple[list[str], list[str]]:
    """The steps in their order, and what else there is to say."""
    steps: list[str] = []
    advice: list[str] = []
    within: dict[str, list[_Object]] = {}
    told: dict[str, str] = {}
    for each in objects:
        own = [
            *(_add(name, attribute) for name, (attribute, _) in each.added.items()),
            *(_remove(name, was) for name, was in each.removed.items()),
            *(_change(name, *texts) for name, texts in each.changed.items()),
        ]
        if len(each.added) == len(each.removed) == 1:
            new, (_, line) = next(iter(each.added.items()))
            old, was = next(iter(each.removed.items()))
            if line == was:
                advice.append(
                    f"If `{new}` is what `{old}` was, under another name, then say `rename({_text(old)}, {_text(new)})`"
                    " instead of both, which takes two releases and keeps the values."
                )
        if not each.path:
            steps += own
        else:
            text = ", ".join(own)
            told[text] = text
            within.setdefault(f"{each.cls}: {text}", []).append(each)
    for key, places in within.items():
        # The same change of one class at several places is declared once, and so is that of one arm of a union.
        place, text = places[0], key.partition(": ")[2]
        by_class = len(places) > 1 or "[" in place.path
        steps.append(f"within({place.cls if by_class else _text(place.path)}, {text})")
    if any("..." in step for step in steps):
        advice.append("What `...` stands for only you know.")
    return steps, advice


def _add(name: str, attribute: Attribute) -> str:
    return f"add({_text(name)}, fill=...)" if attribute.always_written else f"add({_text(name)})"


def _remove(name: str, was: str) -> str:
    type_, _, default = was.partition(" = ")
    told = f"remove({_text(name)}, was={_annotation(type_)}"
    if not default:
        return f"{told}, fill=...)"
    if default == "null" and type_.endswith("| None"):
        return f"{told})"
    return f"{told}, default={_literal(type_, default)})"


def _change(name: str, was: str, now: str) -> str:
    (old_type, _, old), (new_type, _, _) = was.partition(" = "), now.partition(" = ")
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
    return f"retype({_text(name)}, was={_annotation(old_type)}, up=..., down=...)"


def _annotation(type_: str) -> str:
    """As in Python; a class is not in the lock."""
    return "..." if "object" in type_ else type_


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
