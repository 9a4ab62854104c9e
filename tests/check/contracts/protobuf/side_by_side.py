"""The same two trees of .proto files, compared by us and by the real buf."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from versioned_serde.check.contracts.protobuf.compiling import compiled
from versioned_serde.check.contracts.protobuf.contract import compare

BUF = Path(sys.executable).with_name("buf")
_FOUND = 100
SETS = ("FILE", "PACKAGE", "WIRE_JSON", "WIRE")
"""Between them they have all 64 rules."""


class Found(NamedTuple):
    """A finding, as far as both have to say the same.

    Attributes:
        case: the folder of the case that it belongs to.
        rule: buf's id.
        path: of the file; None where it has none any more.
        span: line, column, end line and end column.
    """

    case: str
    rule: str
    path: str | None
    span: tuple[int, int, int, int] | None


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def image(folder: Path, *more: str) -> Path:
    """The folder as buf compiles it."""
    made = folder.with_suffix(".binpb")
    _buf(folder.parent, "build", folder.name, "-o", made.name, *more)
    return made


def set_of_protoc(folder: Path) -> Path:
    """The folder as protoc compiles it."""
    made = folder.with_name(f"{folder.name}-protoc.binpb")
    made.write_bytes(
        compiled([folder], {each.relative_to(folder).as_posix(): each for each in folder.rglob("*.proto")})
    )
    return made


def ours(old: Path, new: Path, rules: Sequence[str] = SETS) -> Counter[Found]:
    found: Counter[Found] = Counter()
    for each in compare(old, new, [f"buf:{name}" for name in rules]).findings:
        place, (alias,) = each.place, each.aliases
        path = span = None
        if place is not None:
            path = os.path.relpath(place.path, new) if new.is_dir() else place.path
            span = (place.line or 0, place.column or 0, place.end_line or 0, place.end_column or 0)
        found[Found(_case(path, each.message + f" `{each.attribute}`"), alias, path, span)] += 1
    return found


def theirs(old: Path, new: Path, rules: Sequence[str] = SETS) -> Counter[Found]:
    """What buf says of two images."""
    config = json.dumps({"version": "v2", "breaking": {"use": list(rules)}})
    command = ("breaking", new.name, "--against", old.name, "--config", config, "--error-format", "json")
    found: Counter[Found] = Counter()
    for line in _buf(new.parent, *command, codes=(0, _FOUND)).splitlines():
        said = json.loads(line)
        path = said.get("path")
        span = (said["start_line"], said["start_column"], said["end_line"], said["end_column"]) if path else None
        found[Found(_case(path, said["message"]), said["type"], path, span)] += 1
    return found


def _case(path: str | None, message: str) -> str:
    if path is not None:
        return path.partition("/")[0]
    named = re.search(r"\b(case_\w+)", message)
    return named[1] if named else ""


def _buf(folder: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder)}
    ended = subprocess.run([BUF, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode in codes, ended.stdout + ended.stderr
    return ended.stdout
