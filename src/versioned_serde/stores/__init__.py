"""Stores of records. A directory of files and a table in SQLite need the standard library alone."""
