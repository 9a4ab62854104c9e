"""Rules, one file each, in a folder for each family; `rule.py` finds them."""
