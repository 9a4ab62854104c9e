"""Records by key, with a compare-and-set. `DirectoryStore` and `SqliteStore` need the standard library alone."""
