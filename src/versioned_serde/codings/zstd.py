"""Zstandard (RFC 8878), by the zstandard library."""

from __future__ import annotations

import threading

import zstandard

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import Limits

_LEVEL = 3
"""zstd's default. Readers do not depend on it."""
_MAGIC = b"\x28\xb5\x2f\xfd"
_MAX_WINDOW = 8 * 1024 * 1024
"""The window that RFC 8878 asks every reader to support; memory for it is taken before a frame proves to be sound."""
_PIECE = 256
"""Bytes of input at a time where a frame does not say its size: they inflate to 8 MiB (64 blocks of 128 KiB)."""


class _Contexts(threading.local):
    """A context takes ten times as long to make as to use on a small payload, and only one thread may use it."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True, write_content_size=True)
        self.decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)


class ZstdCoding:
    """The coding `zstd`: one frame with its content size and a checksum.

    The bytes are the same for the same payload with one version of the library; another version may find other matches.
    """

    name = "zstd"
    id = 2

    def __init__(self) -> None:
        self._contexts = _Contexts()

    def compress(self, payload: bytes) -> bytes:
        """One frame."""
        return self._contexts.compressor.compress(payload)

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        """Undoes `compress`, also for a frame that does not say its size; anything after the frame is refused."""
        if data[:4] != _MAGIC:
            raise PayloadError("The payload is not zstd.")
        try:
            size = zstandard.frame_content_size(data)
            if size > limits.max_inflated:
                raise _too_large(limits)
            # A size of 0 is not looked into by the library's quick way, and -1 is no size.
            if size <= 0:
                return self._by_pieces(data, limits)
            return self._contexts.decompressor.decompress(data, allow_extra_data=False)
        except zstandard.ZstdError:
            raise PayloadError("The zstd payload was damaged or cut off, or there are bytes after it.") from None

    def _by_pieces(self, data: bytes, limits: Limits) -> bytes:
        inflater = self._contexts.decompressor.decompressobj()
        payload = bytearray()
        for start in range(0, len(data), _PIECE):
            payload += inflater.decompress(data[start : start + _PIECE])
            if len(payload) > limits.max_inflated:
                raise _too_large(limits)
        if not inflater.eof or inflater.unused_data:
            raise zstandard.ZstdError
        return bytes(payload)


def _too_large(limits: Limits) -> LimitError:
    return LimitError(f"The payload inflates to more than {limits.max_inflated} bytes.", limit="max_inflated")


def plugin() -> ZstdCoding:
    """The coding, for whoever looks plug-ins up by name."""
    return ZstdCoding()
