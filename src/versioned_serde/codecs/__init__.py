"""Codecs: trees <-> payloads, one file each. A module here is imported when a version first names it."""
