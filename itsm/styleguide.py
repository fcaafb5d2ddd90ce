"""Made-up content for the style guide: every component of templates/_components in all its states."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.clockface import ClockFace
from kernel.pages import Chip, Column, list_state
from kernel.paging import Page

COLUMNS = (
    Column("priority", "P", is_sortable=True, css="fit"),
    Column("number", "Number", is_sortable=True, css="fit"),
    Column("title", "Title", css="main"),
    Column("component", "Component", css="c2"),
    Column("owner", "Owner", css="c3"),
    Column("due", "Promise", is_sortable=True, css="fit"),
    Column("why", "Why here", css="c2"),
)


class SampleForm(forms.Form):
    """Every kind of control."""

    about = forms.CharField(label="About", help_text="One line, in the caller's words")
    details = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    service = forms.ChoiceField(label="Service", choices=[("", "Choose"), ("vpn", "Remote work"), ("pay", "Payroll")])
    impact = forms.ChoiceField(
        label="Impact",
        choices=[("1", "One person"), ("2", "Team"), ("3", "Site"), ("4", "Everyone")],
        widget=forms.RadioSelect,
    )
    tags = forms.MultipleChoiceField(
        label="Tags",
        choices=[("network", "Network"), ("print", "Printing")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    amount = forms.IntegerField(label="People hit", required=False)
    tell = forms.BooleanField(label="Tell the callers", help_text="They get the public text", required=False)


def faces() -> list[ClockFace]:
    """One clock in each state, and one about to turn."""
    at = timezone.now()
    hour = timedelta(hours=1)
    return [
        ClockFace(state="breach", name="Fix", at=at, left=-960, due_at=at - hour / 4, used_percent=108),
        ClockFace(state="risk", name="Fix", at=at, left=1500, due_at=at + hour / 2, used_percent=88,
                  stops_at=at + hour),
        ClockFace(state="ok", name="Fix", at=at, left=14000, due_at=at + 4 * hour, used_percent=35, risk_left=3600),
        ClockFace(state="met", name="Respond", at=at, met_at=at - hour, used_percent=40),
        ClockFace(
            state="paused", name="Fix", at=at, left=9000, used_percent=50, reason=_("waiting for the supplier"),
            paused_since=at - 3 * hour,
        ),
        ClockFace(state="none"),
    ]  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Rows of a queue in three languages."""
    titles = [
        ("VPN drops every ten minutes for the whole Malmö office", "vpn-gw-02", "M. Ek"),
        ("Payroll export fails with a timeout", "payroll-app", "Li Na"),
        ("Label printer P-114 offline in the packing hall", "prn-114", ""),
        ("核心交换机端口抖动", "sw-core-1", "K. Wu"),
        ("Skrivarkön fastnar på plan 3", "prn-033", "J. Ahl"),
        ("Monthly UPS battery inspection, room 2", "ups-2", ""),
    ]
    clocks = faces()
    return [
        {
            "id": 2400 + n, "number": f"INC-{2400 + n}", "title": title, "component": component, "owner": owner,
            "priority": min(4, 1 + n), "face": clocks[n], "url": "#", "score": 940 - 97 * n,
            "why": "overdue + stops 3 services" if n == 0 else "due soon + waited 2 h",
        }
        for n, (title, component, owner) in enumerate(titles)
    ]  # fmt: skip


def entries() -> list[dict[str, Any]]:
    """A time line with every weight."""
    at = timezone.now()
    return [
        {"weight": "day", "text": "Monday 23 November"},
        {
            "id": "e1", "weight": "message", "audience": "public", "who": "Anna Berg", "via": "phone", "at": at,
            "text": "VPN drops every ten minutes. I have a video call at eleven.",
        },
        {
            "id": "e2", "weight": "message", "audience": "internal", "who": "Johan Ahl", "at": at,
            "text": "Checked the tunnel: MTU 1500 again after the firmware.",
            "files": [{"id": 1, "name": "tunnel.log", "size": 20480, "is_image": False}],
        },
        {"id": "e3", "weight": "change", "who": "Johan Ahl", "at": at, "text": "New → In progress, owner → M. Ek"},
        {"weight": "noise", "text": "4 mails sent, 2 clocks recalculated", "entries": [
            {"id": "e4", "at": at, "text": "Mail to anna.berg@example.org delivered"},
            {"id": "e5", "at": at, "text": "Clock recalculated: priority"},
        ]},
        {"weight": "unread"},
        {
            "id": "e6", "weight": "message", "audience": "public", "who": "李娜", "to": "Anna Berg", "at": at,
            "lang": "zh-Hans", "text": "我们已经找到原因，正在修复。",
        },
    ]  # fmt: skip


