"""What a browser asks of the registry."""
