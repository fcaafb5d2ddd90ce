"""Everything that hangs off a record, with ids told as what they point to, so that two records can be compared."""

import json
import re
from typing import Any

from django.db.models import Model, QuerySet

from coordination.models import Boost, Ranking, WorkItem
from incidents.models import Incident
from itsm.demo.rows import audit_of, columns_of
from journal.models import Event, SearchDocument
from records.models import Comment, Record, Watcher
from sla.models import Clock, Deadline, Segment

Row = dict[str, Any]
NOT_COMPARED = {"event_mac", "salt", "digest", "mac", "transaction_id", "pgh_created_at", "pgh_id", "number"}


class Leavings:
    """The rows of one record."""

    def __init__(self, record: Record) -> None:
        self.record = Record.objects.get(pk=record.pk)
        self.names: dict[tuple[str, int], str] = {("record", record.pk): "the record"}
        for kind, rows in (
            ("clock", Clock.objects.filter(record=record).order_by("metric")),
            ("deadline", Deadline.objects.filter(record=record).order_by("pk")),
            ("work_item", WorkItem.objects.filter(record=record).order_by("pk")),
            ("comment", Comment.objects.filter(record=record).order_by("pk")),
            ("boost", Boost.objects.filter(work_item__record=record).order_by("pk")),
        ):
            for number, row in enumerate(rows):
                self.names[kind, row.pk] = f"{kind} {number}"

    def tables(self) -> dict[str, list[Row]]:
        """Every table with this record's rows in order."""
        pk = self.record.pk
        found = {
            "record": self.rows(Record.objects.filter(pk=pk)),
            "incident": self.rows(Incident.objects.filter(pk=pk)),
            "events": self.rows(Event.objects.filter(subject_kind="incident", subject_id=pk).order_by("seq")),
            "clocks": self.rows(Clock.objects.filter(record=pk).order_by("metric")),
            "segments": self.rows(Segment.objects.filter(clock__record=pk).order_by("clock__metric", "seq")),
            "deadlines": self.rows(Deadline.objects.filter(record=pk).order_by("pk")),
            "work": self.rows(WorkItem.objects.filter(record=pk).order_by("pk")),
            "boosts": self.rows(Boost.objects.filter(work_item__record=pk).order_by("pk")),
            "ranks": self.rows(Ranking.objects.filter(record=pk)),
            "comments": self.rows(Comment.objects.filter(record=pk).order_by("pk")),
            "watchers": self.rows(Watcher.objects.filter(record=pk)),
            "documents": self.rows(SearchDocument.objects.filter(subject_kind="incident", subject_id=pk)),
        }
        for model, objects in ((Record, [pk]), (Incident, [pk]), (WorkItem, self.ids("work_item")),
                               (Boost, self.ids("boost"))):  # fmt: skip
            versions = audit_of(model)._default_manager.filter(pgh_obj__in=objects).order_by("pgh_id")
            found[f"audit of {model.__name__}"] = self.rows(versions)
        return found

    def ids(self, kind: str) -> list[int]:
        return [pk for known, pk in self.names if known == kind]

    def rows(self, found: "QuerySet[Any]") -> list[Row]:
        return [self.row(row) for row in found]

    def row(self, row: Model) -> Row:
        columns = [name for name in columns_of(type(row)) if name not in NOT_COMPARED]
        if isinstance(row, Event | Segment | SearchDocument):
            columns.remove("id")
        values = {name: self.told(type(row), name, getattr(row, name)) for name in columns}
        context = getattr(row, "pgh_context", None)
        if context is not None:
            values["pgh_context_id"] = context.metadata["actor"]
        return values

    def told(self, model: type[Model], name: str, value: Any) -> Any:
        """The value without ids and numbers of its own."""
        if isinstance(value, dict | list):
            return {key: self.told(Event, key, each) for key, each in value.items()} if isinstance(value, dict) else [
                self.told(model, name, each) for each in value
            ]  # fmt: skip
        if isinstance(value, int) and not isinstance(value, bool):
            return self.names.get((self.kind(model, name), value), value)
        if isinstance(value, str):
            value = value.replace(self.record.number, "NUMBER").replace(self.record.number.lower(), "NUMBER")
            if name == "tsv":
                return sorted(set(re.findall(r"'[^']+'", value.replace(self.record.number.split("-")[1], "NUMBER"))))
            if name == "source" and value.startswith("deadline:"):
                return self.names["deadline", int(value.split(":")[1])]
        return value

    @staticmethod
    def kind(model: type[Model], name: str) -> str:
        own = {Record: "record", Incident: "record", WorkItem: "work_item", Clock: "clock", Deadline: "deadline",
               Comment: "comment", Boost: "boost"}  # fmt: skip
        audited = {audit_of(each): own[each] for each in (Record, Incident, WorkItem, Boost)}
        if name in ("id", "pgh_obj_id"):
            return own.get(model) or audited.get(model, "")
        named = {"record_id": "record", "subject_id": "record", "clock_id": "clock", "clock": "clock",
                 "deadline_id": "deadline", "work_item_id": "work_item", "work_item": "work_item",
                 "comment": "comment"}  # fmt: skip
        return named.get(name, "")


def differences(one: Record, other: Record) -> list[str]:
    """What the two left differently, in words; empty when they are the same but for ids and secrets."""
    first, second = Leavings(one).tables(), Leavings(other).tables()
    found = []
    for table in first:
        if len(first[table]) != len(second[table]):
            found.append(f"{table}: {len(first[table])} rows against {len(second[table])}: {_keys(first[table])} | "
                         f"{_keys(second[table])}")  # fmt: skip
        for number, (left, right) in enumerate(zip(first[table], second[table], strict=False)):
            found += [
                f"{table} {number} {name}: {json.dumps(left[name], default=str, ensure_ascii=False)} against "
                f"{json.dumps(right[name], default=str, ensure_ascii=False)}"
                for name in left
                if left[name] != right[name]
            ]
    return found


def _keys(rows: list[Row]) -> list[str]:
    return [str(row.get("code") or row.get("kind") or row.get("pgh_label") or row.get("step")) for row in rows]
