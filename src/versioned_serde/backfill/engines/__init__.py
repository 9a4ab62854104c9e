"""What runs the workers: anything shaped like `concurrent.futures.Executor`. Nothing correct depends on it."""
