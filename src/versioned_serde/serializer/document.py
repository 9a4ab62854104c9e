"""A decoded value with its origin and with what was not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from versioned_serde.evolution.erasure import Erase
from versioned_serde.evolution.patch import Patch
from versioned_serde.serializer.reader import Origin
from versioned_serde.serializer.values import Build, Dump, Trace
from versioned_serde.shape import Shape
from versioned_serde.tree import Raw, Tree, Typed, same

T = TypeVar("T")


class Document(Generic[T]):
    """A record between `read` and `write`.

    The model does not know where it came from; the document does. It holds the record as retained, what the editor was
    shown, and the value; writing compares the three, so that an edit changes what the caller changed and nothing else.
    Not for use by several threads at once.

    Attributes:
        origin: what the record said of itself.
        value: the value as it is now. Change it in place within `edit`, or give another one to `set`.
    """

    def __init__(
        self,
        origin: Origin,
        tree: Tree,
        shape: Shape,
        build: Build,
        dump: Dump,
        keys: Mapping[str, str],
        erase: Erase,
    ) -> None:
        self.origin = origin
        self._base = tree
        self._shape = shape
        self._build = build
        self._dump = dump
        self._keys = keys
        self._erase = erase
        self._show()

    def _show(self) -> None:
        self.value: T = self._build(self._base)
        # Dumped at once, because the value may be changed in place. The trace keeps every object of the value alive,
        # so that its identity is not given to another one.
        self._owners: Trace = {}
        self._before: Tree = self._dump(self.value, self._owners)

    @property
    def version(self) -> int:
        """The record's version, which may be newer than any that this process lists."""
        return self.origin.version

    @property
    def unknown(self) -> Mapping[str, Raw | Typed]:
        """What this process does not understand, by path such as `lines[0].gift`."""
        return dict(_undeclared(self._base, ""))

    def shows_the_same(self, other: Document[T]) -> bool:
        """Whether both showed their readers the same value, to the last bit and with the same presence."""
        return same(self._before, other._before)

    @contextmanager
    def edit(self) -> Iterator[T]:
        """The value, to be changed in place. If the block raises, the document is as it was, with a new value."""
        try:
            yield self.value
        except BaseException:
            self._show()
            raise

    def set(self, value: T) -> None:
        """Another value in place of the one that was read, as a patch by comparison; for models that are frozen."""
        self._dump(value, None)  # refused here rather than when the record is written
        self.value = value

    def purge(self) -> None:
        """Takes out what was kept for versions that are retired, so that what has to go is gone when it is written.

        That is every value under a name of `Schema(reserved=...)`, and what lossy ways kept for versions before the
        first listed one. What this process does not understand besides stays.
        """
        self._erase(self._base)

    @property
    def retained(self) -> Tree:
        """The record as it was read, in the newest form. For the writer, which does not change it."""
        return self._base

    def edited(self) -> Tree:
        """The record with the edit, in the newest form. For the writer.

        Raises:
            AmbiguousEditError: it cannot be told which element of a list carries which unknown attributes.
            UnwritableValueError: the value is not of the model.
        """
        owners: Trace = {}
        after = self._dump(self.value, owners)
        patch = Patch(self._keys, _owner(self._owners), _owner(owners))
        return patch.apply(self._shape, self._base, self._before, after)


def _owner(trace: Trace) -> Callable[[Any], object | None]:
    return lambda node: trace.get(id(node))


def _undeclared(value: Any, path: str) -> Iterator[tuple[str, Raw | Typed]]:
    if type(value) is dict:
        for name, item in value.items():
            yield from _undeclared(item, f"{path}.{name}" if path else name)
    elif type(value) is list:
        for index, item in enumerate(value):
            yield from _undeclared(item, f"{path}[{index}]")
    elif type(value) is Raw or type(value) is Typed:
        yield path, value
