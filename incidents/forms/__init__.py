"""Input of people about incidents, made into cleaned values; nothing is saved here."""
