"""Command-line tools, of the extra `cli`."""
