"""What a run found, as files: `goals.json` for programs, `rows.json` with all that was measured."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Measured
from benchmarks.row import Row
from versioned_serde import native

FOLDER = Path(__file__).parent / "results"
_LIBRARIES = (
    "pydantic",
    "pydantic-core",
    "msgspec",
    "protobuf",
    "ormsgpack",
    "orjson",
    "msgpack",
    "fastavro",
    "confluent-kafka",
    "cattrs",
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A cell over all processes.

    Attributes:
        ratio: median of the processes' ratios.
        low: the lowest of them.
        high: the highest.
        ours: median nanoseconds of a call.
        theirs: median nanoseconds of a call.
    """

    ratio: float
    low: float
    high: float
    ours: float
    theirs: float

    @classmethod
    def of(cls, found: Sequence[Measured]) -> Summary:
        ratios = [each.ratio for each in found]
        ours, theirs = median(each.ours for each in found), median(each.theirs for each in found)
        return cls(median(ratios), min(ratios), max(ratios), ours, theirs)


Found = Mapping[str, tuple[Row, Mapping[str, Summary]]]
"""Key of a row -> the row, and its cells by record."""


def circumstances() -> dict[str, Any]:
    """Machine, versions and date: without them a figure says nothing."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "versions": {
            platform.python_implementation(): platform.python_version(),
            "versioned-serde": version("versioned-serde"),
            "native core": "in use" if native.in_use() else f"not in use: {native.why_not}",
            **{name: version(name) for name in _LIBRARIES},
        },
        "date": datetime.now(UTC).date().isoformat(),
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"


def goals(found: Found) -> dict[str, Any]:
    """What `goals.json` holds beside the circumstances: ratios, and the lowest and the highest of the processes."""
    return {
        key: {
            record: {
                "ratio": round(cell.ratio, 4),
                "goal": row.goals[record],
                "min": round(cell.low, 4),
                "max": round(cell.high, 4),
            }
            for record, cell in cells.items()
        }
        for key, (row, cells) in found.items()
        if row.goals
    }


def times(found: Found) -> dict[str, Any]:
    """What `rows.json` holds beside the circumstances: ratios, and nanoseconds of a call."""
    return {
        key: {
            "title": row.title,
            "records": {
                record: {
                    "ratio": round(cell.ratio, 4),
                    "min": round(cell.low, 4),
                    "max": round(cell.high, 4),
                    "ours_ns": round(cell.ours, 1),
                    "theirs_ns": round(cell.theirs, 1),
                }
                for record, cell in cells.items()
            },
        }
        for key, (row, cells) in found.items()
    }


def write(path: Path, text: str) -> None:
    """Replaces the file at once: whoever reads it sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    temporary = Path(file.name)
    temporary.chmod(0o644)
    temporary.replace(path)


def write_json(path: Path, content: Any) -> None:
    write(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
