"""Fleet and version rules: one release against those that run beside it or may run again."""
