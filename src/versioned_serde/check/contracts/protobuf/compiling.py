"""Sources -> descriptor sets, by protoc in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from versioned_serde.check.contracts.contract import ContractError

_SECONDS: Final = 120
_AT: Final = re.compile(r"^(?P<file>[^\n:]+):(?P<line>\d+):(?P<column>\d+): (?P<problem>.*)$")


def compiled(roots: Sequence[Path], files: Mapping[str, Path]) -> bytes:
    """A descriptor set of some files and all that they import, with source locations.

    protoc is C++ and reads what strangers wrote; in a process of its own it can neither hang this one nor end it.

    Args:
        roots: folders from which imports are named. The well-known types need none.
        files: name, as others import the file -> where it is.

    Raises:
        ContractError: a file does not compile, or protoc takes too long or ends without an answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, arguments = Path(folder, "set"), Path(folder, "arguments")
        lines = [
            *(f"-I{root.resolve()}" for root in roots),
            "--include_source_info",
            "--include_imports",
            "--retain_options",
            f"--descriptor_set_out={out}",
            *files,
        ]
        arguments.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "grpc_tools.protoc", f"@{arguments}"]
        try:
            ended = subprocess.run(  # noqa: S603 - this interpreter, with arguments from a file that is ours
                command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise ContractError(
                f"protoc did not compile {_listed(files)} in {_SECONDS} seconds.",
                hint="Make a descriptor set with `buf build` or `protoc --descriptor_set_out`, and compare that.",
            ) from None
        if ended.returncode != 0 or not out.exists():
            raise _error(ended.stderr, ended.returncode, files)
        return out.read_bytes()


def _error(output: str, code: int, files: Mapping[str, Path]) -> ContractError:
    if "No module named" in output:
        return ContractError(
            "protoc is not installed, and .proto files need it.", hint='Run `pip install "versioned-serde[check]"`.'
        )
    for line in output.splitlines():
        if (found := _AT.match(line)) is not None and not found["problem"].startswith("warning:"):
            path = files.get(found["file"], found["file"])
            place = f"`{path}`, line {found['line']}, column {found['column']}"
            return ContractError(f"{place}: {found['problem']}", hint="Compare files that protoc compiles.")
    said = output.strip().splitlines()
    reason = said[-1] if said else f"protoc ended with code {code}"
    return ContractError(f"{_listed(files)} cannot be compiled: {reason}", hint="Compare files that protoc compiles.")


def _listed(files: Mapping[str, Path]) -> str:
    first = next(iter(files.values()))
    return f"`{first}`" if len(files) == 1 else f"`{first}` and {len(files) - 1} more"
