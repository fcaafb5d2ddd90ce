"""Tags of the components in templates/_components. See the README there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import charts, pages, words
from kernel.clockface import ClockFace
from kernel.localnames import local_name
from kernel.markdown import SafeHtml, render

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of static/icons/sprite.svg. Decoration unless `label` says what it means."""
    href = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def nav_url(name: str, *args: Any) -> str:
    """The page's address, or nothing while that page does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def localname(value: Mapping[str, str] | str | None) -> str:
    """A name kept as {en, sv, zh-hans} in the reader's language, else English, else whatever there is."""
    if not isinstance(value, Mapping):
        return value or ""
    return local_name(value)


@register.filter
def translated(message: str) -> str:
    """A message id in the reader's language."""
    return _(message) if message else ""


@register.filter
def markdown(text: str) -> SafeHtml:
    """A Markdown text that staff wrote, as safe HTML."""
    return render(text)


@register.filter
def value_of(values: Mapping[str, str], key: str) -> str:
    """What stands under a key; nothing when it is not there."""
    return values.get(key, "")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None, style: str = "both") -> SafeString:
    """A time as `<time>`: absolute in the reader's zone and how long ago. Styles: both, abs, rel."""
    if moment is None:
        return SafeString()
    now = context.get("page_at") or timezone.now()
    local = timezone.localtime(moment)
    absolute, relative = words.absolute(local, timezone.localtime(now)), words.relative(moment, now)
    shown = {"abs": absolute, "rel": relative}.get(style, f"{absolute} · {relative}")
    body = format_html('<span class="only-print">{}</span><span class="no-print">{}</span>', words.exact(local), shown)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="minutes"), words.exact(local), body
    )


@register.filter
def daytime(moment: datetime) -> str:
    """A day without its year and the time in the reader's zone, for sentences."""
    return words.day_and_clock(timezone.localtime(moment))


@register.filter
def chosen(field: BoundField) -> str:
    """The value of a form's field as text: the words of what is chosen, yes or no for a tick."""
    value = field.value()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = {str(code): str(said) for code, said in getattr(field.field, "choices", ())}
    return words.get(str(value), "" if value is None else str(value))


@register.filter
def workingtime(minutes: int | None) -> str:
    """Working minutes in words with plurals: "1 hour 20 minutes"."""
    return "" if minutes is None else words.duration_words(minutes)


@register.filter
def shorttime(minutes: int | None) -> str:
    """Working minutes for a table cell: "1 h 20 min"."""
    return "" if minutes is None else words.duration_short(minutes)


@register.simple_tag
def sla_clock(face: ClockFace | None) -> SafeString:
    """The clock in a line: icon + word + number, and what lets the browser go on counting. Lists draw fifty."""
    if face is None:
        face = ClockFace(state="none")
    number = words.clock_number(face)
    shown = format_html(' <span class="num" data-num>{}</span>', number) if number else ""
    return format_html(
        '<span class="sla" data-state="{}"{}>{}<span data-word>{}</span>{}</span>',
        face.state, _counting(face), icon(face.state), face.word, shown,
    )  # fmt: skip


def _counting(face: ClockFace) -> SafeString:
    """Attributes in seconds and Unix time, which static/js/live.js reads; nothing when the clock stands still."""
    if not face.is_running:
        return SafeString()
    moments = {"at": face.at, "due": face.due_at, "stops": face.stops_at}
    facts = {"left": face.left, **{key: int(at.timestamp()) for key, at in moments.items() if at}}
    if face.risk_left is not None:
        facts["risk"] = face.risk_left
    return mark_safe(" data-clock" + "".join(f' data-{key}="{value}"' for key, value in facts.items()))  # noqa: S308  # numbers only


@register.simple_tag
def points(parts: Sequence[Mapping[str, Any]]) -> SafeString:
    """The parts of a sum with their words, in a list."""
    rows = ((part["points"], part["words"]) for part in parts)
    return format_html("<ol>{}</ol>", format_html_join("", '<li><span class="num">{}</span>{}</li>', rows))


@register.inclusion_tag("_components/promise.html")
def promise(face: ClockFace) -> dict[str, Any]:
    """The clock at full length: bar, word, due time, remaining working time, when it next stops."""
    return {"face": face, "short": words.clock_number(face), "value": min(face.used_percent or 0, 100)}


@register.simple_tag
def prio(level: int | None) -> SafeString:
    """Priority by shape and weight, never by hue."""
    return _priority(level, get_language())


@lru_cache(maxsize=64)
def _priority(level: int | None, language: str | None) -> SafeString:
    """Drawn once for each language: a list of fifty has the same four again and again."""
    del language  # part of the key
    return render_to_string("_components/priority.html", {"level": level})


@register.inclusion_tag("_components/badge.html")
def badge(label: str, phase: str = "", mark: str = "") -> dict[str, Any]:
    """A record's state in words; the shape follows its phase (new, active, waiting, done)."""
    return {"label": label, "phase": phase, "mark": mark}


@register.inclusion_tag("_components/person.html")
def person(name: str, detail: str = "") -> dict[str, Any]:
    """A person: initials and name."""
    return {"name": name, "detail": detail, "initials": words.initials(name)}


@register.inclusion_tag("_components/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    """The messages waiting for this reader, each with its Undo."""
    request = context.get("request")
    waiting = [pages.Toast.of(message) for message in get_messages(request)] if request else []
    return {"toasts": waiting}


@register.filter
def initials(name: str) -> str:
    """Two letters that stand for a person: "AB"; one character for Chinese names."""
    return words.initials(name)


@register.simple_block_tag
def field(content: str, for_id: str, label: str, hint: str = "", error: str = "") -> SafeString:
    """A Field around a control written by hand: `{% field "id_x" "Label" hint="…" %}<input …>{% endfield %}`."""
    values = {"content": content, "for_id": for_id, "label": label, "hint": hint, "error": error}
    return render_to_string("_components/field_around.html", values)


@register.inclusion_tag("_components/spark.html")
def spark(values: Sequence[float], label: str, series: int = 2) -> dict[str, Any]:
    """A sparkline; `label` says in words what it shows, the last value included."""
    return {"line": charts.spark(values), "label": label, "series": series}


@register.inclusion_tag("_components/bars.html")
def bars(values: Sequence[tuple[str, float]], title: str, goal: float | None = None, series: int = 2) -> dict[str, Any]:
    """Bars from zero with the same figures as a table below. `values` are (label, value)."""
    return {"chart": charts.bar_chart(values, goal=goal), "title": title, "goal": goal, "series": series}
