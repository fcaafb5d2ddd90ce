"""Filters of the incident templates."""

from django import template
from django.utils.translation import gettext as _

from incidents.models import Cause
from incidents.queries.facts import DETAILS
from incidents.workflow import PENDING_REASONS

register = template.Library()


@register.filter
def pending_reason(code: str) -> str:
    """What a pending incident waits for, in words."""
    return _(PENDING_REASONS[code]) if code in PENDING_REASONS else code


@register.filter
def cause_label(code: str) -> str:
    """A cause in words."""
    return str(Cause(code).label) if code in Cause.values else code


@register.filter
def own_label(name: str) -> str:
    """An own column as people read it."""
    return str(DETAILS[name].label) if name in DETAILS else name
