"""`serde-check`: what a release declares, held against the releases beside it."""
