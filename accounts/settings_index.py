"""The settings area: every page of every room, grouped, with the permission that shows it (UX 3.17).

Pages are named by URL, never imported; a page whose room is switched off is left out. A room with a new settings
page adds a line here.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from kernel.actor import Actor

READ = Permission.SETTINGS_READ
PEOPLE = (Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page: its URL name, what it is called, what it is for, its group, the permissions of which one shows it."""

    url_name: str
    label: str | Promise
    about: str | Promise
    group: str | Promise
    permissions: tuple[str, ...] = (READ,)


GROUP_PEOPLE, GROUP_SERVICES, GROUP_PROMISES = _("People and skills"), _("Services and components"), _("Promises")
GROUP_QUEUE, GROUP_TELLING = _("Queue and routing"), _("Notifications and texts")
GROUP_MACHINES, GROUP_DATA = _("Integrations and tokens"), _("Data")

PAGES = (
    SettingsPage("accounts:people", _("People"), _("Who is there, their teams and roles; leavers."), GROUP_PEOPLE,
                 (Permission.PEOPLE_EDIT, Permission.PEOPLE_READ)),
    SettingsPage("accounts:teams", _("Teams"), _("Groups that own components and work."), GROUP_PEOPLE, PEOPLE),
    SettingsPage("accounts:roles", _("Roles"), _("What each role may do, and who has it."), GROUP_PEOPLE, PEOPLE),
    SettingsPage("accounts:sign_in", _("Sign-in"), _("Length of sessions, who needs a second factor."), GROUP_PEOPLE),
    SettingsPage("workforce:competences", _("Competences"), _("What work may ask for."), GROUP_PEOPLE),
    SettingsPage("workforce:calendars", _("Working calendars"), _("Opening hours and holidays."), GROUP_PROMISES),
    SettingsPage("registry:types", _("Component types"), _("Kinds of components and their fields."), GROUP_SERVICES),
    SettingsPage("incidents:categories", _("Categories"), _("What incidents are about."), GROUP_SERVICES),
    SettingsPage("sla:targets", _("Targets"), _("How soon answers and solutions are promised."), GROUP_PROMISES),
    SettingsPage("sla:escalations", _("Escalations"), _("What happens when a promise gets close."), GROUP_PROMISES),
    SettingsPage("sla:pause_rules", _("Pauses"), _("When clocks stand still."), GROUP_PROMISES),
    SettingsPage("incidents:matrix", _("Priority matrix"), _("Impact and urgency give the priority."), GROUP_QUEUE),
    SettingsPage("incidents:closing", _("Closing and reopening"), _("How long one may reopen."), GROUP_QUEUE),
    SettingsPage("coordination:queue_rules", _("Queue rules"), _("What moves work up."), GROUP_QUEUE),
    SettingsPage("coordination:queue_limits", _("Limits"), _("How much one person has at once."), GROUP_QUEUE),
    SettingsPage("coordination:queue_reasons", _("Reasons in the queue"), _("Why work is handed back, waits."),
                 GROUP_QUEUE),
    SettingsPage("notifications:rules", _("Notification rules"), _("Who is told about what, and how."), GROUP_TELLING),
    SettingsPage("notifications:deliveries", _("Deliveries"), _("Mails and calls; send again."), GROUP_TELLING),
    SettingsPage("notifications:webhooks", _("Webhooks"), _("Systems that are told."), GROUP_MACHINES),
    SettingsPage("intake:sources", _("Alert sources"), _("Monitoring systems that raise incidents."), GROUP_MACHINES),
    SettingsPage("intake:rules", _("Severity rules"), _("What an alert's severity means."), GROUP_MACHINES),
    SettingsPage("intake:inbox", _("Alert inbox"), _("What machines sent, refused messages too."), GROUP_MACHINES),
    SettingsPage("accounts:tokens", _("Tokens"), _("What machines may do here."), GROUP_MACHINES,
                 (Permission.TOKENS_EDIT,)),
    SettingsPage("accounts:data", _("Import and export"), _("Every list as a file, out and in; everything at once."),
                 GROUP_DATA, (READ, Permission.EXPORT)),
    SettingsPage("api-docs", _("API"), _("Read and try the interface for programs."), GROUP_MACHINES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A page with its address."""

    label: str
    about: str
    url: str


def index_for(actor: Actor, words: str = "") -> list[tuple[str, list[Entry]]]:
    """Groups with the pages that the actor may open; with `words` only those in which all of them occur."""
    groups: dict[str, list[Entry]] = {}
    for page in PAGES:
        entry = _entry(page) if any(actor.may_somewhere(each) for each in page.permissions) else None
        if entry and all(word in f"{entry.label} {entry.about}".lower() for word in words.lower().split()):
            groups.setdefault(str(page.group), []).append(entry)
    return list(groups.items())


def _entry(page: SettingsPage) -> Entry | None:
    try:
        return Entry(str(page.label), str(page.about), reverse(page.url_name))
    except NoReverseMatch:
        return None
