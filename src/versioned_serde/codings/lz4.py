"""LZ4 frames (the LZ4 frame format 1.6), by the lz4 library."""

from __future__ import annotations

from typing import Any

import lz4.frame

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import Limits

_MAGIC = b"\x04\x22\x4d\x18"
_PIECE, _ROOM = 16 * 1024, 256 * 1024
"""Bytes of input at a time, and of output, where a frame does not say its size. The library takes memory for all of the
output that it may give before it begins, several times of what comes out if there is no bound, and copies the input
that is left after each call."""
_DENSEST = 255
"""Bytes that one byte of a frame can stand for at most."""


class Lz4Coding:
    """The coding `lz4`: one frame with its content size and a checksum over the content.

    The bytes are the same for the same payload with one version of the library; another version may find other matches.
    """

    name = "lz4"
    id = 3

    def compress(self, payload: bytes) -> bytes:
        """One frame, at the library's default level."""
        return bytes(lz4.frame.compress(payload, content_checksum=True))

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        """Undoes `compress`, also for a frame without size or checksum; anything after the frame is refused."""
        if data[:4] != _MAGIC:  # a skippable frame, or a legacy one
            raise PayloadError("The payload is not LZ4.")
        inflater = lz4.frame.LZ4FrameDecompressor()
        try:
            size = lz4.frame.get_frame_info(data)["content_size"]
            if size > limits.max_inflated:
                raise _too_large(limits)
            if 0 < size <= _DENSEST * len(data):
                # Once only: a frame of more than it says would go on with a few bytes at a time.
                payload, rest = inflater.decompress(data, max_length=size), b""
            else:
                payload, rest = _by_pieces(inflater, data, limits)
        except RuntimeError:
            raise PayloadError("The LZ4 payload was damaged.") from None
        if not inflater.eof:
            raise PayloadError("The LZ4 payload is cut off.")
        if inflater.unused_data or rest:
            raise PayloadError("There are bytes after the LZ4 payload.")
        return bytes(payload)


def _by_pieces(inflater: Any, data: bytes, limits: Limits) -> tuple[bytearray, bytes]:
    """What a frame inflates to, and what is left of the data."""
    payload = bytearray()
    for start in range(0, len(data), _PIECE):
        payload += inflater.decompress(data[start : start + _PIECE], max_length=_ROOM)
        while not (inflater.needs_input or inflater.eof) and len(payload) <= limits.max_inflated:
            payload += inflater.decompress(b"", max_length=_ROOM)
        if len(payload) > limits.max_inflated:
            raise _too_large(limits)
        if inflater.eof:
            return payload, data[start + _PIECE :]
    return payload, b""


def _too_large(limits: Limits) -> LimitError:
    return LimitError(f"The payload inflates to more than {limits.max_inflated} bytes.", limit="max_inflated")


def plugin() -> Lz4Coding:
    """The coding, for whoever looks plug-ins up by name."""
    return Lz4Coding()
