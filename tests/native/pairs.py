"""One schema with the native core and without."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any, Self

import pytest

from versioned_serde import Schema, SerdeError, Version, native
from versioned_serde.errors import KeylessListWarning
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.native import Encoder
from versioned_serde.serializer.line import Packed

needs_native = pytest.mark.skipif(not native.in_use(), reason=native.why_not)
"""Without the core there is nothing to compare; all other tests then run on the pure path."""


class Pair:
    """A schema of one version, whose two ways of writing are compared.

    Attributes:
        schema: the schema.
    """

    def __init__(
        self, model: Any, codec: Any, *, limits: Limits = DEFAULT_LIMITS, trusted: bool = False, **more: Any
    ) -> None:
        if not more:
            more = {"framing": "envelope", "checksum": False}
        version = Version(1, codec=codec, **more)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeylessListWarning)
            self.schema: Schema[Any] = Schema("pair.of", model, version, limits=limits, trusted=trusted)

    @classmethod
    def of(cls, schema: Schema[Any]) -> Self:
        """The two ways of a given schema."""
        made = cls.__new__(cls)
        made.schema = schema
        return made

    @property
    def encoder(self) -> Encoder | None:
        """The native encoder, or None where no plan can be made."""
        return self.schema._compiled.encoder

    def check(self, value: Any) -> bool:
        """Asserts that all ways give the same, and count the same; tells whether the core wrote the value."""
        start = self._counts()
        pure = _outcome(self.schema._packed_by_tree, value)
        once = self._counts() - start
        assert _outcome(self.schema.pack, value) == pure
        assert self._counts() - start == once + once
        record = self.at_once(value)
        assert record is None or record == pure
        calls = 3 if record else 2
        if isinstance(pure, Packed) and not pure.headers:
            assert self.schema.dumps(value) == pure.payload
            calls += 1
        assert self._counts() - start == sum([once] * calls, Counter())
        return record is not None

    def at_once(self, value: Any) -> Packed | None:
        """What the core alone makes of the value."""
        write = self.schema._compiled.pack
        return None if write is None else write(value)

    def _counts(self) -> Counter[tuple[str, str]]:
        return Counter({(count.version, count.outcome): count.value for count in self.schema.counts()})


def _outcome(write: Any, value: Any) -> Any:
    try:
        return write(value)
    except SerdeError as error:
        return type(error), str(error)
