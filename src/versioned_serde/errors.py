"""The one tree of errors.

Every error that this library raises on purpose is a `SerdeError`. It carries what a person needs at 3 a.m. as
attributes, and its text is made from them: the schema, the version, the place inside the value, what happened and
what to do next. It never carries payload values, because those hold personal data.

Lower floors do not know the schema or the version they work for. They raise with what they know, and the floor that
knows more adds it with `located` or `inside` while the error passes through.
"""

from __future__ import annotations

from typing import Self


class SerdeError(Exception):
    """Base of all errors of this library.

    Attributes:
        problem: what happened, one sentence without the place and without payload values.
        schema: name of the schema concerned, or None where none is known.
        version: version concerned, or None.
        known_versions: versions that this process can read, ascending; empty where that does not matter.
        path: where in the value, such as `lines[3].sku`; empty for the whole value.
        hint: what to do next, one sentence; may be empty.
    """

    def __init__(
        self,
        problem: str,
        *,
        hint: str = "",
        schema: str | None = None,
        version: int | None = None,
        known_versions: tuple[int, ...] = (),
        path: str = "",
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.schema = schema
        self.version = version
        self.known_versions: tuple[int, ...] = known_versions
        self.path: str = path

    def located(
        self, *, schema: str | None = None, version: int | None = None, known_versions: tuple[int, ...] = ()
    ) -> Self:
        """Adds what the error does not know yet; what a lower floor said stays."""
        self.schema = self.schema if self.schema is not None else schema
        self.version = self.version if self.version is not None else version
        self.known_versions = self.known_versions or known_versions
        return self

    def inside(self, place: str) -> Self:
        """Puts `place` (an attribute's name, or an index such as `[3]`) in front of the path."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        self.path = f"{place}{joint}{self.path}"
        return self

    def __str__(self) -> str:
        where = [
            part for part in (self.schema, f"version {self.version}" if self.version is not None else None) if part
        ]
        text = f"{' '.join(where)}: " if where else ""
        text += f"at `{self.path}`: " if self.path else ""
        text += self.problem
        if self.known_versions:
            text += f" This process reads {', '.join(map(str, self.known_versions))}."
        if self.hint:
            text += f" {self.hint}"
        return text

    def __reduce__(self) -> tuple[object, ...]:
        # The default would lose the attributes when an error crosses a process boundary.
        return (_rebuild, (type(self), self.args, self.__dict__))


def _rebuild(kind: type[SerdeError], args: tuple[str, ...], attributes: dict[str, object]) -> SerdeError:
    error = kind.__new__(kind, *args)
    Exception.__init__(error, *args)
    error.__dict__.update(attributes)
    return error


class DeclarationError(SerdeError):
    """A `Schema`, `Version`, `Registry` or `Parameter` that cannot be right. Raised when it is declared."""


class MissingExtraError(DeclarationError):
    """A plug-in needs a library that is not installed; the hint has the exact `pip install`."""


class ReadError(SerdeError):
    """Bytes that were not turned into a value. The caller must not overwrite what it could not read."""


class TagError(ReadError):
    """The tag is missing, damaged or malformed.

    Attributes:
        reason: a stable word for the cause, listed in `docs/spec/envelope-v1.md`, such as `no-tag`.
    """

    def __init__(self, problem: str, *, reason: str, hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.reason = reason


class ChecksumError(TagError):
    """The CRC-32 does not match: the bytes were damaged after they were written."""


class TagMismatchError(TagError):
    """A well-formed tag says something else than the declaration, or than a second tag on the same payload."""


class UnreadableVersionError(ReadError):
    """The tag names a version that this process must not read.

    Attributes:
        min_reader: the lowest version whose readers can read the record, or None where the tag does not say.
    """

    def __init__(self, problem: str, *, min_reader: int | None = None, hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.min_reader = min_reader


class PayloadError(ReadError):
    """The payload is not what its version says: malformed for the codec, or not of the version's shape."""


class LimitError(ReadError):
    """A bound of `limits` was exceeded.

    Attributes:
        limit: name of the attribute of `Limits` concerned.
    """

    def __init__(self, problem: str, *, limit: str, hint: str = "") -> None:
        super().__init__(problem, hint=hint or f"If such data is legitimate, raise `Limits.{limit}` for this schema.")
        self.limit = limit


class StreamError(ReadError):
    """A stream of records ends inside one, or has a malformed length. What follows cannot be found any more."""


class WriteError(SerdeError):
    """A value that was not written. Nothing was partly written."""


class UnwritableValueError(WriteError):
    """A value does not fit the shape or the codec of the version that is being written."""


class AmbiguousEditError(WriteError):
    """An edited list from which it cannot be told which element carries which unknown attributes."""


class ConversionError(ReadError, WriteError):
    """A step's function failed or returned what does not fit. It can strike on the way up and on the way down.

    Attributes:
        step: the step concerned, as declared, such as `retype('total')`.
    """

    def __init__(self, problem: str, *, step: str, hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.step = step


class StoreError(SerdeError):
    """A store refused; the record is as it was, or, where it is transient, perhaps changed.

    Attributes:
        key: the record's key.
        transient: whether the same call may succeed later (a time-out, a lost connection, a busy database).
    """

    def __init__(self, problem: str, *, key: str, hint: str = "", transient: bool = False) -> None:
        super().__init__(problem, hint=hint)
        self.key = key
        self.transient = transient


class RecordExistsError(StoreError):
    """`insert` found a record under the key."""


class UnsafeStoreError(StoreError):
    """A store accepts a write that it must refuse, so that a backfill would lose what live hosts write."""


class RecordMissingError(StoreError):
    """`edit`, `read` or `replace` found no record under the key."""


class ConflictError(StoreError):
    """Others kept changing the record; every attempt of a compare-and-set lost."""


class BackfillError(SerdeError):
    """A backfill that cannot begin, go on or end as asked; no record was lost by it.

    Attributes:
        run: its name, or an empty text.
    """

    def __init__(self, problem: str, *, run: str = "", hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.run = run


class LockError(SerdeError):
    """The lock was not written, because a locked version is no longer what it was."""


class SerdeWarning(UserWarning):
    """Base of the warnings of this library."""


class KeylessListWarning(SerdeWarning):
    """A list of objects has no declared key, so an edit of newer data can become ambiguous."""
