"""Demand and capacity: the table, and the work and the people behind each of its numbers."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, allowed
from accounts.policies import require
from accounts.roles import Permission
from coordination.queries.demand import SPANS, Line, Table, demand_table
from coordination.queries.demand_lists import (
    EXPORT_HEADER,
    NONE,
    WORK_KEYS,
    Place,
    export_lines,
    people_behind,
    place_of,
    span_of,
    work_behind,
    work_rows,
)
from kernel.pages import respond
from kernel.paging import page_of
from kernel.paging import place_of as page_place
from kernel.spreadsheets.writing import csv_pieces, write_xlsx
from kernel.words import day

READ = (Permission.CAPACITY_READ,)


@allowed(*READ)
@require_safe
def demand(request: ActorRequest) -> HttpResponse:
    """Hours asked for and hours there are, by competence and week; what to do where they do not meet."""
    count = span_of(request.GET)
    table = demand_table(request.actor, count, timezone.now())
    context = {
        "area": "queue", "table": table, "count": count, "labels": _labels(table),
        "lines": _lines(table), "spans": _spans(count),
        "total": _line(table, table.total, ""), "can_export": request.actor.may_somewhere(Permission.EXPORT),
        "is_part": not request.actor.may(Permission.CAPACITY_READ),
    }  # fmt: skip
    return respond(request, "coordination/demand.html", "coordination/_demand.html", context)


def _labels(table: Table) -> list[str]:
    """What each column is called."""
    later = [f"{day(localtime(week.start))} – {day(localtime(week.end))}" for week in table.weeks[1:]]
    return [_("Next 7 days"), *later, _("All weeks")]


def _lines(table: Table) -> list[dict[str, Any]]:
    return [_line(table, line, f"competence={line.code or NONE}&level={line.level or 1}&") for line in table.lines]


def _line(table: Table, line: Line, query: str) -> dict[str, Any]:
    """A line with its cells, each with the column's name and the query of what stands behind it."""
    count = len(table.weeks)
    queries = [*(f"{query}week={number}&weeks={count}" for number in range(count)), f"{query}weeks={count}"]
    return {"line": line, "cells": zip([*line.cells, line.whole], queries, _labels(table), strict=True)}


def _spans(count: int) -> list[dict[str, Any]]:
    return [{"label": ngettext("%(n)s week", "%(n)s weeks", each) % {"n": each}, "url": f"?weeks={each}",
             "is_current": each == count, "count": "", "key": ""} for each in SPANS]  # fmt: skip


@allowed(*READ)
@require_safe
def demand_work(request: ActorRequest) -> HttpResponse:
    """The work that a number of needed hours adds up."""
    at, place = timezone.now(), place_of(request.GET)
    page = page_of(work_behind(request.actor, place, at), WORK_KEYS, **page_place(request.GET))
    context = _behind(place, at) | {"page": page, "rows": work_rows(page.rows)}
    return render(request, "coordination/demand_work.html", context)


@allowed(*READ)
@require_safe
def demand_people(request: ActorRequest) -> HttpResponse:
    """The people whose free hours a number adds up."""
    at, place = timezone.now(), place_of(request.GET)
    context = _behind(place, at) | {"people": people_behind(request.actor, place, at)}
    return render(request, "coordination/demand_people.html", context)


def _behind(place: Place, at: datetime) -> dict[str, Any]:
    weeks = place.weeks(at)
    return {"area": "queue", "place": place, "start": weeks[0].start, "end": weeks[-1].end}


@allowed(*READ)
@require_safe
def demand_export(request: ActorRequest, form: str) -> HttpResponseBase:
    """The table as CSV or Excel, for those who may also take lists along."""
    require(request.actor, Permission.EXPORT)
    lines = export_lines(demand_table(request.actor, span_of(request.GET), timezone.now()))
    header, zone = [str(each) for each in EXPORT_HEADER], ZoneInfo(request.actor.zone)
    if form == "xlsx":
        target = TemporaryFile()  # noqa: SIM115  # the response closes it
        write_xlsx(target, header, lines, zone=zone, title=_("Demand and capacity"))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename="demand.xlsx")
    headers = {"Content-Disposition": 'attachment; filename="demand.csv"'}
    pieces = csv_pieces(header, lines, zone=zone)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
