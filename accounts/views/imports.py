"""Every list as a file: out, as an empty template, and in through a trial that is looked at first (DOMAIN X8)."""

from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import commands
from accounts.doors import ActorRequest, allowed
from accounts.forms import ImportForm
from accounts.policies import holds, require_somewhere
from accounts.queries.imports import import_file
from accounts.roles import Permission
from accounts.sheets.taking import Taken, may_export, may_import, sheets_for, table_of, take_in, the_sheet, tried_out
from journal.units import door
from kernel.errors import NotAllowed, Refused, Unprocessable
from kernel.pages import go, toast
from kernel.spreadsheets.planning import Plan
from kernel.spreadsheets.reading import Table
from kernel.spreadsheets.sheets import Sheet
from kernel.spreadsheets.writing import Cell, TooManyRows, csv_pieces, write_xlsx

IMPORTERS = (Permission.PEOPLE_EDIT, Permission.REGISTRY_EDIT, Permission.SETTINGS_EDIT, Permission.INCIDENT_LOG)
ALL = Permission.EXPORT_ALL
SHOWN_ROWS = 500
"""Rows of a trial on its page; the counts above them are of all."""
MENDED_ROWS = 200
"""With no more rows than that a file can be mended on the page."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AREA = {"area": "settings"}


@require_safe
@allowed(*IMPORTERS, Permission.EXPORT)
def data(request: ActorRequest) -> HttpResponse:
    """Every list that the reader may take out or bring in."""
    actor = request.actor
    rows = [(sheet, may_export(actor, sheet), may_import(actor, sheet)) for sheet in sheets_for(actor)]
    return render(request, "accounts/data.html", {"rows": rows, "has_all": holds(actor, ALL), **AREA})


@require_safe
@allowed(Permission.EXPORT)
def export(request: ActorRequest, sheet: str, form: str) -> HttpResponseBase:
    """The whole list, in the columns that its import reads."""
    found = the_sheet(sheet)
    if not may_export(request.actor, found):
        raise NotAllowed(_("Your role does not allow this. Ask an administrator if you need it."))
    with door(request.actor) as at:
        commands.note_export(found.code, form=form, actor=request.actor, at=at)
    return _file(request, found, found.lines(found.all(request.actor)), form, found.code)


@require_safe
@allowed(*IMPORTERS)
def template(request: ActorRequest, sheet: str, form: str) -> HttpResponseBase:
    """A file with the names of the columns and nothing else, to be filled in."""
    found = the_sheet(sheet)
    require_somewhere(request.actor, found.edit)
    return _file(request, found, [], form, f"{found.code}-template")


def _file(
    request: ActorRequest, sheet: Sheet, lines: Iterable[Sequence[Cell]], form: str, name: str
) -> HttpResponseBase:
    zone, header = ZoneInfo(request.actor.zone), sheet.header()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        pieces = csv_pieces(header, lines, zone=zone)
        return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
    target = TemporaryFile()  # noqa: SIM115  # the answer closes it
    try:
        write_xlsx(target, header, lines, zone=zone, title=str(sheet.label))
    except TooManyRows:
        raise Refused(_("Excel cannot hold that many rows. Export as CSV, or filter more.")) from None
    target.seek(0)
    return FileResponse(target, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
@allowed(*IMPORTERS)
def upload(request: ActorRequest, sheet: str) -> HttpResponse:
    """Bring a file; it is kept, and its trial is the next page."""
    found = the_sheet(sheet)
    require_somewhere(request.actor, found.edit)
    form = ImportForm(request.POST or None, request.FILES or None, dropped=request.META.get("spindel.too_large", ()))
    if request.method == "POST":
        form.is_bound = True
    if form.is_bound and form.is_valid():
        name, content = form.content()
        try:
            with door(request.actor) as at:
                file = commands.keep_file(found, name=name, content=content, actor=request.actor, at=at)
            return go(request, reverse("accounts:trial", args=[found.code, file.pk]))
        except Unprocessable as refused:
            form.add_error("file", refused.message)
    return _page(request, found, {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allowed(*IMPORTERS)
def trial(request: ActorRequest, sheet: str, pk: int) -> HttpResponse:
    """What the file would do; POST does it, if it would still do the same."""
    found = the_sheet(sheet)
    require_somewhere(request.actor, found.edit)
    file, context, status = import_file(request.actor, found.code, pk), {}, 200
    if request.method == "POST":
        try:
            taken = take_in(found, file, seen=request.POST.get("seen", ""), actor=request.actor)
        except Refused as refused:
            context, status = {"refusal": refused.message}, refused.status
        else:
            return _taken(request, found, taken)
    table = table_of(found, file)
    made = tried_out(found, table, actor=request.actor)
    return _page(request, found, {"file": file, **_trial(made, table), **context}, status=status)


def _trial(made: Plan, table: Table) -> dict[str, Any]:
    told = [row for row in made.rows if row.verdict != "same"]
    told.sort(key=lambda row: row.verdict != "fault")
    context: dict[str, Any] = {
        "plan": made, "counts": made.counts, "told": told[:SHOWN_ROWS], "more": len(told[SHOWN_ROWS:]),
        "key": ", ".join(column.name for column in made.sheet.key_columns()), "table": table,
    }  # fmt: skip
    if made.count("fault") and len(made.rows) <= MENDED_ROWS:
        lines = ([row.cells.get(name, "") for name in table.header] for row in table.rows)
        context["text"] = b"".join(csv_pieces(table.header, lines, zone=ZoneInfo("UTC"))).decode("utf-8-sig")
    return context


def _taken(request: ActorRequest, sheet: Sheet, taken: Taken) -> HttpResponse:
    if taken.refused:
        return _page(request, sheet, {"taken": taken})
    toast(request, _("%(added)s rows added, %(changed)s changed.") % taken.counts)
    return go(request, reverse(sheet.page) if sheet.page else reverse("accounts:data"))


def _page(request: ActorRequest, sheet: Sheet, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"form": ImportForm(), "may_export": may_export(request.actor, sheet), **context}
    context |= {"sheet": sheet, "columns": sheet.columns(), **AREA}
    return render(request, "accounts/import.html", context, status=status)
