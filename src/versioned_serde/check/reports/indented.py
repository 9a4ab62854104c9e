"""JSON with indentation, for reports of tens of thousands of findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import Any


def indented(value: Any, margin: str = "\n") -> str:
    """The text of `json.dumps(value, indent=2)`, for which the library takes twice as long.

    It is ASCII: names from other people's files may hold what no encoding has, and the reader's encoding is not known.

    Args:
        value: objects, whose keys are texts, lists or iterators, and what `json` takes as scalars.
        margin: how a line begins at this depth.
    """
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if type(value) is int:  # not a bool
        return str(value)
    inner = margin + "  "
    if isinstance(value, dict) and value:
        members = [f"{quoted(key)}: {indented(each, inner)}" for key, each in value.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{margin}}}"
    if isinstance(value, (list, Iterator)):
        elements = [indented(each, inner) for each in value]
        return f"[{inner}{f',{inner}'.join(elements)}{margin}]" if elements else "[]"
    return json.dumps(value)
