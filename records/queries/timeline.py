"""One time line of everything that happened to a record, in three weights (DOMAIN X1, UX 1.2 and 3.5)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from accounts.models import User
from journal.models import Event
from kernel.actor import Actor
from kernel.events import Weight, event_type, known_codes
from kernel.markdown import SafeHtml, render
from records import events, policies
from records.models import Comment, Record
from records.queries.words import as_html, in_words

NEWEST = 200
"""Events on one page of the time line; older ones are a link away."""


class Show(StrEnum):
    """The filters above the time line."""

    ALL = "all"
    MESSAGES = "messages"
    CHANGES = "changes"
    MINE = "mine"


def show_asked(text: str) -> Show:
    """The time line's filter as an address says it; all of it when it is unknown."""
    return Show(text) if text in set(Show) else Show.ALL


def entry_asked(text: str) -> int:
    """The entry that an address names; 0, the newest, when it names none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True)
class File:
    """A file named on the time line."""

    id: int
    name: str
    size: int
    is_image: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line as templates/_components/entry.html draws it; `entries` are the folded lines of a noise entry."""

    id: str
    weight: str
    at: datetime
    who: str = ""
    by: int = 0
    text: str = ""
    html: SafeString | SafeHtml | None = None
    icon: str = "dot"
    via: str = ""
    audience: str = ""
    to: str = ""
    lang: str = ""
    files: tuple[File, ...] = ()
    entries: tuple["Entry", ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Entries in order, newest last; `older` is the `before` of the page before this one, 0 when there is none."""

    entries: list[Entry]
    show: Show
    older: int = 0
    last: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def timeline(
    actor: Actor, record: Record, *, show: Show = Show.ALL, before: int = 0, is_public_only: bool = False, seen: int = 0
) -> Timeline:
    """The record's events with their words, for this reader: two statements, three when duplicates were merged in.

    `seen` is the number of the last event that the reader has seen: a line stands before what others did since.
    Requesters (and everybody with `is_public_only`) get public events and comments alone, with public data alone.
    """
    is_public = is_public_only or not policies.can_read_internal(actor, record)
    found = list(_chain(record, is_public=is_public, before=before)[: NEWEST + 1])
    older, found = (found[NEWEST - 1].seq if len(found) > NEWEST else 0), found[:NEWEST]
    taken = {} if is_public else {event.data["other"]: event.data["number"] for event in found
                                  if event.code == events.TOOK_OVER}  # fmt: skip
    if taken:
        found = sorted([*found, *_comments_of(record, taken)], key=lambda event: (event.at, event.id), reverse=True)
    comments = _comments(record, [*taken], found, is_public=is_public)
    drawn = [_draw(event, record, comments, taken, is_public=is_public) for event in reversed(found)]
    lines = _with_files([line for line in drawn if line is not None], found)
    shown = [line for line in lines if _is_shown(line, show, actor)]
    counts = Counter(line.weight for line in lines)
    return Timeline(
        entries=list(_with_days(_with_unread(_folded(shown), seen, actor))), show=show, older=older,
        counts=dict(counts), last=found[0].seq if found else 0,
    )  # fmt: skip


def _chain(record: Record, *, is_public: bool, before: int) -> QuerySet[Event]:
    who = Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1])
    chain = Event.objects.filter(subject_kind=record.kind, subject_id=record.pk).order_by("-seq").annotate(who=who)
    chain = chain.defer("salt", "digest", "mac")
    if is_public:
        codes = [code for code in known_codes() if event_type(code).public]
        chain = chain.filter(Q(code__in=codes) | Q(code__in=(events.COMMENTED, events.ATTACHED), data__is_public=True))
    return chain.filter(seq__lt=before) if before else chain


def _comments_of(record: Record, taken: dict[int, str]) -> list[Event]:
    """Words written on duplicates before they were merged into this record: for staff, in their place in time."""
    who = Subquery(User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1])
    written = Event.objects.filter(subject_kind=record.kind, subject_id__in=taken, code=events.COMMENTED)
    return list(written.annotate(who=who).defer("salt", "digest", "mac").order_by("-id")[:NEWEST])


def _comments(record: Record, others: list[int], found: list[Event], *, is_public: bool) -> dict[int, Comment]:
    wanted = [event.data["comment"] for event in found if event.code == events.COMMENTED]
    if not wanted:
        return {}
    rows = Comment.objects.filter(record__in=[record.pk, *others], pk__in=wanted)
    return {row.pk: row for row in (rows.filter(is_public=True) if is_public else rows)}


def _draw(
    event: Event, record: Record, comments: dict[int, Comment], taken: dict[int, str], *, is_public: bool
) -> Entry | None:
    kind = event_type(event.code)
    who = getattr(event, "who", None) or "Spindel"
    here = Entry(id=f"e{event.seq}", weight=kind.weight, at=event.at, who=who, by=event.actor_id, icon=kind.icon,
                 seq=event.seq)  # fmt: skip
    if event.code == events.COMMENTED:
        if event.subject_id != record.pk:
            here = replace(here, id=f"m{event.id}", via=taken[event.subject_id], seq=0)
        return _message(here, comments.get(event.data["comment"]), record)
    if event.code == events.ATTACHED:
        return replace(here, audience="public" if event.data["is_public"] else "internal")
    if event.code == events.OPENED and record.description:
        return replace(here, weight=Weight.MESSAGE, audience="public", html=rendered(record.description),
                       lang=record.lang, who=_reporter(record) or who)  # fmt: skip
    data = {key: event.data[key] for key in kind.public_keys if key in event.data} if is_public else event.data
    return replace(here, text=in_words(kind, data), html=as_html(kind, data))


def _reporter(record: Record) -> str:
    return record.requester.name if record.requester is not None else ""


def _message(here: Entry, comment: Comment | None, record: Record) -> Entry | None:
    """An erased or hidden comment leaves no line at all."""
    if comment is None:
        return None
    to = _reporter(record) if comment.is_public and comment.author_id != record.requester_id else ""
    via = here.via or ("" if comment.channel == "web" else comment.channel)
    return replace(
        here, weight=Weight.MESSAGE, audience="public" if comment.is_public else "internal", to=to, via=via,
        html=rendered(comment.body), lang=comment.lang,
    )  # fmt: skip


def _with_files(lines: list[Entry], found: list[Event]) -> list[Entry]:
    """Files stand under the words that they came with; a file that came alone is a message of its own."""
    attached = [event for event in found if event.code == events.ATTACHED]
    at_comment = {event.data["comment"]: f"e{event.seq}" for event in found if event.code == events.COMMENTED}
    home = {f"e{event.seq}": at_comment.get(event.data["comment"], f"e{event.seq}") for event in attached}
    files: dict[str, list[File]] = {}
    for event in reversed(attached):
        files.setdefault(home[f"e{event.seq}"], []).append(_file(event.data))
    kept = [line for line in lines if home.get(line.id, line.id) == line.id]
    return [replace(line, files=tuple(files[line.id])) if line.id in files else line for line in kept]


@lru_cache(maxsize=1024)
def rendered(text: str) -> SafeHtml:
    """Words of people as HTML, kept for the next reader; record numbers jump to their pages."""
    return render(text, record_url=lambda number: f"/{number}/")


def _file(data: dict[str, Any]) -> File:
    return File(data["attachment"], data["name"], data["size"], data["type"].startswith("image/"))


def _is_shown(line: Entry, show: Show, actor: Actor) -> bool:
    if show is Show.MESSAGES:
        return line.weight == Weight.MESSAGE
    if show is Show.CHANGES:
        return line.weight == Weight.CHANGE
    return show is Show.ALL or (line.by == actor.id and line.weight != Weight.NOISE)


def _folded(lines: Iterable[Entry]) -> Iterable[Entry]:
    """Runs of noise become one line with a count, to be opened (UX 1.2)."""
    for is_noise, run in groupby(lines, key=lambda line: line.weight == Weight.NOISE):
        if not is_noise:
            yield from run
            continue
        hidden = tuple(run)
        counts = Counter(line.text for line in hidden)
        text = ", ".join(said if n == 1 else f"{said} × {n}" for said, n in counts.most_common(3))
        yield replace(hidden[0], id=f"n{hidden[0].id}", text=text, entries=hidden)


def _with_unread(lines: Iterable[Entry], seen: int, actor: Actor) -> Iterable[Entry]:
    """The unread line: before the first thing that somebody else did since the reader was here."""
    is_drawn = not seen
    for line in lines:
        if not is_drawn and line.seq > seen and line.by != actor.id and line.weight != Weight.NOISE:
            is_drawn = True
            yield Entry(id="unread", weight="unread", at=line.at)
        yield line


def _with_days(lines: Iterable[Entry]) -> Iterable[Entry]:
    """A separator before the first line of each day, in the reader's zone."""
    day: date | None = None
    for line in lines:
        here = timezone.localtime(line.at).date()
        if here != day:
            day = here
            words = date_format(here, pgettext("date of a day in full, Django format", "l j F Y"))
            yield Entry(id=f"d{here.isoformat()}", weight="day", at=line.at, text=words)
        yield line
