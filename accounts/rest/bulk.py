"""One verb for many rows: each in a transaction of its own, a result for each, and an Idempotency-Key for each."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.commands.idempotency import Answer, keep_answer
from accounts.rest.acting import claimed, key_of
from accounts.rest.inputs import Input, check_names
from journal.units import door
from kernel.actor import Actor
from kernel.bulk import MOST
from kernel.errors import Refused, Unprocessable

ROWS, ALL = "rows", "all_matching"
BULK_SAYS = (
    "Each row is done or refused by itself and says so; at most 500 at once. With an Idempotency-Key a repeated "
    "request does what was not done yet, and answers for the rest as before."
)
One = Callable[[str, datetime], int | None]


class BulkRow(serializers.Serializer[Any]):
    """What came of one row."""

    row = serializers.CharField(help_text="As it was named: number, tag or id.")
    is_done = serializers.BooleanField()
    undo = serializers.IntegerField(allow_null=True, help_text="What takes it back; null when nothing does.")
    code = serializers.CharField(help_text="Why it was refused, for machines; empty when it was done.")
    detail = serializers.CharField(help_text="Why it was refused, for people.")


class BulkOut(serializers.Serializer[Any]):
    """A result for each row, in order; `is_cut` when more rows match than go at once."""

    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    is_cut = serializers.BooleanField()
    results = BulkRow(many=True)


class BulkIn(Input):
    """Which rows: by name, or all that the filters of the address match."""

    rows = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=MOST)
    all_matching = serializers.BooleanField(required=False, default=False)


def bulk_input(values: type[Input]) -> type[Input]:
    """What a bulk verb takes: its own values and the rows."""
    chosen = {ROWS: BulkIn().fields[ROWS], ALL: BulkIn().fields[ALL]}
    body = {"__doc__": values.__doc__, "__module__": values.__module__, **chosen}
    return type(f"{values.__name__}Rows", (values,), body)


def rows_chosen(request: Request) -> tuple[list[str], dict[str, Any]]:
    """The rows by name (none: all that match) and the rest of the body; Unprocessable when nothing is chosen."""
    data = dict(check_names(request.data, request.data))
    chosen = BulkIn(data={name: data.pop(name) for name in (ROWS, ALL) if name in data})
    chosen.is_valid(raise_exception=True)
    rows, is_all = chosen.validated_data.get(ROWS, []), chosen.validated_data[ALL]
    if bool(rows) == is_all:
        said = _("Name the rows, or say all_matching and filter in the address.")
        raise Unprocessable(said, fields={ROWS: [said]})
    return list(dict.fromkeys(rows)), data


def each(request: Request, rows: Sequence[str], one: One, *, actor: Actor) -> Response:
    """Do it to each row in its own door; `one` answers what takes it back."""
    results = [_result(request, row, one, actor) for row in rows[:MOST]]
    done = sum(result["is_done"] for result in results)
    body = {"done": done, "refused": len(results) - done, "is_cut": len(rows) > MOST, "results": results}
    return Response(BulkOut(body).data)


def _result(request: Request, row: str, one: One, actor: Actor) -> dict[str, Any]:
    given = key_of(request)
    key = hashlib.sha256(f"{given}\n{row}".encode()).hexdigest() if given else ""
    try:
        with door(actor, source="api") as at:
            kept = claimed(request, key, actor, at) if key else None
            if isinstance(kept, Answer):
                return dict(json.loads(kept.body))
            result = {"row": row, "is_done": True, "undo": one(row, at), "code": "", "detail": ""}
            if kept is not None:
                keep_answer(kept, Answer(200, json.dumps(result), {}))
            return result
    except Refused as refused:
        return {"row": row, "is_done": False, "undo": None, "code": refused.code, "detail": refused.message}
