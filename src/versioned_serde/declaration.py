"""`Version` lines -> resolved lines, and every way in which they can be wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from versioned_serde import plugins
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.envelope.tag import MAX_VERSION, is_schema_name
from versioned_serde.errors import DeclarationError, KeylessListWarning, SerdeError
from versioned_serde.evolution.binding import Describer
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.locations import check_framings
from versioned_serde.evolution.min_reader import Change, min_readers
from versioned_serde.evolution.path import first_reused, paths
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.theirs import theirs
from versioned_serde.evolution.version import FRAMINGS, Framing, Version
from versioned_serde.protocols import Codec, Coding, NumberedCodec
from versioned_serde.serializer.line import Line
from versioned_serde.shape import EnumType, ListType, NullableType, ObjectType, Scalar, Shape, Type

JSON_ID = 1
UNNAMED = 0


def check_lines(name: str, versions: Sequence[Version], *, view: bool) -> None:
    """What can be wrong with the name and the numbers alone, before anything is derived from them.

    Args:
        name: the schema's name.
        versions: as declared.
        view: whether each line may say the min_reader that the schema's owner gave it.

    Raises:
        DeclarationError: see above.
    """
    if not is_schema_name(name):
        raise DeclarationError(
            f"`{name}` is not a schema's name.", hint="Use 1 to 200 letters, digits, dots, dashes and underscores."
        )
    _check_numbers(versions, view)
    for version in versions:
        if left_open(version):
            raise DeclarationError(
                "The line says `...`, which stands for what only a person knows.",
                hint="Put in what it stands for.",
                version=version.number,
            )

        if not view and _says(version.steps, lambda said: isinstance(said, theirs)):
            raise DeclarationError(
                "`theirs()` stands for a step of another team's, and the schema is no view.",
                hint="Take it out, or say `view=True`.",
                version=version.number,
            )


def left_open(version: Version) -> bool:
    """Whether a line says `...` somewhere, in place of a step or of what a step is given."""
    return _says(version.steps, lambda said: said is ...)


def _says(said: object, meant: Callable[[object], bool]) -> bool:
    """Whether a step, something that it was given, or a step within it, is what is meant."""
    parts: Iterable[object] = said if isinstance(said, tuple) else ()
    if isinstance(said, Step):
        parts = getattr(said, "__dict__", {}).values()
    return meant(said) or any(_says(part, meant) for part in parts)


def resolve(
    name: str,
    versions: Sequence[Version],
    lineage: Lineage,
    describer: Describer,
    reserved: Collection[str],
    *,
    view: bool,
) -> list[Line]:
    """The listed versions with everything that decides their bytes.

    Args:
        name: the schema's name.
        versions: as declared; `check_lines` has passed them.
        lineage: derived from them.
        describer: for `Version(model=...)`.
        reserved: paths of attributes that were used before the first listed version.
        view: whether only a part of the schema is declared, so that a version may change nothing of it.

    Raises:
        DeclarationError: something cannot be right; the text says what, and how to mend it.
    """
    forms = _forms(versions, view)
    check_framings(versions, [form.framing for form, _ in forms])
    _check_names(lineage.history, reserved)
    changes = [
        Change(
            version.number,
            version.steps,
            changed,
            shape,
            form.codec.retains_unknown,
            _implied(form.codec, shape),
            version.min_reader,
        )
        for version, (form, changed), shape in zip(versions, forms, lineage.shapes, strict=True)
    ]
    first = versions[0].min_reader or versions[0].number
    lines = []
    for version, change, (form, _), (reader, why) in zip(
        versions, changes, forms, min_readers(first, changes), strict=True
    ):
        try:
            form.codec.check(change.shape)
            if version.model is not None and describer.type(version.model) != ObjectType(change.shape):
                raise DeclarationError(
                    f"The steps do not lead back to `{version.model.__qualname__}`.",
                    hint="Declare every difference between the two models as a step.",
                )
        except SerdeError as error:
            raise error.located(version=version.number) from error.__cause__
        lines.append(
            Line(name, version.number, reader, why, change.shape, form.codec, form.coding, form.framing, form.checksum)
        )
    return lines


class _Form:
    """What a version's bytes are made with, beside its shape."""

    def __init__(
        self, codec: Codec, coding: Coding | None, framing: Framing | ForeignFraming, checksum: bool | None
    ) -> None:
        self.codec = codec
        self.coding = coding
        self.framing: Framing | ForeignFraming = framing
        self.declared_checksum = checksum
        # On where the bytes are likely to be stored, off where a transport checks them already.
        self.checksum = framing == "envelope" if checksum is None else checksum

    def differences(self, other: _Form) -> tuple[str, ...]:
        """The names of what differs, codecs and codings being compared as objects."""
        return tuple(
            name for name in ("codec", "coding", "framing", "checksum") if getattr(self, name) != getattr(other, name)
        )


