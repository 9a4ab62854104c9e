"""The lines of retired versions taken out, and the first one that is left made absolute."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import libcst as cst

from versioned_serde.check.certificates import FOLDER
from versioned_serde.check.fix.declaring import NotEditableError, SchemaCall, retire_value
from versioned_serde.check.fix.editing import Fix, opened, place
from versioned_serde.check.fix.looking import look
from versioned_serde.check.fix.patch import Patch
from versioned_serde.check.fix.probe import Seen
from versioned_serde.check.fix.source import Source
from versioned_serde.check.release import Release
from versioned_serde.check.settings import Settings
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.lock.files import parsed
from versioned_serde.settings import SettingsError

_FORM = ("codec", "coding", "framing", "checksum")
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^.\[\]"]+|\[[^\]]*\]')


def retire(settings: Settings, releases: Sequence[Release], version: int, name: str, certificate: str | None) -> Fix:
    """What is to be written so that a version, and those before it, are not read any more.

    Args:
        settings: the project's.
        releases: the releases beside; none of them may write such a version.
        version: the newest one that goes.
        name: the schema or parameter.
        certificate: the text of a certificate that no record of a schema's version is left; a parameter needs none.

    Raises:
        SettingsError: it may not go; the text says why.
    """
    patch = Patch()
    sight = look(settings, {}, {}, {})
    if sight.error:
        raise SettingsError(sight.error)
    seen = next((each for each in sight.seen if each.name == name and each.registry), None)
    if seen is None:
        raise SettingsError(f"No registry has `{name}`.")
    is_schema = bool(seen.min_readers)
    if is_schema:
        patch.write(
            settings.lock_folder / FOLDER / f"{name}.{version}.json", _certified(settings, seen, version, certificate)
        )
    if seen.numbers[0] > version:
        return Fix(patch, [], [], writable=True)
    _check_written(seen, releases, version)
    try:
        source, call = opened(settings, patch, seen)
        if is_schema:
            schema = SchemaCall(source, call)
            shapes = _shapes(settings, name)
            schema.retire(version, _rebased(schema, version + 1, seen, shapes), _gone(shapes, seen, version))
        else:
            retire_value(source, call, version)
    except NotEditableError as error:
        raise SettingsError(
            f"{name}: {error} ({place(settings, patch, seen)}).",
            hint="Take the line out as docs/how-to/retire-a-version.md says.",
        ) from None
    patch.edit(Path(seen.file), source.edited)
    after = look(settings, patch.texts(), {}, {})
    if after.error or after.differences:
        return Fix(patch, [], [after.error, *after.differences] if after.error else after.differences, writable=False)
    for file, text in after.lock.items():
        patch.write(settings.lock_folder / file, text)
    return Fix(patch, [f"{name}: version {version} is not read any more."], [], writable=True)


def _locked(settings: Settings, name: str) -> dict[str, Any]:
    try:
        return parsed((settings.lock_folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"The lock of `{name}` cannot be read: {error}", hint="Run `serde-check lock`.") from None


def _certified(settings: Settings, seen: Seen, version: int, text: str | None) -> str:
    """The certificate, if it is one for this version."""
    if text is None:
        raise SettingsError(
            f"Nothing says that no record of version {version} of {seen.name} is left.",
            hint="Give the certificate of a census with `--certificate`.",
        )
    try:
        certificate = Certificate.parsed(text)
    except ValueError as error:
        raise SettingsError(f"The certificate cannot be used. {error}") from None
    if (certificate.schema, certificate.version) != (seen.name, version):
        raise SettingsError(
            f"The certificate is about version {certificate.version} of {certificate.schema}, not about version"
            f" {version} of {seen.name}."
        )
    entry = _locked(settings, seen.name)["versions"].get(str(version))
    if entry is None:
        raise SettingsError(f"Version {version} of {seen.name} is not in the lock.")
    if objection := certificate.objection(version_digest(entry)):
        raise SettingsError(f"The certificate does not allow it: {objection}.", hint="Take the census again.")
    return certificate.text()


def _check_written(seen: Seen, releases: Sequence[Release], version: int) -> None:
    """Refuses what is still written, here or beside."""
    said = seen.writes or seen.numbers[-1]
    if said <= version:
        raise SettingsError(f"{seen.name} writes version {said}.", hint="Activate a newer one first.")
    beside = 0
    for release in releases:
        lock = release.schemas.get(seen.name) or release.parameters.get(seen.name)
        beside += lock is not None
        if lock is not None and lock.writes <= version:
            raise SettingsError(
                f"{release.name} writes version {lock.writes} of {seen.name}.",
                hint="Wait until no host runs it any more, and compare with the release that runs.",
            )
    if not beside:
        raise SettingsError(f"No release beside this one has {seen.name}, so nothing shows what is still written.")


def _shapes(settings: Settings, name: str) -> dict[int, Mapping[str, str]]:
    return {int(number): each["shape"] for number, each in _locked(settings, name)["versions"].items()}


def _gone(shapes: Mapping[int, Mapping[str, str]], seen: Seen, version: int) -> list[str]:
    """The names that only the retired versions have, as `reserved` says them: of what is gone, the outermost."""
    left = {_plain(path) for number in seen.numbers if number > version for path in shapes.get(number, ())}
    had = {_plain(path) for number in seen.numbers if number <= version for path in shapes.get(number, ())}
    gone = had - left
    return sorted(path for path in gone if path.rpartition(".")[0] not in gone)


def _plain(path: str) -> str:
    """A path of the lock without the arms of unions, and with names as they are."""
    parts = [part for part in _PART.findall(path) if not part.startswith("[")]
    return ".".join(str(json.loads(part)) if part.startswith('"') else part for part in parts)


def _rebased(schema: SchemaCall, number: int, seen: Seen, shapes: Mapping[int, Mapping[str, str]]) -> str:
    """The line of the first version that is left, which says everything that it had inherited."""
    source, line = schema.source, schema.line(number)
    reader = seen.min_readers[number]
    steps: list[str] = []
    if reader < number:
        for each in schema.lines:
            if reader < each.number <= number:
                steps += _fills(source, each.steps, shapes.get(number, {}))
    form = schema.form(number)
    said = [f"{name}={form[name]}" for name in _FORM if name in form and form[name] not in ('"none"', "'none'")]
    said += [f"min_reader={reader}"] if reader < number else []
    others = (*_FORM, "number", "min_reader")
    said += [source.code(arg) for arg in line.call.args if arg.keyword is not None and arg.keyword.value not in others]
    return f"{source.code(line.call.func)}({', '.join([str(number), *steps, *said])})"


def _inside(shape: Mapping[str, str] | None, place: cst.BaseExpression) -> Mapping[str, str] | None:
    """The shape of the objects at a place; None where it is not known, as of a class or of the arms of a union."""
    if shape is None or not isinstance(place, cst.SimpleString):
        return None
    prefix = str(place.evaluated_value) + "."
    return {path.removeprefix(prefix): line for path, line in shape.items() if path.startswith(prefix)} or None


def _fills(source: Source, steps: Iterable[cst.Arg], shape: Mapping[str, str] | None) -> list[str]:
    """The additions whose fills the records of later versions still need: an older host may have edited them.

    Args:
        source: the file.
        steps: of a version line, or of a `within` in it.
        shape: of the objects that they are about; None where it is not known.
    """
    kept: list[str] = []
    for step in steps:
        call = step.value
        if not isinstance(call, cst.Call):
            continue
        verb = source.code(call.func).rpartition(".")[2]
        plain = [arg for arg in call.args if arg.keyword is None]
        if verb == "within" and plain:
            inner = _fills(source, plain[1:], _inside(shape, plain[0].value))
            kept += [f"{source.code(call.func)}({', '.join([source.code(plain[0]), *inner])})"] if inner else []
        elif any(arg.keyword is not None and arg.keyword.value == "fill" for arg in call.args):
            name = plain[0].value if plain else None
            known = (
                None
                if shape is None or not isinstance(name, cst.SimpleString)
                else shape.get(str(name.evaluated_value))
            )
            optional = known is not None and " = " in known and not known.endswith(" = computed")
            if verb not in ("remove", "retype") and not optional and (shape is None or known is not None):
                kept.append(source.code(call))
    return kept
