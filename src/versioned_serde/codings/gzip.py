"""gzip (RFC 1952), by the standard library."""

from __future__ import annotations

import gzip
import zlib

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import Limits

_LEVEL = 6
"""zlib's default. Readers do not depend on it."""
_GZIP_ONLY = 31
"""`wbits` of zlib: a gzip header and trailer, nothing else."""


class GzipCoding:
    """The coding `gzip`: one member, CRC-32 checked.

    The bytes are the same for the same payload with one build of zlib; another build may find other matches.
    """

    name = "gzip"
    id = 1

    def compress(self, payload: bytes) -> bytes:
        """One member without a time stamp or a file name."""
        return gzip.compress(payload, _LEVEL, mtime=0)

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        """Undoes `compress`; a second member and anything else after the first are refused."""
        inflater = zlib.decompressobj(_GZIP_ONLY)
        try:
            # One byte more than the limit tells a payload of just that size from a longer one.
            payload = inflater.decompress(data, limits.max_inflated + 1)
        except zlib.error:
            raise PayloadError("The payload is not gzip, or it was damaged.") from None
        if len(payload) > limits.max_inflated:
            raise LimitError(f"The payload inflates to more than {limits.max_inflated} bytes.", limit="max_inflated")
        if not inflater.eof:
            raise PayloadError("The gzip payload is cut off.")
        if inflater.unused_data:
            raise PayloadError("There are bytes after the gzip payload.")
        return payload


def plugin() -> GzipCoding:
    """The coding, for whoever looks plug-ins up by name."""
    return GzipCoding()
