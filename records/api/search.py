"""/api/v1/search/: the one search box."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN
from journal.units import database_now
from kernel.errors import Unprocessable
from records import queries
from records.api.shapes import HitOut

LONGEST = 200
WORDS = OpenApiParameter(
    "q", str, required=True,
    description="Words or a number. `#`, `@` and `:` in front narrow it to records, people, components.",
)  # fmt: skip


class Search(rest.ViewSet):
    """Records, people and components by words, numbers and beginnings."""

    access = SIGNED_IN
    scope_read = "records:read"

    @extend_schema(operation_id="search", parameters=[WORDS], responses=HitOut(many=True), tags=["search"])
    def list(self, request: Request) -> Response:
        """The 50 best of what you may find: the exact number first, then what is open, then what is closed."""
        text = request.query_params.get("q", "").strip()[:LONGEST]
        if not text:
            said = _("Say in `q` what to look for.")
            raise Unprocessable(said, fields={"q": [said]})
        return rest.listed(request, queries.find(self.actor, text, at=database_now()).hits, HitOut)
