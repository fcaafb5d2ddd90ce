"""Tags of the record pages."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from records.queries.page import RecordPage
from records.queries.timeline import Show

register = template.Library()


@register.simple_tag
def show_tabs(page: RecordPage) -> list[dict[str, Any]]:
    """The filters above the time line as tabs, with what they would show counted."""
    counts = page.timeline.counts
    labels = (
        (Show.ALL, _("All"), None),
        (Show.MESSAGES, _("Messages"), counts.get("message", 0)),
        (Show.CHANGES, _("Changes"), counts.get("change", 0)),
        (Show.MINE, _("Mine"), None),
    )
    return [
        {
            "label": label, "count": count, "is_current": page.timeline.show is show,
            "url": "?" if show is Show.ALL else f"?show={show.value}",
        }
        for show, label, count in labels
    ]  # fmt: skip


@register.simple_tag
def upload_mb() -> dict[str, int]:
    """The limit of one file, to be said before the upload."""
    return {"mb": settings.SPINDEL_MAX_UPLOAD_MB, "bytes": settings.SPINDEL_MAX_UPLOAD_MB * 1024 * 1024}
