"""Descriptor sets of protobuf, two of them side by side, as rules look at them."""
