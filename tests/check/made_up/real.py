"""Declarations as plain data -> the real `Schema` and `Parameter`, and values for them."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any, Literal

from tests.check.simulation.declaring import Attribute, Parameter, SchemaCode, Step
from versioned_serde import (
    REQUIRED,
    KeylessListWarning,
    Schema,
    Version,
    add,
    redefault,
    remove,
    rename,
    retype,
    widen_enum,
)
from versioned_serde import Parameter as RealParameter
from versioned_serde import Shape as RealShape
from versioned_serde.evolution.steps.step import Step as RealStep
from versioned_serde.shape import ABSENT, Constant, Default, EnumType, Scalar, Type
from versioned_serde.shape import Attribute as RealAttribute


def value(attribute: Attribute) -> Any:
    """What every record holds under an attribute: something that no default is."""
    if attribute.type in ("int", "str"):
        return {"int": 7, "str": "7"}[attribute.type]
    return attribute.type.split()[1]


def _type(attribute: Attribute) -> Type:
    if attribute.type in ("int", "str"):
        return Scalar("int" if attribute.type == "int" else "str")
    return EnumType(tuple(attribute.type.split()[1:]), attribute.open)


def _annotation(attribute: Attribute) -> Any:
    if attribute.type in ("int", "str"):
        return {"int": int, "str": str}[attribute.type]
    closed: Any = Literal[tuple(attribute.type.split()[1:])]
    return closed | str if attribute.open else closed


def _default(attribute: Attribute) -> Any:
    match attribute.default:
        case None:
            return REQUIRED
        case "absent":
            return ABSENT
        case _:
            return int(attribute.default) if attribute.type == "int" else attribute.default


def _of_shape(default: Any) -> Default:
    return default if isinstance(default, Default) else Constant(default)


def _step(step: Step) -> RealStep:
    before, after = step.before, step.after
    if before is None:
        assert after is not None
        return add(after.name, fill=value(after)) if after.default is None else add(after.name)
    if after is None:
        was = _annotation(before)
        if before.default is None:
            return remove(before.name, was=was, fill=value(before))
        return remove(before.name, was=was, default=_default(before))
    match step.verb:
        case "rename":
            return rename(before.name, after.name)
        case "retype":
            up, down = (str, int) if before.type == "int" else (int, str)
            older = {} if before.default is None else {"default": _default(before)}
            return retype(before.name, was=_annotation(before), up=up, down=down, **older)
        case "redefault":
            return redefault(before.name, was=_default(before))
        case "widen":
            members = [each for each in after.type.split()[1:] if each not in before.type.split()[1:]]
            first = before.type.split()[1]
            down = {} if before.open else {"down": lambda _: first}
            return widen_enum(before.name, *members, was_closed=after.open and not before.open, **down)
    raise ValueError(step.verb)


@lru_cache(1000)
def schema(code: SchemaCode) -> Schema[Any]:
    """The real schema.

    Raises:
        DeclarationError: nobody can declare this.
    """
    newest = sorted(code.lines()[-1].shape)
    shape = RealShape(
        "Made", tuple(RealAttribute(each.name, _type(each), _of_shape(_default(each))) for each in newest)
    )
    versions = []
    for index, entry in enumerate(code.entries):
        form = entry.form
        more: dict[str, Any] = {} if entry.min_reader is None else {"min_reader": entry.min_reader}
        if form.framing in ("envelope", "headers"):
            more["checksum"] = form.checksum
        if index == 0 or form != code.entries[index - 1].form:
            more |= {"codec": form.codec, "coding": form.coding, "framing": form.framing}
        versions.append(Version(entry.number, *map(_step, entry.steps), **more))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        return Schema(code.name, shape, *versions, writes=code.writes)


def instance(code: SchemaCode) -> dict[str, Any]:
    """A value of the newest shape with every attribute set."""
    return {each.name: value(each) for each in code.lines()[-1].shape}


def parameter(code: Parameter) -> RealParameter[Any]:
    """The real parameter.

    Raises:
        DeclarationError: nobody can declare this.
    """
    return RealParameter(code.name, dict(code.values), kind=code.kind, writes=code.writes)  # type: ignore[arg-type]