def _check_numbers(versions: Sequence[Version], view: bool) -> None:
    if not versions:
        raise DeclarationError("The schema has no versions.", hint="Start with `Version(1, codec=..., framing=...)`.")
    for version in versions:
        if type(version.number) is not int or not 1 <= version.number <= MAX_VERSION:
            raise DeclarationError(f"{version!r} has no valid number.", hint="Versions are numbered 1, 2, 3, ...")
    for before, after in pairwise(version.number for version in versions):
        if after != before + 1:
            raise DeclarationError(
                f"Version {after} follows version {before}.",
                hint="List each version once, in ascending order and without a gap; only the oldest may be retired.",
            )
    first = versions[0]
    if first.codec is None or first.framing is None:
        raise DeclarationError(
            f"{first!r} is the first listed line and must say its codec and its framing.",
            hint='Add for example `codec="json", framing="envelope"`.',
        )
    for version in versions:
        if version.min_reader is not None and not 1 <= version.min_reader <= version.number:
            raise DeclarationError(
                f"{version!r} has a min_reader that is not between 1 and {version.number}.",
                hint="Say the min_reader that the version had when older lines were still listed.",
            )
    if first.steps and first.min_reader in (None, first.number):
        raise DeclarationError(
            f"{first!r} is the first listed line, so its steps lead from nowhere.",
            hint="Take the steps out, or say the `min_reader` that it had before older lines were retired.",
        )
    for version in versions[1:]:
        if version.min_reader is not None and not view:
            raise DeclarationError(
                f"{version!r} says a min_reader, which follows from the lines before.",
                hint="Take `min_reader` out; only the first listed line may need it.",
            )


def _forms(versions: Sequence[Version], view: bool) -> list[tuple[_Form, tuple[str, ...]]]:
    """The form of each version, and what of it the version changed."""
    result: list[tuple[_Form, tuple[str, ...]]] = []
    for version in versions:
        before = result[-1][0] if result else None
        try:
            form = _form(version, before)
        except SerdeError as error:
            raise error.located(version=version.number) from error.__cause__
        changed = () if before is None else form.differences(before)
        if before is not None and not changed and not version.steps and not view:
            raise DeclarationError(
                f"{version!r} changes nothing against version {version.number - 1}.",
                hint="Take the line out, or say what it changes.",
            )
        result.append((form, changed))
    return result


def _form(version: Version, before: _Form | None) -> _Form:
    if before is None:
        assert version.codec is not None  # `_check_numbers` has seen to both
        assert version.framing is not None
        codec, coding, framing = plugins.codec(version.codec), None, version.framing
    else:
        codec = before.codec if version.codec is None else _same(plugins.codec(version.codec), before.codec)
        coding, framing = before.coding, before.framing if version.framing is None else version.framing
    if version.coding is not None:
        coding = plugins.coding(version.coding)
        if before is not None and before.coding is not None and coding is not None:
            coding = _same(coding, before.coding)
    if framing not in FRAMINGS and not isinstance(framing, ForeignFraming):  # type checkers know, people may not
        raise DeclarationError(f"There is no framing `{framing}`.", hint=f"Known are {', '.join(FRAMINGS)}.")
    checksum = version.checksum
    if checksum is None and before is not None and version.framing is None:
        checksum = before.declared_checksum
    form = _Form(codec, coding, framing, checksum)
    if form.checksum and framing not in ("envelope", "headers"):
        raise DeclarationError(
            f"The framing `{getattr(framing, 'name', framing)}` has no place for a checksum.",
            hint="Take `checksum` out.",
        )
    if codec.id == UNNAMED and framing in ("envelope", "headers", "inline"):
        raise DeclarationError(
            f"The codec `{codec.name}` is for data from before this library, and no tag names it.",
            hint='Say `framing="bare"` with it; the next version says another codec and `framing="envelope"`.',
        )
    if framing == "inline" and (codec.id != JSON_ID or coding is not None):
        raise DeclarationError(
            "The framing `inline` is for plain JSON.", hint='Use `codec="json"` without a coding, or another framing.'
        )
    return form


def _same(new: Any, before: Any) -> Any:
    """A plug-in named again is the same plug-in, not a change."""
    return before if new == before or (type(new) is type(before) and _state(new) == _state(before)) else new


