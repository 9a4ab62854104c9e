"""A coding: bzip2, by the standard library."""

from __future__ import annotations

import bz2

from versioned_serde import LimitError, Limits, PayloadError


class Bz2:
    """The coding `bz2`."""

    name = "bz2"
    id = 200

    def compress(self, payload: bytes) -> bytes:
        return bz2.compress(payload)

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        inflater = bz2.BZ2Decompressor()
        try:
            payload = inflater.decompress(data, limits.max_inflated + 1)
        except OSError:
            raise PayloadError("The payload is not bz2.") from None
        if len(payload) > limits.max_inflated:
            raise LimitError("The payload inflates to too much.", limit="max_inflated")
        if not inflater.eof or inflater.unused_data:
            raise PayloadError("The bz2 payload is cut off, or something follows it.")
        return payload
