"""Rules about ignores: a finding is waved through for a reason, and only as long as there is something to ignore."""
