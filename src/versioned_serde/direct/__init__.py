"""Which records are written and read without a tree between, decided once for each listed version of a schema."""
