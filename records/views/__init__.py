"""What a browser asks about records of any kind."""
