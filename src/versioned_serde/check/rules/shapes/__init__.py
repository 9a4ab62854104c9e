"""Shape rules: what changed in a released version, and no version declares."""
