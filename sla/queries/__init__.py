"""Read promises; `from sla import queries as sla`."""
