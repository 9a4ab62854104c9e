"""Records that need no tree."""
