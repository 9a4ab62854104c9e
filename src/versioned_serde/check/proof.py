"""Findings, proven: the witness is given to the reader that it is about.

That is either the reader that the old release's lock tells of, or the old release's own code. The code runs in a child
process, from a copy of the old tree in a folder of its own, so nothing of this process or of the working tree changes.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from versioned_serde import plugins
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.witness import Witness, witness
from versioned_serde.errors import SerdeError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.description import shape_lines
from versioned_serde.lock.parsing import parsed_shape

Result = Literal["refused", "misread", "read"]
_SECONDS = 120
"""How long old code may take."""


class ProofError(SerdeError):
    """An old release's code could not be asked: it is not in git, cannot be imported, or declares no such schema."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a witness.

    Attributes:
        witness: the record.
        result: `refused`, `misread` (it means something else to the reader), or `read`, which proves nothing.
        told: what the reader said, for people.
    """

    witness: Witness
    result: Result
    told: str

    @property
    def shown(self) -> bool:
        """Whether the finding is proven."""
        return self.result != "read"


def proved(finding: Finding, comparison: Comparison) -> Proof | None:
    """A finding's witness as the reader sees it that the lock tells of.

    Args:
        finding: of a release rule or a shape rule.
        comparison: in which it was made.

    Returns:
        None where there is no witness: the finding is not about records, or a release cannot be rebuilt from its lock.
    """
    found = witness(comparison, finding)
    return None if found is None else _proof(found, found.misread, found.why)


def proved_by_code(
    finding: Finding,
    comparison: Comparison,
    *,
    registries: Sequence[str],
    repository: Path,
    ref: str | None = None,
    folders: Sequence[str] = (".", "src"),
) -> Proof | None:
    """A finding's witness as the code of the old release sees it, or of this one where this one reads.

    Args:
        finding: as for `proved`.
        comparison: as for `proved`.
        registries: where the old release declares, such as `shop.serde:registry`.
        repository: a folder in the git repository.
        ref: commit of the old release; by default its name is taken for one.
        folders: what the code is imported from, relative to the root of the repository.

    Returns:
        As `proved`.

    Raises:
        ProofError: the old code cannot be had or asked.
    """
    found = witness(comparison, finding)
    if found is None:
        return None
    # The reader is this release, whose code was asked already; or an owner, of whom a view has the lock alone.
    if found.direction == "backward" or found.schema in comparison.now.views:
        return _proof(found, found.misread, found.why)
    with _tree(repository, found.other.name if ref is None else ref) as root:
        answer = _asked(found, registries, [str(root / folder) for folder in folders])
    if "failed" in answer:
        raise ProofError(
            f"The code of {found.other.name} could not be asked: {answer['failed']}.",
            hint="It runs in this environment: install what it needs here, or prove with the lock alone.",
        ).located(schema=found.schema)
    return _proof(found, answer["misread"], answer["refused"])


def _proof(found: Witness, misread: str | None, refused: str) -> Proof:
    if refused:
        return Proof(found, "refused", refused)
    if misread is not None:
        return Proof(found, "misread", f"`{misread}` is not what was written.")
    return Proof(found, "read", "The record was read as it was written.")


def _asked(found: Witness, registries: Sequence[str], path: Sequence[str]) -> Any:
    lines = shape_lines(found.shape)
    codec = plugins.codec("json").payload(parsed_shape(lines), DEFAULT_LIMITS)
    question = {
        "path": path,
        "registries": list(registries),
        "schema": found.schema,
        "payload": b64encode(found.record.payload).decode(),
        "headers": dict(found.record.headers),
        "shape": lines,
        "written": b64encode(codec.encode(found.written)).decode(),
    }
    command = [sys.executable, "-P", "-m", "versioned_serde.check.old_code"]
    try:
        ran = subprocess.run(  # noqa: S603  our own program
            command,
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            cwd=path[0],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"it took more than {_SECONDS} seconds"}
    try:
        return json.loads(ran.stdout.splitlines()[-1])  # the code may have printed something before
    except (ValueError, IndexError):
        return {"failed": f"it ended with exit code {ran.returncode}"}


@contextmanager
def _tree(repository: Path, ref: str) -> Iterator[Path]:
    """The files of a commit, in a folder that goes away afterwards."""
    command = ["git", "-C", str(repository), "archive", "--format=tar", "--end-of-options", ref]
    top = ["git", "-C", str(repository), "rev-parse", "--show-toplevel"]
    try:
        root = subprocess.run(top, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
        command[2] = root
        files = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
    except (subprocess.CalledProcessError, FileNotFoundError):
        raise ProofError(
            f"git has no commit `{ref}` in {repository.name or repository}.",
            hint="Name a tag, branch or commit that was fetched.",
        ) from None
    with TemporaryDirectory(prefix="serde-check-") as folder, tarfile.open(fileobj=io.BytesIO(files)) as packed:
        packed.extractall(folder, filter="data")
        yield Path(folder)
