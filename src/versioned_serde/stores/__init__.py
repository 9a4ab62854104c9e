"""Stores that need the standard library alone: a directory of files, a table in SQLite."""
