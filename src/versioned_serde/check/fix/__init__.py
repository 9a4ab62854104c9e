"""`fix`: the declaration of a change written into the source, with its lock and its test."""
