"""Mutations of the source that the tests of the laws must notice; `python -m tests.mutants` tries them all."""
