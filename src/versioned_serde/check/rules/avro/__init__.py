"""Avro schemas: what a reader cannot read. `contracts/avro/resolution.py` decides them all in one comparison."""
