"""Measured side by side with what people use now. Ratios of medians in one run; never a timed test."""
