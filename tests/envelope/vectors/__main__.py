"""Writes the test vectors of envelope format 1: `python -m tests.envelope.vectors docs/spec/vectors/v1`.

Nothing here imports the library: records are built from the specification alone, so that the two check each other.
What a record means, or why it is refused, is written by hand beside each record.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.envelope.vectors.common import Vector
from tests.envelope.vectors.envelope import envelope
from tests.envelope.vectors.foreign import foreign
from tests.envelope.vectors.headers import headers
from tests.envelope.vectors.inline import inline
from tests.envelope.vectors.location import acceptance, location


def text(vectors: list[Vector]) -> str:
    """One vector on a line, so that a change of one is a change of one line."""
    names = [vector["name"] for vector in vectors]
    if len(set(names)) < len(names):
        raise ValueError(f"used twice: {sorted({name for name in names if names.count(name) > 1})}")
    lines = ",\n".join(json.dumps(vector, ensure_ascii=True) for vector in vectors)
    return f'{{"envelope_format": 1, "vectors": [\n{lines}\n]}}\n'


def write(directory: Path) -> None:
    """Writes one file for each kind of vectors."""
    for make in (envelope, inline, headers, location, foreign, acceptance):
        (directory / f"{make.__name__}.json").write_text(text(make()))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
