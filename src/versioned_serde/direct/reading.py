"""Which decoder reads the payloads of a listed version, if any can do it without a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from versioned_serde import plugins
from versioned_serde.direct.writing import NATIVE
from versioned_serde.limits import Limits
from versioned_serde.native import Decoder
from versioned_serde.protocols import HasMaking, Make, Making, ModelKind
from versioned_serde.serializer.line import Line
from versioned_serde.shape import Shape


def direct_decoders(lines: Sequence[Line], kind_of: Callable[[Shape], ModelKind], limits: Limits) -> dict[int, Decoder]:
    """Decoders of payloads that are not mixed, which give exactly the values of the way through a tree.

    Args:
        lines: the listed versions, ascending.
        kind_of: the kind of a shape's model.
        limits: the schema's bounds.

    Returns:
        By version. Without those that steps divide from the newest, and those that only a tree is exact for.
    """
    newest = lines[-1]
    twins = plugins.twins() if any(type(line.codec).__module__ in NATIVE for line in lines) else None
    if twins is None:
        return {}

    def making_of(shape: Shape) -> Making | Make | None:
        kind = kind_of(shape)
        return kind.making(shape) if isinstance(kind, HasMaking) else None

    decoders: dict[str, Decoder | None] = {}
    found: dict[int, Decoder] = {}
    for line in lines:
        codec = NATIVE.get(type(line.codec).__module__)
        if codec is None or line.shape is not newest.shape:
            continue
        if codec not in decoders:
            decoders[codec] = twins.decoder(codec, newest.shape, making_of, limits)
        decoder = decoders[codec]
        if decoder is not None:
            found[line.number] = decoder
    return found
