"""The native core: payloads of new values without a tree between, where it was built and a shape allows it.

It is optional. Without it everything works, and gives the same bytes and the same errors, because whatever is unusual
about a shape or a value is left to the pure path anyway. `VERSIONED_SERDE_PURE=1` in the environment leaves all to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from versioned_serde.evolution.outline import Outline
from versioned_serde.limits import Limits
from versioned_serde.protocols import Layout, Straight
from versioned_serde.shape import ScalarName, Shape, Type

Ending = Literal["", "checksum", "member"]
"""Nothing, or the CRC-32 of all is added, or the prefix is an open JSON object that the payload's members close."""
SWITCH = "VERSIONED_SERDE_PURE"
"""Name of the environment variable that selects the pure path when it is `1`."""
FieldKind = Literal["varint", "four", "eight", "sized", "message", "single", "singles"]
"""How a field of a protobuf message is written: its wire type, with floats of 4 bytes and packed ones apart."""
DeclaredFields: TypeAlias = "dict[int, tuple[FieldKind, DeclaredFields | None]]"
"""Number of a field -> its kind, and the fields of a `message`."""
Layouts = Callable[[Shape], Layout | None]
"""Shape -> the layout of its model."""


@dataclass(frozen=True, slots=True)
class Target:
    """A version that is written.

    Attributes:
        shape: its shape.
        keeps: whether its records hold unknown attributes; otherwise they are left out.
        complete: whether all that it requires is looked for.
    """

    shape: Shape
    keeps: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Formats:
    """How the pure path writes what the core does not write itself.

    Attributes:
        text: name of a scalar -> its text function, which raises for what has no text.
        float_text: the text of a finite float.
        constant: type, tree value, and how many objects and lists may be nested in it -> payload. Raises `SerdeError`.
    """

    text: Callable[[ScalarName], Callable[[Any], str]]
    float_text: Callable[[float], str]
    constant: Callable[[Type, Any, int], bytes]


class Encoder(Protocol):
    """Writes the payloads of one shape."""

    def encode(self, value: Any, prefix: bytes) -> bytes | None:
        """The prefix and the payload, or None for any value that is unusual: then the pure path knows what to do."""
        ...

    def counted(self, prefix: bytes, cell: Any, otherwise: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
        """Compiled: a value -> its record with this prefix, or what `otherwise` gives.

        Args:
            prefix: what stands before the payload.
            cell: one of `new_cell`; it grows by one for each record that is not from `otherwise`.
            otherwise: what is called with a value that is unusual.
        """
        ...


@dataclass(frozen=True, slots=True)
class Frame:
    """What is put around a payload, and counted.

    Attributes:
        prefix: what stands before it.
        cells: each, one of `new_cell`, grows by one for each record.
    """

    prefix: bytes
    cells: tuple[Any, ...]


@runtime_checkable
class Framing(Encoder, Protocol):
    """An encoder that also writes values in another version than their own, and does more than to put a prefix."""

    def marked(self, value: Any) -> tuple[bytes, bool] | None:
        """The payload, and whether there is anything in the value that the version does not declare. None as above."""
        ...

    def framed(
        self, plain: Frame, mixed: Frame, ending: Ending, otherwise: Callable[[Any], bytes]
    ) -> Callable[[Any], bytes]:
        """Compiled: a value -> its record, or what `otherwise` gives.

        Args:
            plain: for values in which the version declares everything.
            mixed: for all others.
            ending: what is done at last.
            otherwise: what is called with a value that is unusual.
        """
        ...


class Decoder(Protocol):
    """Reads the payloads of one shape; see `adapters.msgspec_twin`."""

    def decode(self, payload: bytes) -> Any:
        """The value, or None for any payload that is unusual: then the pure path knows what to do."""
        ...

    def counted(
        self, prefix: bytes, ending: Ending, cell: Any, otherwise: Callable[[Any], Any], most: int
    ) -> Callable[[Any], Any]:
        """Compiled: a record that begins with exactly this prefix -> its value, or what `otherwise` gives.

        Args:
            prefix: what stands before the payload.
            ending: what was done when it was written.
            cell: one of `new_cell`; it grows by one for each record that is not from `otherwise`.
            otherwise: what is called with any other record, and with one that is unusual.
            most: the most bytes of a record.
        """
        ...


def _modules() -> tuple[Any, Any, Any, Any, str]:
    if os.environ.get(SWITCH) == "1":
        return None, None, None, None, f"The environment says {SWITCH}=1."
    try:
        plans, wrap, batch, cell = (
            import_module(f"versioned_serde.native.{name}") for name in ("plans", "wrap", "batch", "cell")
        )
    except ImportError:
        why = "The extension was not built: at installation there was no C compiler, or no Cython."
        return None, None, None, None, why
    return plans, wrap, batch, cell, ""


why_not: str
"""Why the pure path is in use; empty if it is not."""
_compiler, _wrapper, _batch, _cell, why_not = _modules()


def in_use() -> bool:
    """Whether the native core is in use in this process."""
    return _compiler is not None


def compile_encoder(
    codec: Literal["json", "msgpack"],
    outline: Outline,
    target: Target,
    layouts: Layouts,
    formats: Formats,
    limits: Limits,
    most: int,
) -> Framing | None:
    """An encoder that gives exactly the bytes of the pure path, or None where no plan can promise that.

    Args:
        codec: how payloads are written.
        outline: what the version holds of values of the newest version, which are what is written.
        target: the version.
        layouts: of all models within.
        formats: how the pure path writes.
        limits: the bounds that the pure path keeps to.
        most: the largest payload that may be written, in bytes.
    """
    if _compiler is None:
        return None
    encoder: Framing | None = _compiler.encoder(codec == "json", outline, target, layouts, formats, limits, most)
    return encoder


def new_cell() -> Any:
    """A cell to count in, or None if the core is not in use."""
    return None if _cell is None else _cell.Cell()


def each() -> Any:
    """The function `direct.batches.each` as one native call, or None if the core is not in use."""
    return None if _batch is None else _batch.each


def wrap(straight: Straight, most: int) -> Encoder | None:
    """An encoder around a library's own function, or None if the core is not in use.

    Args:
        straight: the function.
        most: the largest payload that may be written, in bytes.
    """
    if _wrapper is None:
        return None
    encoder: Encoder = _wrapper.Wrapped(straight.model, straight.encode, straight.check, most)
    return encoder


def declared_alone(fields: DeclaredFields) -> Callable[[bytes], bool] | None:
    """A message, as protobuf itself writes it -> whether it holds no fields but these; None without the core.

    Floats of 4 bytes that are infinite or no number count as undeclared: upb's Python changes the bits of some.
    """
    if _wrapper is None:
        return None
    made: Callable[[bytes], bool] = _made(fields)
    return made


def _made(fields: DeclaredFields) -> Any:
    return _wrapper.Fields(
        {number: (kind, None if nested is None else _made(nested)) for number, (kind, nested) in fields.items()}
    )
