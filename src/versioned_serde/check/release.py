"""A release as its lock tells of it: what it reads, and what it writes.

Nothing is imported for that, so a release of long ago is read like the one in this working tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from versioned_serde import plugins
from versioned_serde.errors import DeclarationError, LockError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.description import described
from versioned_serde.lock.files import Declared, parsed

_RESTORE = "Restore it from version control, or write it anew with that release."
_DEFAULT = " = "
_TAGGED = ("envelope", "inline", "headers")


@dataclass(frozen=True, slots=True)
class VersionLock:
    """A version of a schema in a lock.

    Attributes:
        number: its number.
        form: `codec`, `codec_id`, `coding`, `coding_id`, `framing` and `checksum`: all that decides the bytes but the
            shape.
        min_reader: the lowest version whose readers can read its records.
        raised_by: why that is its own number; empty if it is not.
        steps: as they were declared, functions and types left out.
        shape: each attribute's path -> its type and default.
        added: the same of attributes that a step adds and another one of this version converts, as they were added.
        digest: of the shape.
        fields: each attribute's path -> the number and kind of its field, for codecs with numbered fields.
    """

    number: int
    form: Mapping[str, Any]
    min_reader: int
    raised_by: tuple[str, ...]
    steps: tuple[str, ...]
    shape: Mapping[str, str]
    added: Mapping[str, str]
    digest: str
    fields: Mapping[str, str]

    @property
    def tagged(self) -> bool:
        """Whether its records say their version and min_reader, so that a release that does not list it may cope."""
        return self.form["framing"] in _TAGGED

    def same_form(self, other: VersionLock) -> bool:
        """Whether all that decides the bytes but the shape is the same."""
        # Without a tag, nobody sees a min_reader.
        return self.form == other.form and (not self.tagged or self.min_reader == other.min_reader)

    def same_bytes(self, other: VersionLock) -> bool:
        """Whether the records of another release's version of the same number are the same."""
        return self.same_form(other) and (self.digest, self.fields) == (other.digest, other.fields)

    def copes(self, newer: VersionLock) -> bool:
        """Whether a reader that takes a newer version's record for one of this version finds what it knows.

        What it does not know, it keeps, unless its codec cannot.
        """
        if not _retains(self.form["codec"]):
            return (self.digest, self.fields) == (newer.digest, newer.fields)
        numbers = {field: path for path, field in newer.fields.items()}
        return all(
            _found(line, newer.shape.get(path))
            and self.fields.get(path) == newer.fields.get(path, self.fields.get(path))
            and numbers.get(self.fields.get(path, ""), path) == path
            for path, line in self.shape.items()
        )


@dataclass(frozen=True, slots=True)
class SchemaLock:
    """A schema in a lock.

    Attributes:
        name: its name.
        writes: the version of new records.
        listed: the versions that are read, ascending.
        written: the versions of which records may exist, as far as the lock knows: all that a release wrote.
        reserved: names of attributes that must not come back.
        keys: path of a list -> its declared key.
        versions: all that were ever locked, also those that are not listed any more.
        content: the whole file.
    """

    name: str
    writes: int
    listed: tuple[int, ...]
    written: frozenset[int]
    reserved: frozenset[str]
    keys: Mapping[str, str]
    versions: Mapping[int, VersionLock]
    content: Mapping[str, Any]

    @property
    def newest(self) -> int:
        """The newest version that is listed."""
        return self.listed[-1]

    def readable(self) -> str:
        """Which versions it lists, for people."""
        first, last = self.listed[0], self.listed[-1]
        return f"version {first}" if first == last else f"versions {first} to {last}"

    def reads(self, other: SchemaLock, number: int) -> bool:
        """Whether this release reads records of a version as another release declares it.

        A listed version has to be the same here. A newer one is read as the newest listed one, if its min_reader allows
        it; its tag then says what the newest one's would, and what the newest one has, it has too.
        """
        version = other.versions[number]
        if number in self.listed:
            return self.versions[number].same_bytes(version)
        newest = self.versions[self.newest]
        return (
            newest.number < number <= newest.number + DEFAULT_LIMITS.version_window
            and version.tagged
            and version.min_reader == newest.min_reader
            and version.form == newest.form
            and newest.copes(version)
        )

    def reads_new(self, other: SchemaLock) -> bool:
        """Whether this release reads what another one writes anew."""
        return self.reads(other, other.writes)


@dataclass(frozen=True, slots=True)
class ParameterLock:
    """A parameter in a lock.

    Attributes:
        name: its name.
        kind: `at_most`, `at_least` or `one_of`.
        writes: the version whose value is emitted.
        listed: the versions whose values are tolerated, ascending.
        tolerates: the bound, or the values.
        versions: version -> value.
    """

    name: str
    kind: str
    writes: int
    listed: tuple[int, ...]
    tolerates: Any
    versions: Mapping[int, Any]

    @property
    def emits(self) -> Any:
        """The value that the release sends."""
        return self.versions[self.writes]

    def accepts(self, value: Any) -> bool:
        """Whether the release tolerates a peer's value."""
        match self.kind:
            case "at_most":
                return bool(value <= self.tolerates)
            case "at_least":
                return bool(value >= self.tolerates)
            case _:
                return value in self.tolerates


