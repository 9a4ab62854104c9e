"""Pickles, taken apart without running anything of the service, and nothing that a pickle may ask for.

Python's own unpickler reads them, with a list of opcodes and a list of classes. A service's class is never called or
even imported: in its place stands a record of what the pickle says of the instance. A few types of the standard library
are made as they are. Whatever else a pickle names is refused.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from versioned_serde.errors import LimitError, PayloadError, SerdeError
from versioned_serde.limits import Limits

_REFUSED = frozenset(
    (
        *("PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4"),  # objects from elsewhere
        *("INST", "OBJ", "NEWOBJ_EX"),  # other ways to make instances
        *("BYTEARRAY8", "NEXT_BUFFER", "READONLY_BUFFER"),  # memory before there are bytes for it
    )
)
_OPCODES = frozenset(ord(each.code) for each in pickletools.opcodes if each.name not in _REFUSED)


class Instance:
    """What a pickle says of an instance of one class. There is a subclass for each class.

    Attributes:
        arguments: what the instance was made from.
        state: what was set on it then.
    """

    named: str
    arguments: tuple[Any, ...]
    state: Any = None

    def __new__(cls, *arguments: Any) -> Instance:
        made = super().__new__(cls)
        made.arguments = arguments
        return made

    def __init__(self, *arguments: Any) -> None:
        """Takes what `__new__` has noted already."""

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def __eq__(self, other: object) -> bool:
        # In a set or as a key: members of an enum are told by their value, other instances were different ones.
        if self is other or not self.arguments:
            return self is other
        return isinstance(other, Instance) and type(other) is type(self) and self.arguments == other.arguments

    def __hash__(self) -> int:
        return hash(self.arguments) if self.arguments else id(self)


def reader(classes: Mapping[str, type[Instance]], limits: Limits) -> Callable[[bytes], Any]:
    """A function that takes pickles apart.

    Args:
        classes: `module.qualified name` as it stands in pickles -> what stands for instances.
        limits: the schema's bounds. What a pickle makes of values that it has said once is counted too.

    Returns:
        pickle -> plain Python values and `Instance`s. It raises `PayloadError` or `LimitError`, and nothing else, for
        any bytes, and needs memory in proportion to them.
    """

    def read(data: bytes) -> Any:
        stream = io.BytesIO(data)
        try:
            value = _Unpickler(stream, classes, limits).load()
        except SerdeError:
            raise
        except Exception as error:  # noqa: BLE001  whatever Python's unpickler and constructors say of such bytes
            raise PayloadError(f"The pickle is malformed ({type(error).__name__}).") from None
        if stream.tell() != len(data):
            raise PayloadError("Something follows the pickle.")
        return value

    return read


class _Unpickler(pickle._Unpickler):  # type: ignore[name-defined,misc,unused-ignore]  # noqa: SLF001
    """The one in Python, because it reserves no memory by numbers that a pickle says."""

    # What an opcode does, by its number; replaced below where it would do too much.
    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        code: load
        for code, load in pickle._Unpickler.dispatch.items()  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001
        if code in _OPCODES
    }

    def __init__(self, stream: io.BytesIO, classes: Mapping[str, type[Instance]], limits: Limits) -> None:
        super().__init__(stream)
        self._classes = classes
        self._limits = limits
        self._room = {"max_items": limits.max_items, "max_inflated": limits.max_inflated}
        self._values: dict[str, Callable[..., Any]] = {
            **dict.fromkeys(
                ("builtins.set", "__builtin__.set"), self._collected(set)
            ),  # protocol 2 says it as Python 2
            **dict.fromkeys(("builtins.frozenset", "__builtin__.frozenset"), self._collected(frozenset)),
            "__builtin__.bytes": _no_bytes,
            "_codecs.encode": self._encoded,
            "datetime.date": date,
            "datetime.datetime": datetime,
            "datetime.time": time,
            "datetime.timedelta": timedelta,
            "datetime.timezone": timezone,
            "decimal.Decimal": self._decimal,
            "uuid.UUID": _Uuid,
        }

    def find_class(self, module: str, name: str) -> Any:
        named = f"{module}.{name}"
        found = self._classes.get(named) or self._values.get(named)
        if found is None:
            raise PayloadError(
                f"The pickle names `{named[:200]}`, which is not listed.",
                hint="If it is a class of your own, list it: `Pickle(Order, ...)`, or by that name.",
            )
        return found

    def _take(self, limit: str, size: int) -> None:
        self._room[limit] -= size
        if self._room[limit] < 0:
            raise LimitError("The pickle makes more of its values than it holds.", limit=limit)

    def _collected(self, make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def collect(items: list[Any]) -> Any:
            self._take("max_items", len(items))
            if not all(map(_is_plain, items)):
                raise PayloadError("The pickle has an element of a set that is neither a plain value nor an enum.")
            return make(items)

        return collect

    def _encoded(self, text: str, encoding: str) -> bytes:
        if encoding != "latin1":
            raise PayloadError("The pickle holds bytes in an encoding that no pickle is written in.")
        self._take("max_inflated", len(text))
        return text.encode("latin-1")

    def _decimal(self, text: str) -> Decimal:
        self._take("max_inflated", len(text))
        if len(text) > self._limits.max_digits + 32:  # room for sign, point and exponent
            raise LimitError("A decimal of the pickle is too long.", limit="max_digits")
        return Decimal(text)


def _build(unpickler: Any) -> None:
    """Sets the state of an instance, and of nothing else: functions and classes have a state, too."""
    state = unpickler.stack.pop()
    if not isinstance(unpickler.stack[-1], Instance):
        raise PayloadError("The pickle sets a state on what is no instance.")
    unpickler.stack[-1].__setstate__(state)


def _hashing(name: str, *, every: int) -> None:
    """Has an opcode look at what it is about to hash: a deep tuple would overrun the stack of the interpreter.

    Args:
        name: the opcode, which takes its arguments from the stack.
        every: how many of the arguments there are for one that is hashed.
    """
    code = getattr(pickle, name)[0]
    load = _Unpickler.dispatch[code]

    def checked(unpickler: Any) -> None:
        keys = unpickler.stack[-2:-1] if name == "SETITEM" else unpickler.stack[::every]
        if not all(map(_is_plain, keys)):
            raise PayloadError("The pickle has a key or an element of a set that is neither a plain value nor an enum.")
        load(unpickler)

    _Unpickler.dispatch[code] = checked


_PLAIN = (str, int, float, bool, bytes, type(None), Decimal, date, datetime, time, timedelta)


def _is_plain(value: Any) -> bool:
    arguments = value.arguments if isinstance(value, Instance) else (value,)
    return all(type(each) in _PLAIN for each in arguments)


_Unpickler.dispatch[pickle.BUILD[0]] = _build
_hashing("SETITEM", every=1)
for _name, _every in (("SETITEMS", 2), ("DICT", 2), ("ADDITEMS", 1), ("FROZENSET", 1)):
    _hashing(_name, every=_every)


def _no_bytes() -> bytes:
    """How protocol 2 says `b""`; other bytes it says as text."""
    return b""


class _Uuid(Instance):
    """A UUID, whose number is set on it after it was made."""

    named = "uuid.UUID"


def uuid_of(value: Any) -> UUID | None:
    """The UUID that a pickle holds, or None for anything else."""
    state = getattr(value, "state", None)
    if type(value) is not _Uuid or type(state) is not dict or type(state.get("int")) is not int:
        return None
    return UUID(int=state["int"]) if 0 <= state["int"] < 2**128 else None
