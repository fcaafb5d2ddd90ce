"""Components as a list: filter, views, columns, pages, bulk verbs with results and Undo, exports (UX 4.3)."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.queries.saved_views import first_view, saved_views
from accounts.roles import Permission
from journal.units import door
from kernel.bulk import MOST, each_row, each_undo, ticked
from kernel.errors import Refused
from kernel.pages import Chip, Column, ListState, go, list_state, respond
from kernel.paging import Key, ordering, page_of
from kernel.spreadsheets.writing import TooManyRows, csv_pieces, write_xlsx
from registry import commands, queries
from registry.filters import ComponentFilter
from registry.forms import BULK_FORMS, BULK_VERBS
from registry.models import Component
from registry.sheets.components import ComponentsSheet

LIST = "components"
SHEET = ComponentsSheet()
COLUMNS = (
    Column("name", gettext_lazy("Name"), is_sortable=True, css="main"),
    Column("tag", gettext_lazy("Tag"), is_sortable=True, css="num"),
    Column("type", gettext_lazy("Type"), css="c2"),
    Column("status", gettext_lazy("Status")),
    Column("team", gettext_lazy("Owner team"), css="c2"),
    Column("place", gettext_lazy("Place"), css="c3"),
    Column("criticality", gettext_lazy("Criticality"), is_sortable=True, css="fit"),
    Column("holder", gettext_lazy("Used by"), is_optional=True),
    Column("serial", gettext_lazy("Serial number"), is_optional=True),
    Column("updated_at", gettext_lazy("Last changed"), is_sortable=True, is_optional=True, css="fit"),
)
COUNTED = 1000


def _filtered(request: HttpRequest) -> ComponentFilter:
    return ComponentFilter(request.GET, queryset=queries.components()).named_form()


def _keys(sort: str) -> list[Key]:
    name = sort.removeprefix("-")
    return [Key(name, is_descending=sort.startswith("-")), Key("id")]


@allowed(Permission.REGISTRY_READ)
@require_GET
def component_list(request: ActorRequest) -> HttpResponse:
    """Components by filter and sort, 50 a page, with saved views as tabs."""
    path = reverse("registry:component_list")
    if not request.META["QUERY_STRING"] and (query := first_view(request.user, LIST)):
        return go(request, f"{path}?{query}")
    state, chosen = list_state(request, columns=COLUMNS, sort="name"), _filtered(request)
    page = page_of(chosen.qs, _keys(state.sort), cursor=state.cursor, is_backwards=state.is_backwards)
    matching = chosen.qs.order_by()[: COUNTED + 1].count()
    query = _query(request)
    context = {
        "page": page, "matching": matching, "count": f"{COUNTED}+" if matching > COUNTED else str(matching),
        "views": saved_views(request.actor, LIST, path=path, query=query), "query": query, "area": "components",
        "may_edit": request.actor.may(Permission.REGISTRY_EDIT), "verbs": BULK_VERBS,
        **_bar(request, chosen, state),
    }  # fmt: skip
    return respond(request, "registry/component_list.html", "registry/_component_rows.html", context)


def _bar(request: HttpRequest, chosen: ComponentFilter, state: ListState) -> dict[str, Any]:
    """The filter bar, the chips and the choice of columns."""
    names = list(chosen.form.fields)
    chips = [
        Chip(f"{chosen.form.fields[name].label}: {value}", state.without(name, value))
        for name in names
        for value in request.GET.getlist(name)
        if value
    ]
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key not in ("after", "before")]
    return {
        "state": state, "form": chosen.form, "text": request.GET.get("q", ""), "chips": chips, "columns": COLUMNS,
        "keys": {column.key for column in state.columns}, "keep": [pair for pair in kept if pair[0] not in names],
        "column_keep": [pair for pair in kept if pair[0] != "col"],
    }  # fmt: skip


def _query(request: HttpRequest) -> str:
    """The address's query without its place in the list."""
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    return query.urlencode()


