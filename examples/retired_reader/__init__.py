"""A fleet gets rid of its old format: `make demo-backfill`.

It goes on where the demo of the rolling fleet ends: JSON is activated, XML records are left, and the reader of XML
shall go. The records are rewritten while hosts work on them, and the run is killed on the way.
"""
