"""Ranks, needs and refusals in the reader's words: one whole sentence for each, never pieces joined."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination import ranking
from kernel.localnames import local_name
from kernel.words import day_and_clock
from workforce import queries as workforce

Json = Mapping[str, Any]


def needs_words(needs: Iterable[int], names: Mapping[int, Mapping[str, str]] | None = None) -> str:
    """Needs in words: "Network level 2, Electrical level 1". Reads the names when they are not given."""
    known = names if names is not None else workforce.competence_names()
    words = []
    for need in needs:
        competence, level = divmod(need, 10)
        words.append(need_words(known.get(competence, {}), str(competence), level))
    return ", ".join(words)


def need_words(name: Mapping[str, str], code: str, level: int) -> str:
    """One competence at a level in words; the code where it has no name."""
    return _("%(competence)s level %(level)s") % {"competence": local_name(name) or code, "level": level}


def part_words(part: Json) -> str:
    """Why a part has its points."""
    facts = part["facts"]
    return _SENTENCES[part["name"]](facts, part["points"])


def _risk(facts: Json, points: int) -> str:
    if facts["used"] >= 100:
        return _("the promise is broken")
    return _("%(percent)s %% of the promise is used") % {"percent": facts["used"]}


def _priority(facts: Json, points: int) -> str:
    return _("priority P%(priority)s") % {"priority": facts["priority"]}


def _harm(facts: Json, points: int) -> str:
    names = ", ".join(facts["names"])
    values = {"n": facts["services"], "names": names}
    if facts["services"] > len(facts["names"]):
        return _("stops %(n)s services (%(names)s and more)") % values
    return ngettext("stops %(n)s service (%(names)s)", "stops %(n)s services (%(names)s)", facts["services"]) % values


def _waiting(facts: Json, points: int) -> str:
    hours = facts["hours"]
    if hours < 24:
        return ngettext("waited %(n)s hour", "waited %(n)s hours", hours) % {"n": hours}
    return ngettext("waited %(n)s day", "waited %(n)s days", hours // 24) % {"n": hours // 24}


def _activation(facts: Json, points: int) -> str:
    return _("major incident") if facts["why"] == "major" else _("caller with precedence")


def _boost(facts: Json, points: int) -> str:
    until = parse_datetime(facts["until"]) if facts["until"] else None
    when = day_and_clock(localtime(until)) if until else ""
    if points > 0:
        return _("lifted by a coordinator until %(time)s") % {"time": when}
    return _("lowered by a coordinator until %(time)s") % {"time": when}


_SENTENCES = {
    ranking.RISK: _risk, ranking.PRIORITY: _priority, ranking.HARM: _harm, ranking.WAITING: _waiting,
    ranking.ACTIVATION: _activation, ranking.BOOST: _boost,
}  # fmt: skip


def spoken(parts: Sequence[Json]) -> tuple[Json, ...]:
    """The parts, each with its words."""
    return tuple({**part, "words": part_words(part)} for part in parts)


def summary(parts: Sequence[Json]) -> str:
    """The two largest parts, spoken already, in one sentence (UX 3.6)."""
    words = [part["words"] for part in sorted(parts, key=lambda part: -abs(part["points"]))[:2]]
    if not words:
        return _("nothing speaks for it yet")
    if len(words) == 1:
        return str(words[0])
    return _("%(first)s + %(second)s") % {"first": words[0], "second": words[1]}
