"""Records by key: a directory of files, a table in SQLite; with an extra, a table of one's own in SQL."""
