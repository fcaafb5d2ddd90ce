"""What a browser asks about promises."""
