"""Plug-ins of another distribution."""