def _state(plugin: Any) -> Any:
    return getattr(plugin, "__dict__", None)


def _check_names(history: Sequence[Shape], reserved: Collection[str]) -> None:
    for shape in history:
        for path, _ in paths(shape):
            name = path.rpartition(".")[2]
            if not name or name[0] in "$#":
                raise DeclarationError(
                    f"The name `{name}` is reserved: names that begin with `$` or `#` are this library's.",
                    hint="Give the attribute another wire name.",
                ).inside(path)
            if path in reserved:
                raise DeclarationError(
                    "The name was used before and is reserved.",
                    hint="A name once used is never used again; give the new attribute another one.",
                ).inside(path)
    if (reused := first_reused(history)) is not None:
        raise DeclarationError(
            "The name was given up in one version and is used again in a later one.",
            hint="Old records still hold the old attribute under it; give the new attribute another name.",
        ).inside(reused)


def check_writes(lines: Sequence[Line], writes: int | None, *, view: bool) -> int:
    """The write version; of a view, which makes no records, the lowest listed one, so that no edit raises a version.

    Raises:
        DeclarationError: it is missing or not listed, or more than one raising version lies above it.
    """
    numbers = [line.number for line in lines]
    if view:
        if writes is not None:
            raise DeclarationError("A view has no `writes`: it makes no new records.", hint="Take `writes` out.")
        return numbers[0]
    if writes is None:
        if len(lines) == 1:
            return numbers[0]
        raise DeclarationError(
            "The schema lists several versions and does not say which one it writes.",
            hint=f"Say `writes={numbers[-2]}` to prepare version {numbers[-1]}, `writes={numbers[-1]}` to activate it.",
        )
    if writes not in numbers:
        raise DeclarationError(
            f"`writes={writes}` is not a listed version.", hint=f"Listed are {', '.join(map(str, numbers))}."
        )
    raising = [line for line in lines if line.number > writes and line.raised_by]
    if len(raising) > 1:
        raise DeclarationError(
            f"Versions {' and '.join(str(line.number) for line in raising)} each raise min_reader above the write"
            f" version {writes} ({'; '.join(', '.join(line.raised_by) for line in raising)}).",
            hint=f"Activate version {raising[0].number} before you prepare the next one.",
        )
    return writes


def _implied(codec: Codec, shape: Shape) -> frozenset[tuple[str, ...]]:
    if not isinstance(codec, NumberedCodec):
        return frozenset()
    try:
        return codec.implied(shape)
    except DeclarationError:
        return frozenset()  # its own check says why it cannot carry the shape, and for which version


def check_presence(presence: str) -> None:
    """Raises `DeclarationError` for anything but the two ways."""
    if presence not in ("explicit", "all"):
        raise DeclarationError(
            f"There is no presence `{presence}`.",
            hint='Use "explicit" (what was set is written) or "all" (defaults are written out).',
        )


def check_keys(shape: Shape, keys: Mapping[str, str]) -> list[str]:
    """The paths of the lists of objects that have no key.

    Raises:
        DeclarationError: a key names no list of objects, or no attribute that can identify one.
    """
    types = dict(paths(shape))
    lists = {path: item for path, type_ in types.items() if (item := _listed_object(type_)) is not None}
    for path, key in keys.items():
        if path not in lists:
            raise DeclarationError(
                f"`keys` names `{path}`, which is not a list of objects.",
                hint=f"Lists of objects are {', '.join(f'`{known}`' for known in lists) or 'none'}.",
            )
        attribute = lists[path].get(key)
        if attribute is None or not isinstance(attribute.type, Scalar | EnumType):
            raise DeclarationError(
                f"`keys` says `{key}` for `{path}`, which is not a plain attribute of its elements.",
                hint=f"The elements have {', '.join(f'`{known}`' for known in lists[path].names)}.",
            )
    return [path for path in lists if path not in keys]


def warn_of_keyless(name: str, paths_: Iterable[str]) -> None:
    """Warns whoever declares a schema of its lists of objects that have no key."""
    for path in paths_:
        warnings.warn(
            f"{name}: the list `{path}` has no key, so an edit that moves and changes its elements at once can be"
            f' refused as ambiguous. Say `keys={{"{path}": ...}}`.',
            KeylessListWarning,
            stacklevel=3,
        )


def _listed_object(type_: Type) -> Shape | None:
    match type_:
        case NullableType(inner=inner):
            return _listed_object(inner)
        case ListType(item=ObjectType(shape=shape)):
            return shape
        case _:
            return None
