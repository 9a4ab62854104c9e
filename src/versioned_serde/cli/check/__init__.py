"""`serde-check`, one verb a file; `command.py` finds them."""
