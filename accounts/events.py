"""What happens to people, rights, tokens and settings."""

from kernel.events import EventType, register
from kernel.workflow import gettext_noop as _

PERSON_ADDED = "accounts.person_added"
PERSON_CHANGED = "accounts.person_changed"
PERSON_MERGED = "accounts.person_merged"
DISABLED = "accounts.disabled"
ENABLED = "accounts.enabled"
ROLE_GRANTED = "accounts.role_granted"
ROLE_TAKEN = "accounts.role_taken"
MEMBERSHIP_CHANGED = "accounts.membership_changed"
TEAM_CHANGED = "accounts.team_changed"
SESSIONS_ENDED = "accounts.sessions_ended"
TOKEN_MADE = "accounts.token_made"  # noqa: S105  # an event code
TOKEN_ROTATED = "accounts.token_rotated"  # noqa: S105  # an event code
TOKEN_REVOKED = "accounts.token_revoked"  # noqa: S105  # an event code
SETTING_CHANGED = "setting.changed"
LIST_IMPORTED = "accounts.list_imported"
LIST_EXPORTED = "accounts.list_exported"

register(
    EventType(PERSON_ADDED, _("Person added"), personal=("name", "email")),
    EventType(PERSON_CHANGED, _("Person changed"), personal=("before", "after")),
    EventType(PERSON_MERGED, _("Guest merged into a person")),
    EventType(DISABLED, _("Account switched off")),
    EventType(ENABLED, _("Account switched on")),
    EventType(ROLE_GRANTED, _("Role given")),
    EventType(ROLE_TAKEN, _("Role taken away")),
    EventType(MEMBERSHIP_CHANGED, _("Membership of a team changed")),
    EventType(TEAM_CHANGED, _("Team changed")),
    EventType(SESSIONS_ENDED, _("Signed out everywhere")),
    EventType(TOKEN_MADE, _("Token made")),
    EventType(TOKEN_ROTATED, _("Token replaced")),
    EventType(TOKEN_REVOKED, _("Token revoked")),
    EventType(SETTING_CHANGED, _("Setting changed")),
    EventType(LIST_IMPORTED, _("List imported"), "upload"),
    EventType(LIST_EXPORTED, _("List exported"), "download"),
)
