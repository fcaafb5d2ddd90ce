"""Pages of people and sign-in."""

from accounts.views.landing import home

__all__ = ["home"]
