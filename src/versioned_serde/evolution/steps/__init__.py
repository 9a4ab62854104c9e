"""One file a step. Each has its way up and its way back."""
