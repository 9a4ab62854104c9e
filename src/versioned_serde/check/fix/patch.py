"""What is to be written: several files, all or none of them."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path

from versioned_serde.settings import SettingsError


class Patch:
    """Files with the texts that they are to have."""

    def __init__(self) -> None:
        self._before: dict[Path, bytes | None] = {}
        self._after: dict[Path, bytes] = {}

    def text(self, file: Path) -> str:
        """A Python file as it is going to be, the ends of its lines as they are.

        Raises:
            SettingsError: it cannot be read.
        """
        try:
            data = self._after.get(file)
            if data is None:
                data = self._before[file] = file.read_bytes()
            return data.decode(_encoding(data))
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise SettingsError(f"`{file}` cannot be read: {error}") from None

    def edit(self, file: Path, text: str) -> None:
        """Gives a Python file another text, in the encoding that it has."""
        self.text(file)
        before = self._before[file]
        assert before is not None
        self._after[file] = text.encode(_encoding(before))

    def write(self, file: Path, text: str) -> None:
        """Gives a file, which need not exist, a text in UTF-8."""
        if file not in self._before:
            self._before[file] = file.read_bytes() if file.exists() else None
        self._after[file] = text.encode()

    def texts(self) -> dict[Path, str]:
        """Each Python file that is going to be another."""
        return {file: self.text(file) for file in self.changed if file.suffix == ".py" and self._before[file]}

    @property
    def changed(self) -> list[Path]:
        """The files that are going to be others, sorted."""
        return sorted(file for file, data in self._after.items() if self._before[file] != data)

    def diff(self, root: Path) -> str:
        """What is going to be written, as `diff -u` shows it; paths are relative to a folder."""
        return "".join(self._diff(file, root) for file in self.changed)

    def _diff(self, file: Path, root: Path) -> str:
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
        before, after = self._before[file], self._after[file]
        lines = difflib.unified_diff(
            list(_lines(before or b"")),
            list(_lines(after)),
            "/dev/null" if before is None else f"a/{name}",
            f"b/{name}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def apply(self) -> None:
        """Writes all files, or none of them.

        Raises:
            SettingsError: one cannot be written, or has been changed since it was read.
        """
        ready: list[tuple[Path, Path]] = []
        done: list[Path] = []
        try:
            for file in self.changed:
                if (file.read_bytes() if file.exists() else None) != self._before[file]:
                    raise SettingsError(f"`{file}` was changed while this command ran.", hint="Run it again.")
                ready.append((_beside(file, self._after[file]), file))
            for temporary, file in ready:
                temporary.replace(file)
                done.append(file)
        except OSError as error:
            self._restore(done)
            raise SettingsError(f"`{error.filename}` cannot be written: {error.strerror}.") from None
        finally:
            for temporary, _ in ready:
                temporary.unlink(missing_ok=True)

    def _restore(self, files: list[Path]) -> None:
        for file in files:
            before = self._before[file]
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)


def _encoding(data: bytes) -> str:
    return tokenize.detect_encoding(iter(data.splitlines(keepends=True)).__next__)[0]


def _lines(data: bytes) -> Iterator[str]:
    for line in data.decode("utf-8", errors="replace").splitlines(keepends=True):
        yield line.replace("\r\n", "\n")


def _beside(file: Path, data: bytes) -> Path:
    """A file with the data in the folder of another one, with its rights."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
    if file.exists():
        shutil.copymode(file, name)
    else:
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
    return Path(name)
