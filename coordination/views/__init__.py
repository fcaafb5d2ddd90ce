"""What a browser asks of the queue."""
