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
        self._write(key, payload)
        return str(hash(payload))

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        stored = self.get(key)
        if stored is None or stored.token != token:
            return None
        time.sleep(1e-4)
        self._write(key, payload)
        return str(hash(payload))

    def _write(self, key: str, payload: bytes) -> None:
        """Large records take their time, so that a kill finds them half written."""
        half = len(payload) // 2
        with self.path(key).open("wb", buffering=0) as file:
            file.write(payload[:half])
            time.sleep(len(payload) * 2.5e-8)
            file.write(payload[half:])

    def delete(self, key: str, token: str) -> bool:
        raise NotImplementedError

    def keys(self) -> Iterator[str]:
        return iter(sorted(bytes.fromhex(path.name).decode() for path in self.folder.iterdir()))
