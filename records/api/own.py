"""What is the caller's own: records that they reported, drafts that they have not sent."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access
from records import commands as records
from records import queries
from records.api.shapes import DraftIn, DraftOut, DraftRowOut, OwnRecordOut

TAG = "own"
KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="record:12:reply, or any name of one's own")


class OwnRecords(rest.ViewSet):
    """My records."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read = "records:read"

    @extend_schema(operation_id="own_records", tags=[TAG], responses=OwnRecordOut(many=True))
    def list(self, request: Request) -> Response:
        """Records that the caller reported or joined, open ones first; each is read at its own address."""
        return rest.listed(request, queries.own_records(self.actor), OwnRecordOut)


class Drafts(rest.ViewSet):
    """Text that was typed and not sent: kept for the caller alone, so that another device can go on with it."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    lookup_field = lookup_url_kwarg = "key"
    lookup_value_regex = r"[-\w:./]{1,80}"
    serializer_class = DraftOut

    @extend_schema(operation_id="drafts_list", tags=[TAG], responses=DraftRowOut(many=True))
    def list(self, request: Request) -> Response:
        """Own drafts, newest first."""
        return rest.listed(request, queries.drafts(self.actor), DraftRowOut)

    @extend_schema(operation_id="drafts_read", tags=[TAG], parameters=[KEY], responses=DraftOut)
    def retrieve(self, request: Request, key: str) -> Response:
        """One of them whole."""
        del request
        return Response(DraftOut(queries.draft(self.actor, key)).data)

    @extend_schema(operation_id="drafts_keep", tags=[TAG], parameters=[KEY], request=DraftIn, responses={204: None})
    def update(self, request: Request, key: str) -> Response:
        """Keep what was typed in the place of what was kept; the last one wins, so no version is asked for."""
        return self.done(records.save_draft, key=key, values=rest.checked(DraftIn, request)["values"])

    @extend_schema(operation_id="drafts_drop", tags=[TAG], parameters=[KEY], responses={204: None})
    def destroy(self, request: Request, key: str) -> Response:
        """Throw one away."""
        del request
        return self.done(records.drop_draft, key=key)


ROUTES = [("me/records", OwnRecords, "own-record-api"), ("me/drafts", Drafts, "own-draft-api")]
