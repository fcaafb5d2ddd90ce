"""Tables out and in: CSV and Excel, safe to open and forgiving to read (DOMAIN X8, RELIABILITY 5.3)."""
