"""The one search box: what was typed becomes a query, documents that the reader may see come back in order.

Exact number first, then what is open, then what is closed: the newest 500 of 90 days, of a year, of all time, until
there are 50 (ARCHITECTURE 9). Two to four statements.
"""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value

from journal.models import SearchDocument
from journal.queries.kinds import readers_of
from kernel.actor import Actor
from kernel.text import search_query, similarity_words

Documents: TypeAlias = "QuerySet[SearchDocument]"
ENOUGH = 50
NEWEST = 500
WINDOWS = (timedelta(days=90), timedelta(days=365), None)
_OPERATOR = re.compile(r'["]|(?:^|\s)-|\bor\b', re.IGNORECASE)
_PUNCTUATION = re.compile(r'[^\w\s"-]|_|(?<=\w)-|-(?!\w)')


def spaced(text: str) -> str:
    """Words apart: vpn-gw-02 and anna.berg@region.example become words, in documents and in queries alike."""
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as arguments of search_query and as numbers that it may be."""

    words: str
    beginning: str
    pairs: str
    numbers: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.words or self.beginning or self.pairs or self.numbers)


def asked(text: str, prefixes: Iterable[str] = ()) -> Asked:
    """Read what was typed. `prefixes` are those of record numbers: a bare 2400 means each of them."""
    query = search_query(text)
    words = " ".join(_PUNCTUATION.sub(" ", query.words).split())
    terms = spaced(words).split()
    beginning = "" if _OPERATOR.search(words) or not terms else " & ".join(f"'{term}'" for term in terms) + ":*"
    return Asked(words, beginning, query.pairs, _numbers(text.strip(), prefixes))


def _numbers(text: str, prefixes: Iterable[str]) -> tuple[str, ...]:
    if text.isascii() and text.isdecimal():
        return (text, *(f"{prefix}-{text}" for prefix in prefixes))
    return (text.upper(), text) if text and len(text) <= 40 and " " not in text else ()


def visible_documents(actor: Actor, kinds: Collection[str]) -> QuerySet[SearchDocument]:
    """Documents of these kinds that the actor may find: one operator on the audience, as for records."""
    documents = SearchDocument.objects.filter(subject_kind__in=kinds)
    if actor.is_system:
        return documents
    mine = Q(audience__overlap=[*actor.audience, *readers_of(kinds)])
    return documents.filter(mine | Q(is_closed_class=False) if actor.see_all else mine)


def search(documents: QuerySet[SearchDocument], wanted: Asked, *, at: datetime) -> list[SearchDocument]:
    """The best hits, at most 50 and those with the exact number before all others."""
    if wanted.is_empty:
        return []
    exact = list(documents.filter(number__in=wanted.numbers)) if wanted.numbers else []
    query = Func(Value(wanted.words), Value(wanted.beginning), Value(wanted.pairs), function="search_query")
    matches = Func(F("tsv"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    rank = Func(F("tsv"), query, function="ts_rank", output_field=FloatField())
    matching = documents.exclude(pk__in=[hit.pk for hit in exact]).filter(matches).annotate(rank=rank)
    found = _newest(matching.filter(is_open=True))
    until: datetime | None = None
    for window in WINDOWS:
        if len(exact) + len(found) >= ENOUGH:
            break
        since = at - window if window is not None else None
        found += _newest(_between(matching.filter(is_open=False), since, until))
        until = since
    return [*exact, *found][: max(ENOUGH, len(exact))]


def _between(rows: Documents, since: datetime | None, until: datetime | None) -> Documents:
    rows = rows if since is None else rows.filter(at__gte=since)
    return rows if until is None else rows.filter(at__lt=until)


def _newest(rows: Documents) -> list[SearchDocument]:
    """The newest rows, best first; hits of the same rank by time."""
    newest = list(rows.defer("tsv", "audience").order_by("-at")[:NEWEST])
    ranks = {hit.pk: round(getattr(hit, "rank", 0.0), 2) for hit in newest}
    return sorted(newest, key=lambda hit: (-ranks[hit.pk], -hit.at.timestamp()))


def did_you_mean(documents: QuerySet[SearchDocument], text: str) -> str:
    """The nearest word in titles to a misspelt one, or nothing: looked for among what the reader may find."""
    for word in similarity_words(text):
        titles = documents.filter(title__trigram_word_similar=word).values_list("title", flat=True)[:50]
        known = {each.casefold() for title in titles for each in re.findall(r"[^\W_]+", title)}
        near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
        if near and near[0] != word:
            return str(near[0])
    return ""
