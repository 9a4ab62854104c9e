"""Records that a release wrote, frozen: every later release must read them all."""
