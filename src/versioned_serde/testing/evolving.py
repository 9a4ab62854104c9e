"""Made-up schemas that change: random histories of changes."""

from __future__ import annotations

from versioned_serde.protocols import Codec
from versioned_serde.shape import REQUIRED, EnumType, NullableType, Scalar
from versioned_serde.testing.changes import (
    added,
    redefaulted,
    removed,
    renamed,
    replaced,
    retyped,
    widened,
)
from versioned_serde.testing.drawing import Drawer
from versioned_serde.testing.forms import first_form, next_form
from versioned_serde.testing.histories import KEY, KIND, Change, Field, Form, History, Spec, is_leaf, places, specs_in
from versioned_serde.testing.reshaping import elements_in, is_plain_text, merged, rekeyed, retyped_each, split_up

_ADDITIVE = ("add", "add", "remove", "widen")
_ANY = (
    *("add", "add", "remove", "remove", "purge", "rename", "retype", "retype", "retype", "retype", "retype"),
    *("redefault", "widen", "replace", "replace"),
    *("split", "split", "merge", "merge", "retype_each", "retype_each", "rekey"),
)


def evolve(
    drawer: Drawer,
    root: Spec,
    newest: int,
    *,
    additive: bool | None,
    codecs: tuple[str | Codec, ...],
    form: Form | None = None,
) -> History:
    """A history that goes from the root's first form through random changes.

    Args:
        drawer: draws, and knows the names that are taken.
        root: the first version.
        newest: number of versions.
        additive: whether all changes keep min_reader; None for either.
        codecs: codecs to choose from; the more often one is named, the likelier it is.
        form: of all versions, or of the first one if it is bare; None for any.
    """
    random = drawer.random
    history = History(root, [form or first_form(random, codecs)], keyed=drawer.keyed)
    if additive is None:
        additive = random.random() < 0.35  # so that min_reader stays low over long stretches
    for version in range(2, newest + 1):
        before = history.forms[-1]
        after = next_form(random, before, codecs, additive=additive or form is not None)
        touched: set[tuple[int, str]] = set()
        wanted = random.choice((0, 1)) if after != before else random.choice((1, 1, 2, 3))
        if before.framing == "bare":
            wanted = 0  # the version after a bare one changes the framing alone
        done = 0
        for _ in range(12):
            if done == wanted:
                break
            done += _change(drawer, history, version, touched, additive=additive)
        if not done and after == before:
            history.changes.append((root, "", added(drawer, root, version)))
        history.forms.append(after)
    return history


def _change(drawer: Drawer, history: History, version: int, touched: set[tuple[int, str]], *, additive: bool) -> bool:
    """Draws one change and applies it; False if there was none to make."""
    random = drawer.random
    found = list(places(history.root, version))
    verb = random.choice(_ADDITIVE if additive else _ANY)
    fitting = [one for one in found if _fits(verb, one[0], one[2])]
    if not fitting:
        return False
    spec, path, each = random.choice(fitting)
    if (id(spec), "") in touched:
        return False  # it is new in this version, and nobody adds an object and changes it at once
    if verb != "add" and ((id(spec), each.name) in touched or each.name in (KEY, KIND)):
        return False
    change = _drawn(drawer, spec, each, verb, version, touched, additive=additive)
    if change is None:
        return False
    history.changes.append((spec, path, change))
    if change.verb == "add":
        touched |= {(id(nested), "") for nested in specs_in(spec.fields(-1)[-1].type)}
    touched |= {(id(spec), name) for name in (change.name, *change.inputs, *change.outputs)}
    return True


def _drawn(
    drawer: Drawer, spec: Spec, each: Field, verb: str, version: int, touched: set[tuple[int, str]], *, additive: bool
) -> Change | None:
    """A change of a verb, applied to an object; None if there was none to make."""
    match verb:
        case "add":
            return added(drawer, spec, version)
        case "remove" | "purge":
            return removed(drawer, spec, each, version, purge=verb == "purge", additive=additive)
        case "rename":
            return renamed(drawer, spec, each, version)
        case "retype":
            return retyped(drawer, spec, each, version)
        case "redefault":
            return redefaulted(drawer, spec, each, version)
        case "widen":
            return widened(drawer, spec, each, version, additive=additive)
        case "split":
            return split_up(drawer, spec, each, version)
        case "merge":
            return _merged(drawer, spec, each, version, touched)
        case "retype_each":
            return retyped_each(drawer, spec, each, version)
        case "rekey":
            return rekeyed(spec, each, version)
        case _:
            untouched = not touched & {(id(spec), one.name) for one in spec.fields(-1)}
            return replaced(drawer, spec, version) if untouched else None


def _merged(drawer: Drawer, spec: Spec, each: Field, version: int, touched: set[tuple[int, str]]) -> Change | None:
    """An attribute and another one become one; None if there is no other one."""
    others = [
        one for one in spec.fields(-1) if one is not each and is_plain_text(one) and (id(spec), one.name) not in touched
    ]
    return merged(drawer, spec, (each, drawer.random.choice(others)), version) if others else None


def _fits(verb: str, spec: Spec, each: Field) -> bool:
    """Whether a change is worth to be tried there; a rare one is not to be lost to a random attribute."""
    if verb == "widen":
        inner = each.type.inner if isinstance(each.type, NullableType) else each.type
        return isinstance(inner, EnumType) and len(inner.members) > 1
    if verb == "replace":
        return not spec.shares and is_leaf(spec, -1) and each.type == Scalar("str") and each.default is REQUIRED
    if verb in ("split", "merge"):
        return is_plain_text(each)
    if verb in ("retype_each", "rekey"):
        return elements_in(each.type) is not None
    return True