@dataclass(frozen=True, slots=True)
class Release:
    """What one release declares.

    Attributes:
        name: for people: a tag or branch, a folder, or `this release`.
        schemas: by name.
        parameters: by name.
        views: the schemas of other teams of which this release reads a part, by name.
    """

    name: str
    schemas: Mapping[str, SchemaLock]
    parameters: Mapping[str, ParameterLock]
    views: Mapping[str, SchemaLock] = field(default_factory=dict)

    @classmethod
    def of_declared(cls, name: str, declared: Iterable[Declared], folder: Path | None = None) -> Release:
        """What live registries declare, with what the lock in `folder` remembers of earlier releases."""
        return cls.of_descriptions(name, map(described, declared), folder)

    @classmethod
    def of_descriptions(cls, name: str, descriptions: Iterable[dict[str, Any]], folder: Path | None = None) -> Release:
        """The same, of what was described already."""
        schemas: dict[str, SchemaLock] = {}
        parameters: dict[str, ParameterLock] = {}
        views: dict[str, SchemaLock] = {}
        for each in descriptions:
            _put(_remembered(each, folder), schemas, parameters, views)
        return cls(name, schemas, parameters, views)

    @classmethod
    def of_texts(cls, name: str, texts: Mapping[str, str]) -> Release:
        """The files of a lock.

        Args:
            name: of the release.
            texts: each file's name -> its content.

        Raises:
            LockError: one of them is no lock that this release of the library knows.
        """
        schemas: dict[str, SchemaLock] = {}
        parameters: dict[str, ParameterLock] = {}
        views: dict[str, SchemaLock] = {}
        for file, text in sorted(texts.items()):
            try:
                _put(parsed(text), schemas, parameters, views)
            except ValueError as error:
                raise LockError(f"`{file}` of {name} cannot be read: {error}", hint=_RESTORE) from None
            except (KeyError, TypeError, AttributeError) as error:
                raise LockError(f"`{file}` of {name} lacks something: {error!r}.", hint=_RESTORE) from None
        return cls(name, schemas, parameters, views)


def _remembered(now: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    """A description with what the lock knows of releases before; a view knows nothing of them."""
    if "view" in now or not (locked := _locked(folder, now["name"])):
        return now
    known = {**now, "versions": {**locked["versions"], **now["versions"]}}
    if "written" in now:
        known["written"] = sorted({*now["written"], *locked.get("written", ())})
    return known


def _locked(folder: Path | None, name: str) -> Mapping[str, Any] | None:
    """What the lock remembers of a schema or parameter; nothing if it cannot be read, which another rule tells of."""
    try:
        return None if folder is None else parsed((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _put(
    content: Mapping[str, Any],
    schemas: dict[str, SchemaLock],
    parameters: dict[str, ParameterLock],
    views: dict[str, SchemaLock],
) -> None:
    """Takes up a file of a lock. Raises whatever comes of one that was edited."""
    if content["what"] == "schema":
        schema = _schema(content)
        if missing := {*schema.listed, *schema.written, schema.writes} - schema.versions.keys():
            raise ValueError(f"It names version {min(missing)}, and does not hold it.")
        (views if content.get("view") else schemas)[schema.name] = schema
    else:
        parameter = _parameter(content)
        if missing := {*parameter.listed, parameter.writes} - parameter.versions.keys():
            raise ValueError(f"It names version {min(missing)}, and does not hold it.")
        parameters[parameter.name] = parameter


def _retains(codec: str) -> bool:
    """Whether a codec keeps what a shape does not declare; of one that is not installed, nobody knows that."""
    try:
        return plugins.codec(codec).retains_unknown
    except DeclarationError:
        return False


def _found(known: str, line: str | None) -> bool:
    """Whether an attribute that a reader knows is in a newer version what it takes it for."""
    if line is None or known == line:
        return line is not None or _DEFAULT in known
    type_, _, default = known.partition(_DEFAULT)
    other, _, others = line.partition(_DEFAULT)
    return default == others and open_enum(type_) and open_enum(other)


def open_enum(line: str) -> bool:
    """Whether an attribute's type, as a lock tells of it, is an enum that takes members that it does not know."""
    return line.startswith("Literal[") and "] | " in line


def _schema(content: Mapping[str, Any]) -> SchemaLock:
    return SchemaLock(
        name=content["name"],
        writes=content["writes"],
        listed=tuple(content["listed"]),
        written=frozenset(content["written"]),
        reserved=frozenset(content["reserved"]),
        keys=content["keys"],
        versions={int(number): _version(int(number), each) for number, each in content["versions"].items()},
        content=content,
    )


def _version(number: int, content: Mapping[str, Any]) -> VersionLock:
    form = {key: content[key] for key in ("codec", "codec_id", "coding", "coding_id", "framing", "checksum")}
    return VersionLock(
        number=number,
        form=form,
        min_reader=content["min_reader"],
        raised_by=tuple(content["raised_by"]),
        steps=tuple(content["steps"]),
        shape=content["shape"],
        added=content.get("added", {}),
        digest=content["digest"],
        fields=content.get("fields", {}),
    )


def _parameter(content: Mapping[str, Any]) -> ParameterLock:
    return ParameterLock(
        name=content["name"],
        kind=content["kind"],
        writes=content["writes"],
        listed=tuple(content["listed"]),
        tolerates=content["tolerates"],
        versions={int(number): value for number, value in content["versions"].items()},
    )
