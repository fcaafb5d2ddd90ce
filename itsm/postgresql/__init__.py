"""PostgreSQL as Django speaks to it, with a cheaper question whether a kept connection still stands."""
