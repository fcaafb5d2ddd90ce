"""Read what the journal holds."""
