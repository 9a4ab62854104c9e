"""Which encoder writes new values in the write version, if any can do it without a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from versioned_serde.adapters.texts import float_text, text_form
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.limits import Limits
from versioned_serde.native import Encoder, Formats, Target, compile_encoder
from versioned_serde.presence import all_present
from versioned_serde.protocols import HasLayout, Layout, ModelKind
from versioned_serde.serializer.instances import Presence
from versioned_serde.serializer.line import Line
from versioned_serde.serializer.writer import largest_payload
from versioned_serde.shape import Shape, Type

NATIVE: dict[str, Literal["json", "msgpack"]] = {
    "versioned_serde.codecs.json": "json",
    "versioned_serde.codecs.msgpack": "msgpack",
}
"""Module of a codec -> what the native core calls it. Somebody's own codec of that name or id is another codec."""


def direct_encoder(
    line: Line, lineage: Lineage, kind_of: Callable[[Shape], ModelKind], limits: Limits, presence: Presence
) -> Encoder | None:
    """An encoder of new values in one version, that gives exactly the bytes of the way through a tree.

    Args:
        line: the version to write.
        lineage: leads there from the newest version, whose values are written.
        kind_of: the kind of a shape's model.
        limits: the schema's bounds.
        presence: which attributes new values show.

    Returns:
        None where everything goes through a tree.
    """
    codec = NATIVE.get(type(line.codec).__module__)
    newest = lineage.shapes[-1]
    outline = lineage.outline(line.number, all_present(newest) if presence == "all" else newest)
    if codec is None or outline is None or line.coding is not None:
        return None

    def layout_of(shape: Shape) -> Layout | None:
        kind = kind_of(shape)
        return kind.layout(shape) if isinstance(kind, HasLayout) else None

    def constant(type_: Type, value: Any, room: int) -> bytes:
        return line.codec.value(type_, replace(limits, max_depth=room)).encode(value).data

    return compile_encoder(
        codec,
        outline,
        Target(line.shape, keeps=not line.untagged, complete=line.number != lineage.newest),
        layout_of,
        Formats(lambda name: text_form(name, limits).write, float_text, constant),
        limits,
        largest_payload(limits),
    )
