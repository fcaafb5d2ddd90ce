"""`demo --scale N`: as many records as are wanted for measuring, in minutes; the same tables as the commands fill."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

from accounts.queries import SYSTEM
from coordination.models import WorkItem
from incidents.workflow import WORKFLOW
from itsm.demo.building import build_world
from itsm.demo.cast import Cast
from itsm.demo.chains import Line
from itsm.demo.copying import copy_text, reserve
from itsm.demo.history import rank
from itsm.demo.known import Known
from itsm.demo.plots import Plots, in_order
from itsm.demo.rows import AUDITED, COLUMNS, COPIED, PGH, TRACKED, Contexts, Source, audit_of, sequences, stand_aside
from itsm.demo.stamps import Sheet, Stamp
from itsm.demo.story import Story
from itsm.demo.world import World
from journal.commands.search import upsert
from journal.models import Event
from journal.units import door

MOST_OPEN = 10_000
"""So many records are open at every scale (PERFORMANCE 3), or all of fewer."""
STORIES_OVER, STORIES_OPEN, BEING_DONE = 2500, 700, 100
"""Different stories that the records are made of: over, in the queue, with somebody."""
CHUNK = 2500
BATCH = 500
Say = Callable[[str], object]


def fill_to_scale(records: int, say: Say) -> int:
    """Fill an empty database with the region and that many records; returns how many rows. Commits as it goes."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    with door(SYSTEM, source="demo") as at:
        world = build_world(at)
        contexts, known = Contexts(), Known()
        parts = stamps(world, known, contexts, records, at)
    say(f"The region and {len(parts)} stories are told.")
    begin, written, done = time.monotonic(), 0, 0
    id_of, numbers = sequences(), iter(reserve(f"'record_number_{WORKFLOW.kind}'", records))
    for chunk in chunks(parts):
        with door(SYSTEM, source="demo"):
            written += write_chunk(chunk, contexts, lambda: next(numbers), id_of)
        done += len(chunk)
        say(f"{done:>9} records, {written / (time.monotonic() - begin):8.0f} rows/s")
    rank_queue(at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return written


def stamps(world: World, known: Known, contexts: Contexts, records: int, at: datetime) -> list[tuple[Stamp, int]]:
    """Stories in the order of their time, each with how many records are made of it."""
    plots = Plots(world, Cast(world, known))
    left = min(records, MOST_OPEN)
    doing = plots.queue(min(BEING_DONE, left), timedelta(days=3))
    stories = min(STORIES_OPEN, left - len(doing))
    queued = plots.untouched(stories // 2, timedelta(hours=30))
    queued += plots.untouched(stories - len(queued), timedelta(days=14))
    over = [story for story in plots.year(min(STORIES_OVER, records - left)) if story.at < at - timedelta(days=12)]
    times = {id(story): 1 for story in doing}
    times |= shares(queued, left - len(doing)) | shares(over, records - left)
    told = in_order(doing, queued, over)
    return [(Stamp(story, known, contexts, prefix=WORKFLOW.prefix, until=at), times[id(story)]) for story in told]


def shares(stories: list[Story], records: int) -> dict[int, int]:
    """So many records spread evenly over the stories."""
    if not stories:
        return {}
    each, rest = divmod(records, len(stories))
    return {id(story): each + (number < rest) for number, story in enumerate(stories)}


def chunks(parts: list[tuple[Stamp, int]]) -> Iterator[list[Stamp]]:
    """Stamps repeated, in runs of CHUNK records."""
    chunk: list[Stamp] = []
    for stamp, times in parts:
        for _copy in range(times):
            chunk.append(stamp)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def write_chunk(chunk: list[Stamp], contexts: Contexts, number: Callable[[], int], id_of: Source) -> int:
    """Fill in and copy the rows of some records; returns how many rows."""
    sheet = Sheet()
    for stamp in chunk:
        stamp.fill(sheet, number(), id_of)
    trust()
    written = contexts.copy() + len(sheet.documents)
    columns: dict[type[Model], Sequence[str]] = {model: COLUMNS[model] for model in COPIED}
    columns |= {audit_of(model): (*PGH, *TRACKED[model]) for model in AUDITED}
    columns[Event] = Line._fields
    for model, names in columns.items():
        lines = sheet.lines.get(model, [])
        copy_text(model, names, lines)
        written += sum(text.count("\n") + 1 for text in lines)
    for first in range(0, len(sheet.documents), BATCH):
        upsert(sheet.documents[first : first + BATCH])
    return written


def trust() -> None:
    """Row versions are copied, so no trigger writes them; where the role may, foreign keys are not asked either."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            stand_aside(cursor)


def rank_queue(at: datetime) -> None:
    """Give all queued work its place."""
    last = 0
    while True:
        rows = WorkItem.objects.filter(pk__gt=last, state=WorkItem.State.QUEUED).order_by("pk")
        batch = list(rows.select_related("record__requester")[:BATCH])
        if not batch:
            return
        with door(SYSTEM, source="demo"):
            rank(batch, at=at)
        last = batch[-1].pk
