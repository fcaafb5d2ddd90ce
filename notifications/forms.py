"""Input of the settings pages; never saves."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.roles import ROLES
from kernel.events import event_type, known_codes
from notifications.events import FAMILIES, NOT_MAILED, SILENT
from notifications.models import Choice, Rule

PLACEHOLDER = re.compile(r"%\(\w+\)s")


FAMILY_WORDS = {
    "incident": _("Incident"), "problem": _("Problem"), "change": pgettext_lazy("kind of record", "Change"),
    "request": _("Request"), "record": _("Any record"), "work": _("Work in the queue"),
    "sla": _("Promise"), "notification": _("Message"),
}  # fmt: skip


def event_words(code: str) -> str:
    """An event code in words: its family, and what happens; a family alone is anything of it."""
    family, _dot, name = code.partition(".")
    about = str(FAMILY_WORDS.get(family, family))
    if name == "*":
        return gettext("%(about)s: anything that happens") % {"about": about}
    said = PLACEHOLDER.sub("…", gettext(event_type(code).label)).removesuffix(": …").removesuffix("：…")
    return gettext("%(about)s: %(said)s") % {"about": about, "said": said}


def event_choices() -> list[tuple[str, str]]:
    """Codes that can be told about and their words, by family: all of it first, then each of its events."""
    told = {code for code in known_codes() - SILENT if code.partition(".")[0] in FAMILIES}
    codes = [code for family in FAMILIES for code in (f"{family}.*", *sorted(_of(family, told)))]
    return [(code, event_words(code)) for code in (*codes, NOT_MAILED)]


def coded_choices() -> list[tuple[str, str]]:
    """The same for those who receive codes."""
    return [(code, f"{words} ({code})") for code, words in event_choices()]


def _of(family: str, codes: Iterable[str]) -> Iterable[str]:
    return (code for code in codes if code.partition(".")[0] == family)


TO = [
    (Rule.To.REQUESTER.value, _("the requester")), (Rule.To.CALLERS.value, _("everybody who called about it")),
    (Rule.To.WATCHERS.value, _("those who follow it")), (Rule.To.CONTACT_OWNER.value, _("who answers the requester")),
    (Rule.To.ASSIGNEE.value, _("who works on it")), (Rule.To.OWNER_TEAM.value, _("the owner team")),
    (Rule.To.TEAM.value, _("a team")), (Rule.To.ROLE.value, _("everybody with a role")),
]  # fmt: skip
CHANNELS = [
    (Rule.Channel.IN_APP.value, _("the notification list")), (Rule.Channel.EMAIL.value, _("e-mail, and the list")),
]  # fmt: skip


def in_words(rule: Rule) -> dict[str, str]:
    """A rule as the list of rules says it: whom it tells, and how."""
    role = ROLES.get(rule.role)
    return {
        "when": event_words(rule.code),
        "to": str(dict(TO)[rule.to]),
        "role": str(_(role.label)) if role else "",
        "by": str(dict(CHANNELS)[rule.channel]),
    }


class RuleForm(forms.Form):
    """One sentence: when this happens, tell these people, by this channel."""

    code = forms.ChoiceField(label=_("When this happens"), choices=event_choices)
    to = forms.ChoiceField(label=_("Tell"), choices=TO)
    team = forms.ModelChoiceField(Team.objects.filter(retired_at=None), label=_("Which team"), required=False)
    role = forms.ChoiceField(label=_("Which role"), required=False)
    channel = forms.ChoiceField(label=_("By"), choices=CHANNELS)
    priority_at_most = forms.TypedChoiceField(
        label=_("For priorities up to"), coerce=int, initial=4, choices=[(n, f"P{n}") for n in (1, 2, 3, 4)]
    )
    is_urgent = forms.BooleanField(
        label=_("At once, also in quiet hours"), required=False, help_text=_("For people on duty.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = forms.ChoiceField(label=_("Which role"), required=False)
        self.fields["role"] = role
        role.choices = [("", "—"), *((code, _(each.label)) for code, each in ROLES.items())]

    def clean(self) -> dict[str, Any]:
        """A team or a role must be named when the rule speaks of one."""
        values = super().clean() or {}
        if values.get("to") == Rule.To.TEAM and not values.get("team"):
            self.add_error("team", _("Choose the team that is told."))
        if values.get("to") == Rule.To.ROLE and not values.get("role"):
            self.add_error("role", _("Choose the role that is told."))
        return values


class WebhookForm(forms.Form):
    """Where signed messages go, and about what."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("For example https://chat.region.example/hook")
    )
    codes = forms.MultipleChoiceField(
        label=_("Events"), choices=coded_choices, widget=forms.SelectMultiple(attrs={"size": 10})
    )
    allows_private = forms.BooleanField(
        label=_("The address is inside our own network"), required=False,
        help_text=_("Without this, private addresses are refused."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)


REASONS = (
    (Rule.To.REQUESTER, _("What you reported")), (Rule.To.CALLERS, _("What you called about")),
    (Rule.To.WATCHERS, _("What you follow")), (Rule.To.CONTACT_OWNER, _("Requesters whom you answer")),
    (Rule.To.ASSIGNEE, _("What you work on")), (Rule.To.OWNER_TEAM, _("What your team owns")),
    (Rule.To.TEAM, _("What rules tell your team")), (Rule.To.ROLE, _("What rules tell your role")),
)  # fmt: skip
"""Why somebody may be told, as the page of choices names it."""

MAILS = [
    (Choice.Mail.AT_ONCE, _("at once")), (Choice.Mail.GATHERED, _("together, at most once an hour")),
    (Choice.Mail.NEVER, _("never")),
]  # fmt: skip


class ChoicesForm(forms.Form):
    """For each reason to be told: by mail or not, in the list or not."""

    def __init__(self, *args: Any, chosen: Mapping[str, Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for why, label in REASONS:
            kept = chosen.get(why)
            self.fields[f"mail_{why}"] = forms.ChoiceField(
                label=label, choices=MAILS, initial=kept.mail if kept else Choice.Mail.AT_ONCE,
                help_text=_("Mails that the rules send you"),
            )  # fmt: skip
            self.fields[f"list_{why}"] = forms.BooleanField(
                label=_("Also in the list"), required=False, initial=kept.is_listed if kept else True
            )

    def wanted(self) -> dict[str, tuple[str, bool]]:
        """What the command takes."""
        data = self.cleaned_data
        return {str(why): (data[f"mail_{why}"], data[f"list_{why}"]) for why, _label in REASONS}
