"""Read the queue; `from coordination import queries`."""