@allowed(Permission.REGISTRY_READ)
@require_GET
def component_export(request: ActorRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, in the columns that the import reads."""
    pieces = csv_pieces(SHEET.header(), _lines(request), zone=ZoneInfo(request.actor.zone))
    headers = {"Content-Disposition": 'attachment; filename="components.csv"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


@allowed(Permission.REGISTRY_READ)
@require_GET
def component_workbook(request: ActorRequest) -> HttpResponse:
    """The filtered list as an Excel workbook, in the same columns."""
    target = BytesIO()
    try:
        write_xlsx(target, SHEET.header(), _lines(request), zone=ZoneInfo(request.actor.zone), title=_("Components"))
    except TooManyRows:
        raise Refused(_("Excel cannot hold that many rows. Export as CSV, or filter more.")) from None
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="components.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=kind, headers=headers)


def _lines(request: HttpRequest) -> Any:
    rows = _filtered(request).qs.order_by("name", "pk").iterator(chunk_size=500)
    return SHEET.lines(rows)


@allowed(Permission.REGISTRY_EDIT)
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """Change one fact of the ticked components, or of all that match; the new value is asked for first."""
    verb = request.POST.get("verb", "")
    if verb not in BULK_FORMS:
        raise Refused(_("Choose what to do with the rows."))
    chosen, is_cut = _chosen(request)
    form = BULK_FORMS[verb](request.POST if request.POST.get("go") else None)
    if not form.is_valid() or not chosen:
        return _ask(request, verb, form, chosen, is_cut=is_cut)
    outcome = each_row(chosen, _change(request, form.cleaned_data), named=_named)
    return _done(request, outcome.context(reverse("registry:component_bulk_undo")) | {"is_cut": is_cut})


def _chosen(request: ActorRequest) -> tuple[Sequence[Component], bool]:
    if not request.POST.get("all_matching"):
        return queries.by_ids(ticked(request.POST.getlist("ids"))), False
    state = list_state(request, columns=COLUMNS, sort="name")
    rows = _filtered(request).qs.order_by(*ordering(_keys(state.sort)))
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    return queries.by_ids(ids[:MOST]), len(ids) > MOST


def _ask(request: ActorRequest, verb: str, form: Any, chosen: Sequence[Component], *, is_cut: bool) -> HttpResponse:
    label = next(each["label"] for each in BULK_VERBS if each["name"] == verb)
    context = {"verb": verb, "label": label, "form": form, "chosen": chosen, "is_cut": is_cut, "area": "components",
               "query": _query(request)}  # fmt: skip
    status = 422 if form.is_bound else 200
    return respond(request, "registry/bulk.html", "registry/_bulk.html", context, status=status)


def _change(request: ActorRequest, values: dict[str, Any]) -> Callable[[Component], str]:
    def change(component: Component) -> str:
        with door(request.actor) as at:
            saved = commands.save_component(component, values, actor=request.actor, at=at)
        return f"{saved.pk}:{saved.version}"

    return change


def _named(component: Component) -> tuple[str, str]:
    return component.tag, reverse("registry:component", args=[component.tag])


def _done(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    context |= {"area": "components", "back": f"{reverse('registry:component_list')}?{_query(request)}"}
    return respond(request, "registry/bulk_done.html", "registry/_bulk_done.html", context)


@allowed(Permission.REGISTRY_EDIT)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, component by component."""

    def take_back(pk: str, version: int) -> None:
        with door(request.actor) as at:
            commands.undo_save(queries.by_id(int(pk)), version, actor=request.actor, at=at)

    rows = ",".join(row for row in request.POST.get("rows", "").split(",") if row.partition(":")[0].isdecimal())
    outcome = each_undo(rows, take_back, named=lambda pk: _named(queries.by_id(int(pk))))
    return _done(request, outcome.context(""))
