"""A store that other processes can open, and that does not exclude them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from versioned_serde.protocols import Stored


class Files:
    """Files without a lock, named by hex: what many a first store is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def path(self, key: str) -> Path:
        return self.folder / key.encode().hex()

    def get(self, key: str) -> Stored | None:
        try:
            payload = self.path(key).read_bytes()
        except FileNotFoundError:
            return None
        return Stored(payload, {}, str(hash(payload)))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        if self.path(key).exists():
            return None
        time.sleep(1e-3)
        self.path(key).write_bytes(payload)
        return str(hash(payload))

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        stored = self.get(key)
        if stored is None or stored.token != token:
            return None
        time.sleep(1e-4)
        self.path(key).write_bytes(payload)
        return str(hash(payload))

    def delete(self, key: str, token: str) -> bool:
        raise NotImplementedError

    def keys(self) -> Iterator[str]:
        return iter(sorted(bytes.fromhex(path.name).decode() for path in self.folder.iterdir()))
