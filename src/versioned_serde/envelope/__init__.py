"""Framings: bytes <-> tag and payload. `docs/spec/envelope-v1.md` is the norm."""
