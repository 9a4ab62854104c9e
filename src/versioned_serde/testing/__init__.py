"""Strategies and laws for tests of services; needs the extra `testing`."""
