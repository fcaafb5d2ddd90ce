"""Comments and files."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import ActorRequest, signed_in
from journal.units import door
from kernel.errors import Conflict, NotAllowed, Unprocessable
from kernel.pages import go, is_fragment_request, respond, toast
from records import commands as records
from records import queries
from records.forms import CommentForm
from records.models import Record
from records.queries.files import download
from records.queries.page import draft_key_of, url_of
from records.views.frames import frame_context, timeline_again


@signed_in
@require_POST
def comment(request: ActorRequest, number: str) -> HttpResponse:
    """Save an internal note or send a reply, with files."""
    record = queries.by_number(request.actor, number)
    form = CommentForm(request.POST, request.FILES)
    form.no_room = request.META.get("spindel.no_room", [])  # type: ignore[attr-defined]  # read by its clean()
    form.too_large = request.META.get("spindel.too_large", [])  # type: ignore[attr-defined]  # read by its clean()
    if not form.is_valid():
        return _composer_again(request, record, form.errors.get_json_data(), status=422)
    try:
        _save(request, record, form.cleaned_data)
    except (Conflict, NotAllowed, Unprocessable) as refused:
        return _composer_again(request, record, {"text": [{"message": refused.message}]}, status=refused.status)
    return _saved(request, record, is_public=form.cleaned_data["audience"] == "public")


def _save(request: ActorRequest, record: Record, values: dict[str, Any]) -> None:
    files, is_public = kept(values["files"]), values["audience"] == "public"
    with door(request.actor) as at:
        if values["text"].strip():
            records.comment(
                record, body=values["text"], is_public=is_public, files=files, draft_key=draft_key_of(record),
                actor=request.actor, at=at,
            )  # fmt: skip
        else:
            records.attach(record, files, is_public=is_public, actor=request.actor, at=at)


def kept(files: "Sequence[UploadedFile[Any]]") -> list[records.Kept]:
    """The uploads on disk under their digests, before any transaction begins."""
    return [records.keep(file.name or "", file.chunks()) for file in files]


def _saved(request: ActorRequest, record: Record, *, is_public: bool) -> HttpResponse:
    said = _("The reply was sent.") if is_public else _("The note was saved.")
    toast(request, said, draft=draft_key_of(record))
    if not is_fragment_request(request) or request.POST.get("from") == "my":
        return go(request, request.POST.get("next") or url_of(record))
    response = respond(request, "records/page.html", "records/_composer.html", frame_context(request, record))
    response.write(timeline_again(request, record))
    return response


def _composer_again(request: ActorRequest, record: Record, errors: dict[str, Any], *, status: int) -> HttpResponse:
    """The composer with everything that was typed, and the reasons above it."""
    context = frame_context(request, record)
    problems = [{"text": each["message"], "id": f"composer-{name}"} for name, said in errors.items() for each in said]
    context["composer_problems"], context["composer_audience"] = problems, request.POST.get("audience", "")
    context["composer_text"] = request.POST.get("text", "")
    template = "records/my_record.html" if request.POST.get("from") == "my" else "records/page.html"
    return respond(request, template, "records/_composer.html", context, status=status)


@signed_in
@require_safe
def file(request: ActorRequest, number: str, file_id: int) -> HttpResponse | FileResponse:
    """A file: pictures that cannot carry scripts in the page, everything else as a download."""
    record = queries.by_number(request.actor, number)
    found = download(request.actor, record, file_id)
    response = FileResponse(
        found.path.open("rb"), as_attachment=not found.is_inline, filename=found.name, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
