"""What is compared, one module for each subject; each has `ROWS`."""
