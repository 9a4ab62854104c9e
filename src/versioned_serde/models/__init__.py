"""Model kinds: one file for each way of writing models. `plugins` finds them."""
