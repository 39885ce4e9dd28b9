"""What `pytest-pyramid` does outside a test run."""
