"""Certificates: what a census found, as the reason for which a reader may go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
"""Of the files."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One place that was scanned in full.

    Attributes:
        place: what the operator calls it.
        run: the name of the census.
        began_at: when it began.
        ended_at: when it ended.
        records: how many it found.
    """

    place: str
    run: str
    began_at: datetime
    ended_at: datetime
    records: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a full scan of a schema's records found, begun after every writer of a version was fenced off.

    Attributes:
        schema: the schema's name.
        version: the version whose reader may go.
        digest: `version_digest` of the version in the lock when the scan was made.
        fenced_at: since when no live host writes that version.
        began_at: when the scan began.
        ended_at: when it ended.
        counts: (version, min_reader, mixed) -> records found.
        scans: the places that were scanned.
        cleared: what else may have held records -> when it was confirmed to hold none of the version.
    """

    schema: str
    version: int
    digest: str
    fenced_at: datetime
    began_at: datetime
    ended_at: datetime
    counts: Mapping[tuple[int, int, bool], int]
    scans: tuple[Scan, ...] = ()
    cleared: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def parsed(cls, text: str) -> Certificate:
        """A certificate's file.

        Raises:
            ValueError: it is none; the text says why.
        """
        content = json.loads(text)
        if type(content) is not dict or content.get("what") != "certificate":
            raise ValueError("It is not a certificate.")
        if content.get("format") != FORMAT:
            raise ValueError(f"It has the format {content.get('format')!r}, and this release knows {FORMAT}.")
        try:
            counts = {
                (int(each["version"]), int(each["min_reader"]), bool(each["mixed"])): int(each["records"])
                for each in content["counts"]
            }
            scans = tuple(
                Scan(
                    each["place"],
                    each["run"],
                    datetime.fromisoformat(each["began_at"]),
                    datetime.fromisoformat(each["ended_at"]),
                    int(each["records"]),
                )
                for each in content["scans"]
            )
            cleared = {place: datetime.fromisoformat(at) for place, at in content["cleared"].items()}
            fenced, began, ended = (
                datetime.fromisoformat(content[key]) for key in ("fenced_at", "began_at", "ended_at")
            )
            certificate = cls(
                content["schema"], int(content["version"]), content["digest"], fenced, began, ended, counts,
                scans, cleared,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"It lacks something, or holds something else there: {error!r}.") from None
        times = [each for scan in scans for each in (scan.began_at, scan.ended_at)]
        if any(moment.tzinfo is None for moment in (fenced, began, ended, *times, *cleared.values())):
            raise ValueError("Its times have no time zone.")
        return certificate

    def text(self) -> str:
        """The file, as `parsed` reads it."""
        return (
            json.dumps(
                {
                    "format": FORMAT,
                    "what": "certificate",
                    "schema": self.schema,
                    "version": self.version,
                    "digest": self.digest,
                    "fenced_at": self.fenced_at.isoformat(),
                    "began_at": self.began_at.isoformat(),
                    "ended_at": self.ended_at.isoformat(),
                    "scans": [
                        asdict(scan) | {"began_at": scan.began_at.isoformat(), "ended_at": scan.ended_at.isoformat()}
                        for scan in self.scans
                    ],
                    "cleared": {place: at.isoformat() for place, at in sorted(self.cleared.items())},
                    "counts": [
                        {"version": version, "min_reader": min_reader, "mixed": mixed, "records": records}
                        for (version, min_reader, mixed), records in sorted(self.counts.items())
                    ],
                },
                indent=2,
            )
            + "\n"
        )

    def objection(self, digest: str) -> str:
        """Why the reader must stay, or an empty text.

        Args:
            digest: `version_digest` of the version as the lock has it now.
        """
        if self.digest != digest:
            return "it was made for another declaration of the version"
        if not self.fenced_at <= self.began_at <= self.ended_at:
            return "its scan did not begin after the fence"
        if left := sum(records for (version, _, _), records in self.counts.items() if version <= self.version):
            return f"it counts {left} records of version {self.version} or older"
        return ""


def version_digest(version: Mapping[str, Any]) -> str:
    """The digest of a version's entry in the lock: 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(version, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
