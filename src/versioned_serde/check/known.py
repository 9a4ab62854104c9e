"""Findings from before a project used `serde-check`, in a file: they do not count until the code is changed.

The file is JSON with one line for each finding, sorted, so that two branches that change it can be merged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from versioned_serde.check.finding import Finding
from versioned_serde.check.fingerprints import fingerprints, path_from
from versioned_serde.errors import SerdeError

_FORMAT: Final = 1


class KnownFindingsError(SerdeError):
    """A file of known findings cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """Known findings.

    Attributes:
        told: fingerprint -> the finding, in words, for whoever reads the file.
    """

    told: Mapping[str, str]

    @classmethod
    def of(cls, findings: Sequence[Finding], against: Sequence[str] = (), root: str = ".") -> Self:
        """Findings of a run that was held against releases of some names, in a project at `root`."""
        told = (_told(each, root) for each in findings)
        return cls(dict(zip(fingerprints(findings, against, root), told, strict=True)))

    @classmethod
    def parsed(cls, text: str, name: str) -> Self:
        """The content of a file.

        Raises:
            KnownFindingsError: that is no file of known findings, or one of a later release of the library.
        """
        try:
            content: Any = json.loads(text)
        except ValueError as error:
            raise KnownFindingsError(f"`{name}` is no JSON: {error}.", hint=_WRITE_IT) from None
        match content:
            case {"known findings": {**told}, "format": int(form)}:
                if form != _FORMAT:
                    raise KnownFindingsError(
                        f"`{name}` has the format {form}, and this release knows format {_FORMAT}.", hint=_WRITE_IT
                    )
                return cls({str(fingerprint): str(each) for fingerprint, each in told.items()})
        raise KnownFindingsError(f"`{name}` is no file of known findings.", hint=_WRITE_IT)

    def text(self) -> str:
        """The content of the file."""
        content = {"format": _FORMAT, "known findings": dict(sorted(self.told.items()))}
        return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


_WRITE_IT: Final = "Write it with `serde-check --write-baseline FILE`."


def _told(finding: Finding, root: str) -> str:
    path = path_from(root, finding.place) if finding.place else None
    where = (finding.rule, path, finding.schema, finding.attribute)
    return f"{' '.join(filter(None, where))}: {finding.message}"
