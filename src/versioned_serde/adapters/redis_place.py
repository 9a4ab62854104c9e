"""Where a store over Redis keeps its records, and what else all such stores have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Final, Self

from versioned_serde.adapters.redis_calls import Client, RedisCalls, encoded
from versioned_serde.errors import DeclarationError

OURS: Final = "versioned-serde:"
"""What the keys begin with that are not records: no prefix of records may be taken for it, or lead to it."""


class RedisPlace(ABC):
    """The keys of a server that begin with a prefix, over connections that every process opens for itself."""

    def __init__(self, source: str | Client, prefix: str, timeout: float) -> None:
        """Raises: DeclarationError: URL, client or prefix cannot be used."""
        if OURS.startswith(prefix) or prefix.startswith(OURS):
            raise DeclarationError(
                f"`{prefix}` cannot be the prefix of records: what is beside them begins so.",
                hint="Choose a prefix such as `orders:`.",
            )
        self.__setstate__((source, prefix, timeout))
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def _settle(self) -> None:
        """Prepares the store over `_calls`, without a call."""

    @abstractmethod
    def _look(self) -> None:
        """Refuses a server that will not do."""

    def beside(self, name: str) -> Self:
        """The records at `versioned-serde:beside:<name>:<prefix>` on the same server."""
        other = object.__new__(type(self))
        other.__setstate__((self._source, f"{OURS}beside:{name}:{self._prefix}", self._timeout))
        return other

    def close(self) -> None:
        """Closes the connections, unless the client was given. Later calls raise."""
        self._calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> tuple[str, str, float]:
        if not isinstance(self._source, str):
            raise DeclarationError(
                "A store over a client cannot go to another process.", hint="Open it by a URL, such as `redis://...`."
            )
        return self._source, self._prefix, self._timeout

    def __setstate__(self, state: tuple[str | Client, str, float]) -> None:
        # Without a call: a server that is not there is an error of the first use, not of the unpickling.
        self._source, self._prefix, self._timeout = state
        self._at = encoded(self._prefix, "")
        self._calls = RedisCalls(self._source, self._timeout)
        self._settle()

    def _place(self, key: str) -> bytes:
        return self._at + encoded(key, key)


def has_tag(prefix: str) -> bool:
    """Whether a cluster keeps all keys that begin so in one slot: there is a `{tag}`, and it is not empty."""
    _, brace, rest = prefix.partition("{")
    tag, end, _ = rest.partition("}")
    return bool(brace and end and tag)
