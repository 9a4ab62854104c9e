"""`serde-backfill`, one verb a file; `command.py` finds them."""
