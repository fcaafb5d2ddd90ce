"""Filters of the templates that tell of promises."""

from collections.abc import Mapping
from typing import Any

from django import template

from sla.queries.settings import fired_words, overdue_words

register = template.Library()


@register.filter
def step_fired(data: Mapping[str, Any]) -> str:
    """What an escalation step did and when it was due, as one line of the time line."""
    return fired_words(data)


@register.filter
def overdue(data: Mapping[str, Any]) -> str:
    """Which promise was broken, as one line of the time line."""
    return overdue_words(data)
