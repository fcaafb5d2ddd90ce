"""What the list of a process is made of: columns, conditions, tabs, bulk verbs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.forms import Form
from django.utils.translation import gettext_lazy

from accounts.doors import ActorRequest
from kernel.pages import Column
from processes.conditions import RecordFilter
from processes.process import Process
from processes.rows import Listed
from records.models import ProcessRecord

P = TypeVar("P", bound=ProcessRecord)

COLUMNS = (
    Column("priority", gettext_lazy("Priority"), is_sortable=True, css="fit"),
    Column("number", gettext_lazy("Number"), is_sortable=True, css="fit"),
    Column("title", gettext_lazy("Title"), css="main"),
    Column("state", gettext_lazy("State"), css="fit"),
    Column("due", gettext_lazy("Promise"), is_sortable=True, css="fit"),
    Column("component", gettext_lazy("Component"), css="c2"),
    Column("requester", gettext_lazy("Caller"), css="c3"),
    Column("assignee", gettext_lazy("Has the work"), css="c2"),
    Column("team", gettext_lazy("Team"), css="c3"),
    Column("opened", gettext_lazy("Opened"), is_sortable=True, css="c3 fit"),
    Column("service", gettext_lazy("Service"), is_optional=True),
    Column("category", gettext_lazy("Category"), is_optional=True),
    Column("tags", gettext_lazy("Tags"), is_optional=True),
    Column("last", gettext_lazy("Last changed"), is_optional=True, css="fit"),
)
"""Columns of every list of records; a process puts its own among them. Own ones show `row.own` under their key."""


@dataclass(frozen=True, kw_only=True)
class BulkVerb(Generic[P]):
    """A verb of the bar below a list: its form (`Form` itself asks nothing), and the command for one record."""

    name: str
    label: Any
    icon: str
    key: str = ""
    form: type[Form] = Form
    says: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    """For the API: what it does, and an example of the form's values."""
    run: Callable[..., object]
    """Called with the record, the form's values, and actor and at as keywords; an `Undo` is offered for it."""


@dataclass(frozen=True, kw_only=True)
class RecordList(Generic[P]):
    """The list of a process: its name in the address and in words, columns, filters in the bar, tabs, bulk verbs.

    `tabs` gives (label, query) of the built-in views, the first of them what the bare address shows. `words` are
    sentences of the page: what is missing when nothing matches, an example of a search.
    """

    name: str
    label: Any
    listed: Listed[P]
    filters: type[RecordFilter]
    columns: tuple[Column, ...] = COLUMNS
    shown: tuple[str, ...] = ("state", "priority", "sla")
    tabs: Callable[[], Sequence[tuple[str, str]]]
    verbs: tuple[BulkVerb[P], ...] = ()
    nothing: Any
    example: Any = ""
    new: Mapping[str, Any] = field(default_factory=dict)
    """The button that makes a new one: url_name, label, icon, permission."""

    @property
    def process(self) -> Process[P]:
        """Whose list it is."""
        return self.listed.process

    def chosen(self, request: ActorRequest, at: datetime) -> RecordFilter:
        """What the address asks for, of what the reader may see."""
        rows = self.listed.rows(request.actor)
        return self.filters(request.GET, queryset=rows, actor=request.actor, at=at)


def frame(shown: RecordList[Any]) -> dict[str, Any]:
    """Whose list it is, for every page about the list."""
    names = {name: f"{shown.process.namespace}:{name}" for name in ("list", "page", "csv", "xlsx", "bulk")}
    urls = {"list_url": shown.process.url("list"), "bulk_url": shown.process.url("bulk")}
    return {"area": shown.process.area, "shown": shown, "names": names, **urls}
