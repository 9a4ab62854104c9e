"""The certificates that are kept beside the lock."""

from __future__ import annotations

from pathlib import Path

from versioned_serde.errors import LockError
from versioned_serde.lock.certificate import Certificate

FOLDER = "retired"
"""In the folder of the lock; a file is called `<schema>.<version>.json`."""


def certificates(lock: Path) -> list[Certificate]:
    """All certificates of a lock's folder.

    Raises:
        LockError: a file is none.
    """
    found = []
    for file in sorted((lock / FOLDER).glob("*.json")):
        try:
            found.append(Certificate.parsed(file.read_text(encoding="utf-8")))
        except ValueError as error:
            raise LockError(
                f"`{file.name}` is no certificate: {error}", hint="Restore it from version control."
            ) from None
    return found
