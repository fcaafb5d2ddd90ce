"""Lists from a file: what can come in, a trial of a file, and the import of what was tried out."""

from datetime import datetime
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, rest
from accounts.doors import Access, Who
from accounts.models import ImportFile
from accounts.policies import require_somewhere
from accounts.queries.imports import import_file
from accounts.rest.views import ANY_SCOPE
from accounts.roles import Permission
from accounts.sheets.taking import may_import, sheets_for, table_of, take_in, the_sheet, tried_out
from kernel.errors import Unprocessable
from kernel.spreadsheets.planning import VERDICTS
from kernel.spreadsheets.sheets import Sheet

IMPORTERS = Access(
    Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.REGISTRY_EDIT, Permission.SETTINGS_EDIT, Permission.INCIDENT_LOG)
)
TAG = "imports"
LIST = OpenApiParameter("sheet", str, OpenApiParameter.PATH, description="components, people … as /imports/ names them")
FILE = OpenApiParameter("pk", int, OpenApiParameter.PATH, description="id of the trial")


class ColumnOut(serializers.Serializer[Any]):
    """A column of the file."""

    name = serializers.CharField()
    about = serializers.CharField()
    is_key = serializers.BooleanField(help_text="The key columns together say which row is meant.")
    is_needed = serializers.BooleanField(help_text="A new row needs it.")
    may_clear = serializers.BooleanField(help_text="A hyphen empties it.")


class ListOut(serializers.Serializer[Any]):
    """A list that you may bring in."""

    code = serializers.CharField()
    name = serializers.CharField(source="label")
    most_rows = serializers.IntegerField()
    columns = ColumnOut(many=True)


class TrialIn(rest.Input):
    """A file: CSV as `text`, or as a multipart `file` (CSV or an Excel workbook)."""

    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, default="")
    file = serializers.FileField(required=False, allow_empty_file=True)


class ChangeOut(serializers.Serializer[Any]):
    """A cell that changes something."""

    column = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class TriedRowOut(serializers.Serializer[Any]):
    """What a row would do; rows that are the same are counted only."""

    line = serializers.IntegerField()
    key = serializers.ListField(child=serializers.CharField(allow_blank=True))
    verdict = serializers.ChoiceField(choices=VERDICTS)
    changes = ChangeOut(many=True)
    faults = serializers.ListField(child=serializers.CharField(), help_text="What is wrong with it, or why it is left.")


class TrialOut(serializers.Serializer[Any]):
    """What the file would do now. `seen` goes back with the import."""

    id = serializers.IntegerField()
    seen = serializers.CharField()
    is_ready = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    problems = serializers.ListField(child=serializers.CharField(), help_text="What is wrong with the file as a whole.")
    unread = serializers.ListField(child=serializers.CharField(), help_text="Columns that nobody reads.")
    rows = TriedRowOut(many=True)


class TakeIn(rest.Input):
    """The trial that was looked at."""

    seen = serializers.CharField(max_length=32)


class RefusedRowOut(serializers.Serializer[Any]):
    """A row that was refused, and why."""

    line = serializers.IntegerField()
    reason = serializers.CharField()


class TakenOut(serializers.Serializer[Any]):
    """What became of the rows."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = RefusedRowOut(many=True)


class Imports(rest.ViewSet):
    """What can come in."""

    access = IMPORTERS
    scope_read = ANY_SCOPE

    @extend_schema(operation_id="imports_list", tags=[TAG], responses=ListOut(many=True))
    def list(self, request: Request) -> Response:
        """The lists that you may bring in, with their columns; lists that others name come first."""
        sheets = [sheet for sheet in sheets_for(self.actor) if may_import(self.actor, sheet)]
        return rest.listed(request, [_described(sheet) for sheet in sheets], ListOut)


class Trials(rest.View):
    """A file is tried out."""

    access = IMPORTERS
    scope_read = scope_write = ANY_SCOPE
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="imports_try", tags=[TAG], parameters=[LIST], responses={201: TrialOut},
        request={"application/json": TrialIn, "multipart/form-data": TrialIn},
        examples=[OpenApiExample("Teams", request_only=True, value={"text": "code,name_en\nnet,Network\n"})],
    )  # fmt: skip
    def post(self, request: Request, sheet: str) -> Response:
        """Try a file out: what each row would do and what is wrong with it. Nothing changes; it is kept for a day."""
        found = the_sheet(sheet)
        require_somewhere(self.actor, found.edit)
        values = rest.checked(TrialIn, request)
        upload = values.get("file")
        if not upload and not values["text"]:
            raise Unprocessable(
                _("Send the file as text, or as a multipart file."), fields={"text": [_("Write rows.")]}
            )
        name = upload.name if upload else "text.csv"
        content = upload.read() if upload else values["text"].encode()

        def work(at: datetime) -> Response:
            file = commands.keep_file(found, name=name, content=content, actor=self.actor, at=at)
            return Response(_tried(self, found, file), status=201)

        return self.act(work)


class Trial(rest.View):
    """A trial, and the import of it."""

    access = IMPORTERS
    scope_read = scope_write = ANY_SCOPE

    @extend_schema(operation_id="imports_read", tags=[TAG], parameters=[LIST, FILE], responses=TrialOut)
    def get(self, request: Request, sheet: str, pk: int) -> Response:
        """What your file would do now."""
        del request
        found = the_sheet(sheet)
        require_somewhere(self.actor, found.edit)
        return Response(_tried(self, found, import_file(self.actor, found.code, pk)))

    @extend_schema(
        operation_id="imports_take", tags=[TAG], parameters=[LIST, FILE], request=TakeIn, responses=TakenOut,
        examples=[OpenApiExample("Looked at", request_only=True, value={"seen": "3f0c9a1b2d4e5f60"})],
    )  # fmt: skip
    def post(self, request: Request, sheet: str, pk: int) -> Response:
        """Take the file in, each row by itself. 409 when it would do something else than `seen` by now."""
        found = the_sheet(sheet)
        require_somewhere(self.actor, found.edit)
        file = import_file(self.actor, found.code, pk)
        taken = take_in(found, file, seen=rest.checked(TakeIn, request)["seen"], actor=self.actor, source="api")
        refused = [{"line": row.line, "reason": reason} for row, reason in taken.refused]
        return Response(TakenOut({**taken.counts, "refused": refused}).data)


def _described(sheet: Sheet) -> dict[str, Any]:
    columns = sheet.columns()
    return {"code": sheet.code, "label": str(sheet.label), "most_rows": sheet.most_rows, "columns": columns}


def _tried(view: rest.View, sheet: Sheet, file: ImportFile) -> dict[str, Any]:
    made = tried_out(sheet, table_of(sheet, file), actor=view.actor, source="api")
    rows = [
        {
            "line": row.line, "key": row.key, "verdict": row.verdict,
            "faults": row.faults or [row.left] * bool(row.left),
            "changes": [{"column": name, "before": old, "after": new} for name, old, new in row.differences],
        }
        for row in made.rows if row.verdict != "same"
    ]  # fmt: skip
    body = {"id": file.pk, "seen": made.digest, "is_ready": made.is_ready, "counts": made.counts}
    return dict(TrialOut(body | {"problems": made.problems, "unread": made.unread, "rows": rows}).data)


ROUTES = [("imports", Imports, "import-api")]
urlpatterns = [
    path("imports/<slug:sheet>/", Trials.as_view(), name="import-api-trials"),
    path("imports/<slug:sheet>/<int:pk>/", Trial.as_view(), name="import-api-trial"),
]
