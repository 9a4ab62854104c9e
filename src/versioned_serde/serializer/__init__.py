"""Compiled pipelines between values and bytes. Knows protocols only, never a plug-in."""
