"""Everything read about incidents; pages, API and commands ask here (ARCHITECTURE 9)."""
