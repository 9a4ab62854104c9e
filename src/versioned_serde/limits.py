"""Bounds on what a reader accepts, with defaults that are safe for bytes from anywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one schema. Each is checked before the work that it bounds is done.

    Attributes:
        max_bytes: largest whole record (tag and payload) in bytes.
        max_inflated: largest payload in bytes after its coding is undone.
        max_depth: deepest nesting of objects and lists, known and unknown ones together.
        max_items: most list elements and members of objects and maps in one payload, known and unknown ones together.
        max_digits: longest integer in decimal digits.
        max_extensions: largest extension block of a tag in bytes.
        version_window: how far above the newest known version a tag's version is believed.
    """

    max_bytes: int = 64 * 1024 * 1024
    max_inflated: int = 256 * 1024 * 1024
    max_depth: int = 64
    max_items: int = 1_000_000
    max_digits: int = 1_000
    max_extensions: int = 4_096
    version_window: int = 100


DEFAULT_LIMITS = Limits()
