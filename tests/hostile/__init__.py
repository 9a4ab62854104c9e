"""Inputs that are made to take memory or time, each tried in a process of its own."""