def board() -> list[dict[str, Any]]:
    """Three columns, one full, one empty."""
    cards = [{**row, "id": f"card-{row['id']}", "who": row["owner"], "where": row["component"]} for row in rows()]
    return [
        {"key": "ready", "label": "Ready", "count": 3, "cards": cards[:3]},
        {"key": "active", "label": "In progress", "count": 3, "limit": 3, "is_full": True, "cards": cards[3:]},
        {"key": "review", "label": "Review", "count": 0, "cards": []},
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """All samples."""
    refused = SampleForm({"impact": "", "amount": "many"})
    refused.is_valid()
    state = list_state(request, columns=COLUMNS, sort="due")
    return {
        "area": "settings",
        "state": state,
        "columns": COLUMNS,
        "shown": [column.key for column in state.columns],
        "form": SampleForm(auto_id="ok_%s", initial={"about": "VPN drops every ten minutes", "impact": "2"}),
        "refused_form": refused,
        "single": SampleForm(auto_id="one_%s"),
        "faces": faces(),
        "rows": rows(),
        "entries": entries(),
        "board": board(),
        "chips": [Chip("sla: overdue", "?"), Chip("site: Malmö", "?")],
        "page": Page([], "bmV3", "b2xk"),
        "samples": {**SAMPLES, "icons": icons()},
        "frame": frame(request),
    }


def icons() -> list[str]:
    """The names of all icons in the sprite."""
    path = finders.find("icons/sprite.svg")
    return re.findall(r'<symbol id="([a-z]+)"', Path(str(path)).read_text(encoding="utf-8"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The shell of somebody who may see everything; theme and density from the address."""
    return {
        "user_name": "Johan Ahl", "initials": "JA", "user_id": "", "role_words": _("Service desk agent"),
        "theme": request.GET.get("theme", "auto"), "density": request.GET.get("density", "normal"), "keys": "on",
        "unread_count": 3, "unrouted_count": 3, "mine_count": 2, "can_queue": True, "can_calls": True, "can_log": True,
        "can_components": True, "can_reports": True, "can_settings": True,
    }  # fmt: skip


SAMPLES: dict[str, Any] = {
    "days": [(f"{day} Nov", value) for day, value in enumerate([22, 31, 28, 35, 12, 0, 27, 33, 30, 29, 38, 14], 9)],
    "trend": [88, 90, 87, 91, 92, 90, 93, 94],
    "few": [4],
    "services": ["Remote work", "Payroll", "Printing", "E-mail"],
    "tabs": [
        {"label": "Everything", "url": "#", "is_current": True, "count": 50},
        {"label": "My competences", "url": "#", "count": 18},
        {"label": "Unrouted", "url": "#", "count": 3},
        {"label": "Waiting", "url": "#", "count": 12},
        {"label": "Printers in Malmö", "url": "#", "count": "", "is_shared": True},
    ],
    "verbs": [
        {"name": "assign", "label": "Assign", "key": "a", "icon": "assign"},
        {"name": "hold", "label": "Put on hold", "key": "h", "icon": "hold"},
        {"name": "tag", "label": "Tag", "key": "t", "icon": "tag"},
    ],
    "problems": [
        {"text": "Enter the caller’s name, phone or e-mail", "id": "ok_about"},
        {"text": "Choose who reads this: an internal note or a reply", "id": ""},
    ],
    "refusals": [{"number": "INC-2409", "url": "#", "reason": "is being changed by Li Na"}],
    "options": [
        {"value": 1, "label": "Anna Berg", "detail": "Malmö · 4412"},
        {"value": 2, "label": "Anna Bergström", "detail": "Lund · 4177"},
    ],
    "people": [{"name": "Li Na", "is_typing": False}, {"name": "Johan Ahl", "is_typing": True}],
    "steps": [
        {"label": "Received", "state": "done"},
        {"label": "Being fixed", "state": "now"},
        {"label": "You confirm", "state": "later"},
    ],
    "parts": [
        {"points": "+400", "words": "the promise is broken"},
        {"points": "+300", "words": "priority 1"},
        {"points": "+120", "words": "stops 3 services: payroll, VPN, mail"},
        {"points": "+40", "words": "waited 2 hours"},
        {"points": "+80", "words": "the continuity plan is active"},
    ],
    "figures": [
        {"value": 4, "label": "overdue now", "url": "#", "note": "6 yesterday"},
        {"value": 7, "label": "due within the hour", "url": "#", "note": ""},
        {"value": 3, "label": "not routed", "url": "#", "note": ""},
        {"value": "2 d", "label": "oldest", "url": "#", "note": "INC-2391"},
    ],
}
