"""Rules on the lock and the declaration in this tree, before any other release is looked at."""
