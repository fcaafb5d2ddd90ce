"""Running major incidents for the banner on every page: read with the other badges, in their one statement."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from incidents.process import INCIDENTS
from incidents.workflow import OPEN
from kernel.actor import Actor

MOST = 5


def major_badge(actor: Actor) -> BaseExpression | Combinable:
    """The open major incidents that the actor may see, the longest running first."""
    rows = INCIDENTS.visible_to(actor).filter(is_major=True, record__state__in=OPEN).order_by("major_since", "pk")
    title = Coalesce(NullIf(F("banner"), Value("")), F("record__title"))
    shown = JSONObject(number=F("record__number"), title=title, next_update=F("next_update_at"))
    return ArraySubquery(rows.values(shown=shown)[:MOST])


def major_banner(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """As templates/_components/banners.html draws them."""
    return [
        {
            "number": row["number"], "title": row["title"],
            "url": reverse("incidents:page", args=[row["number"]]),
            "next_update": parse_datetime(row["next_update"]) if row["next_update"] else None,
        }
        for row in rows or []
    ]  # fmt: skip
