"""Rules for Avro schemas. One comparison decides them all: `contracts/avro/resolution.py`."""
