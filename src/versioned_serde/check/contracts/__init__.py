"""Contracts that are not Python, a folder or file for each kind."""
