"""A fleet of hosts changes its stored format from XML to JSON and goes back, while it works; then the shortcut fails.

Begin with `releases/` (what a service's developers write), then `schedules.py` (what its operators do), `host.py` (what
a host does all day) and `audit.py` (how the result is checked without the library).
"""
