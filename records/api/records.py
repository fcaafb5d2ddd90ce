"""/api/v1/records/: what every record has, whatever its process: words, files, links, followers, time line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access, Who
from accounts.rest.paging import envelope
from accounts.roles import Permission
from kernel.errors import NotFound, Unprocessable
from kernel.paging import Key, Page
from records import commands as records
from records import policies, queries
from records.api.shapes import (
    AuditOut,
    CommentIn,
    CommentOut,
    EntryOut,
    FileOut,
    FilesIn,
    LinkIn,
    LinkOut,
    RecordOut,
    UndoIn,
    WatcherIn,
    WatcherOut,
)
from records.models import Record
from records.queries import beside
from records.queries.files import download
from records.queries.timeline import Entry, Timeline, timeline

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="For example INC-2400.")
FILE = OpenApiParameter("file", int, OpenApiParameter.PATH)
LINK = OpenApiParameter("link", int, OpenApiParameter.PATH)
LINKED = OpenApiExample("Caused by a change", request_only=True, value={"kind": "caused_by", "number": "CHG-1004"})
WRITTEN = OpenApiExample("A reply", request_only=True, value={"body": "We look at it.", "is_public": True})


class Records(rest.ViewSet):
    """One record by its number, and what hangs off it."""

    access: ClassVar[Mapping[str, Access]] = {
        "audit": Access(Who.ALLOWED, (Permission.AUDIT_READ,)), "*": SIGNED_IN,
    }  # fmt: skip
    scope_read, scope_write = "records:read", "records:write"
    lookup_field = lookup_url_kwarg = "number"
    serializer_class = RecordOut

    def found(self, number: str) -> Record:
        """The record; NotFound when there is none or it may not be seen, alike."""
        return queries.by_number(self.actor, number)

    @extend_schema(operation_id="records_read", parameters=[NUMBER], responses=RecordOut, tags=["records"])
    def retrieve(self, request: Request, number: str) -> Response:
        """The head of a record of any kind, with its ETag."""
        del request
        record = self.found(number)
        return Response(RecordOut(record).data, headers=rest.etag(record.version))

    @extend_schema(
        operation_id="records_timeline", parameters=[NUMBER], responses=EntryOut(many=True), tags=["records"]
    )
    @action(detail=True, methods=["get"], url_path="timeline", url_name="timeline")
    def timeline(self, request: Request, number: str) -> Response:
        """Everything that happened, newest page first, oldest first inside it; requesters read what is public."""
        after = request.query_params.get("after", "")
        if after and not (after.isdecimal() and len(after) < 10):
            text = _("The cursor is not one of this list. Begin again without it.")
            raise Unprocessable(text, fields={"after": [text]})
        found = timeline(self.actor, self.found(number), before=int(after or 0))
        page: Page[Any] = Page(_flat(found), "", str(found.older) if found.older else "")
        return Response(envelope(request, EntryOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="records_comments", parameters=[NUMBER], responses=CommentOut(many=True), tags=["records"]
    )
    @action(detail=True, methods=["get"], url_path="comments", url_name="comments")
    def comments(self, request: Request, number: str) -> Response:
        """What was written on it, oldest first; requesters read what is public."""
        page = rest.paged(request, beside.comments(self.actor, self.found(number)), (Key("id"),))
        return Response(envelope(request, CommentOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="records_comment", parameters=[NUMBER], request=CommentIn, responses={201: CommentOut},
        tags=["records"], examples=[WRITTEN],
    )  # fmt: skip
    @comments.mapping.post
    def comment(self, request: Request, number: str) -> Response:
        """Write an internal note, or with `is_public` a reply that the requester reads."""
        record, values = self.found(number), rest.checked(CommentIn, request)

        def work(at: datetime) -> Response:
            written = records.comment(record, **values, channel="api", actor=self.actor, at=at)
            return Response(CommentOut(written).data, status=201)

        return self.act(work)

    @extend_schema(operation_id="records_files", parameters=[NUMBER], responses=FileOut(many=True), tags=["records"])
    @action(detail=True, methods=["get"], url_path="files", url_name="files", parser_classes=[MultiPartParser])
    def files(self, request: Request, number: str) -> Response:
        """Files on it, oldest first; requesters read what is public."""
        page = rest.paged(request, beside.attachments(self.actor, self.found(number)), (Key("id"),))
        return Response(envelope(request, FileOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="records_attach", parameters=[NUMBER], request={"multipart/form-data": FilesIn},
        responses={201: FileOut(many=True)}, tags=["records"],
    )  # fmt: skip
    @files.mapping.post
    def attach(self, request: Request, number: str) -> Response:
        """Attach files, internal ones unless they are said to be public. The type is told by the bytes."""
        record, _read = self.found(number), request.data
        for name in request._request.META.get("spindel.too_large", ()):  # noqa: SLF001  # dropped while they came in
            raise records.too_large(name)
        values = rest.checked(FilesIn, request)
        kept = [records.keep(file.name or "", file.chunks()) for file in values["files"]]

        def work(at: datetime) -> Response:
            made = records.attach(record, kept, is_public=values["is_public"], actor=self.actor, at=at)
            body = {"next": None, "previous": None, "results": FileOut(made, many=True).data}
            return Response(body, status=201)

        return self.act(work)

    @extend_schema(
        operation_id="records_file", parameters=[NUMBER, FILE], tags=["records"],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The bytes.")},
    )  # fmt: skip
    @action(detail=True, methods=["get"], url_path=r"files/(?P<file>[0-9]{1,18})", url_name="file")
    def file(self, request: Request, number: str, file: str) -> FileResponse:
        """The bytes of a file, always as a download."""
        del request
        found = download(self.actor, self.found(number), int(file))
        answer = FileResponse(
            found.path.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type
        )
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    @extend_schema(operation_id="records_links", parameters=[NUMBER], responses=LinkOut(many=True), tags=["records"])
    @action(detail=True, methods=["get"], url_path="links", url_name="links")
    def links(self, request: Request, number: str) -> Response:
        """Related records that you may see: parent, parts, duplicates, links."""
        record = self.found(number)
        policies.require(policies.can_read_internal, self.actor, record)
        return rest.listed(request, queries.related(self.actor, record), LinkOut)

    @extend_schema(
        operation_id="records_link", parameters=[NUMBER], request=LinkIn, responses={201: LinkOut}, tags=["records"],
        examples=[LINKED],
    )  # fmt: skip
    @links.mapping.post
    def link(self, request: Request, number: str) -> Response:
        """Link it to another record; the same link again changes nothing."""
        record, values = self.found(number), rest.checked(LinkIn, request)
        policies.require(policies.can_edit, self.actor, record)
        target = self._target(values["number"])

        def work(at: datetime) -> Response:
            made = records.link(record, target, kind=values["kind"], actor=self.actor, at=at)
            lines = queries.related(self.actor, record)
            return Response(LinkOut(next(line for line in lines if line.link_id == made.pk)).data, status=201)

        return self.act(work)

    def _target(self, number: str) -> Record:
        try:
            return queries.jump(self.actor, number.strip())
        except NotFound as fault:
            raise Unprocessable(fault.message, fields={"number": [fault.message]}) from fault

    @extend_schema(operation_id="records_unlink", parameters=[NUMBER, LINK], responses={204: None}, tags=["records"])
    @action(detail=True, methods=["delete"], url_path=r"links/(?P<link>[0-9]{1,18})", url_name="unlink")
    def unlink(self, request: Request, number: str, link: str) -> Response:
        """Take one link away."""
        del request
        made = queries.link_by_id(self.found(number), int(link))
        return self.done(records.unlink, made)

    @extend_schema(
        operation_id="records_watchers", parameters=[NUMBER], responses=WatcherOut(many=True), tags=["records"]
    )
    @action(detail=True, methods=["get"], url_path="watchers", url_name="watchers")
    def watchers(self, request: Request, number: str) -> Response:
        """Who follows it, callers included; for those who work on it."""
        record = self.found(number)
        policies.require(policies.can_read_internal, self.actor, record)
        page = rest.paged(request, beside.watchers(record), (Key("id"),))
        return Response(envelope(request, WatcherOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="records_watch", parameters=[NUMBER], request=WatcherIn, responses={201: WatcherOut},
        tags=["records"],
    )  # fmt: skip
    @watchers.mapping.post
    def watch(self, request: Request, number: str) -> Response:
        """Follow it, or let a colleague follow it, who sees it from then on."""
        record, values = self.found(number), rest.checked(WatcherIn, request)

        def work(at: datetime) -> Response:
            made = records.watch(record, user=values.get("person"), actor=self.actor, at=at)
            return Response(WatcherOut(made).data, status=201)

        return self.act(work)

    @extend_schema(operation_id="records_unwatch", parameters=[NUMBER], responses={204: None}, tags=["records"])
    @watchers.mapping.delete
    def unwatch(self, request: Request, number: str) -> Response:
        """Stop following it oneself; those who reported it stay callers."""
        del request
        record = self.found(number)
        return self.done(records.unwatch, record)

    @extend_schema(operation_id="records_audit", parameters=[NUMBER], responses=AuditOut(many=True), tags=["records"])
    @action(detail=True, methods=["get"], url_path="audit", url_name="audit")
    def audit(self, request: Request, number: str) -> Response:
        """Every change of every field, newest first, with who and through which door; for those who read the audit."""
        record = self.found(number)
        if not policies.can_read_audit(self.actor, record):
            raise NotFound(_("No record %(number)s.") % {"number": number})
        return rest.listed(request, queries.audit_rows(record), AuditOut)

    @extend_schema(
        operation_id="records_undo", parameters=[NUMBER], request=UndoIn, responses=RecordOut, tags=["records"]
    )
    @action(detail=True, methods=["post"], url_path="undo", url_name="undo")
    def undo(self, request: Request, number: str) -> Response:
        """Take back what one has just done: within 60 seconds, while nothing else has changed; 409 `too_late` later."""
        record, values = self.found(number), rest.checked(UndoIn, request)
        act = values.get("id") or queries.last_act(self.actor, record)

        def work(at: datetime) -> Response:
            records.undo(record, act, actor=self.actor, at=at)
            found = self.found(number)
            return Response(RecordOut(found).data, headers=rest.etag(found.version))

        return self.act(work)


def _flat(found: Timeline) -> list[Entry]:
    """Events alone: separators of days are the page's, folded lines are opened."""
    lines: list[Entry] = []
    for line in found.entries:
        if line.weight != "day":
            lines += line.entries or (line,)
    return lines
