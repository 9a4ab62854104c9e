"""Coverage-guided fuzzing of all that reads bytes; see `python -m tests.fuzzing --help`."""
