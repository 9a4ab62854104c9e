"""The records that are measured, with the same contents for every library."""
