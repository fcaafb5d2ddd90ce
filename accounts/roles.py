"""Roles and permissions as code, reviewed like code (ARCHITECTURE 8). Granted everywhere or per team."""

from dataclasses import dataclass
from enum import StrEnum

from kernel.workflow import gettext_noop


class Permission(StrEnum):
    """One thing that somebody may do. Policies ask for these; nothing else grants a right."""

    RECORD_SEE_ALL = "record.see_all"
    RECORD_COMMENT_INTERNAL = "record.comment_internal"
    RECORD_EDIT = "record.edit"
    INCIDENT_LOG = "incident.log"
    INCIDENT_WORK = "incident.work"
    INCIDENT_MAJOR = "incident.major"
    INCIDENT_CLOSE = "incident.close"
    WORK_PICK = "work.pick"
    WORK_ASSIGN = "work.assign"
    WORK_BOOST = "work.boost"
    WORK_OVERRIDE = "work.override"
    REGISTRY_READ = "registry.read"
    REGISTRY_EDIT = "registry.edit"
    PEOPLE_READ = "people.read"
    REPORTS_READ = "reports.read"
    CAPACITY_READ = "capacity.read"
    AUDIT_READ = "audit.read"
    EXPORT = "export"
    EXPORT_ALL = "export.all"
    SETTINGS_READ = "settings.read"
    SETTINGS_EDIT = "settings.edit"
    PEOPLE_EDIT = "people.edit"
    TOKENS_EDIT = "tokens.edit"
    ALERTS_WRITE = "alerts.write"
    CONFIDENTIAL_SECURITY = "confidential.security"


PERMISSION_WORDS: dict[str, str] = {
    Permission.RECORD_SEE_ALL: gettext_noop("Sees every record that is not confidential"),
    Permission.RECORD_COMMENT_INTERNAL: gettext_noop("Reads and writes internal notes"),
    Permission.RECORD_EDIT: gettext_noop("Changes facts of records"),
    Permission.INCIDENT_LOG: gettext_noop("Logs calls"),
    Permission.INCIDENT_WORK: gettext_noop("Works on incidents: starts, holds, resolves, reopens, cancels"),
    Permission.INCIDENT_MAJOR: gettext_noop("Declares and leads major incidents"),
    Permission.INCIDENT_CLOSE: gettext_noop("Closes resolved incidents"),
    Permission.WORK_PICK: gettext_noop("Picks work from the queue"),
    Permission.WORK_ASSIGN: gettext_noop("Routes work and assigns it to people"),
    Permission.WORK_BOOST: gettext_noop("Lifts or lowers work in the queue for a time, with a reason"),
    Permission.WORK_OVERRIDE: gettext_noop("Assigns past somebody's limit or competence, with a reason"),
    Permission.REGISTRY_READ: gettext_noop("Reads components and services"),
    Permission.REGISTRY_EDIT: gettext_noop("Changes and imports components and services"),
    Permission.PEOPLE_READ: gettext_noop("Looks people up"),
    Permission.REPORTS_READ: gettext_noop("Reads the wall and reports"),
    Permission.CAPACITY_READ: gettext_noop("Sees how much time people have"),
    Permission.AUDIT_READ: gettext_noop("Reads who changed which field when"),
    Permission.EXPORT: gettext_noop("Exports lists"),
    Permission.EXPORT_ALL: gettext_noop("Takes everything out as one file"),
    Permission.SETTINGS_READ: gettext_noop("Reads settings"),
    Permission.SETTINGS_EDIT: gettext_noop("Changes settings"),
    Permission.PEOPLE_EDIT: gettext_noop("Keeps people, teams and roles"),
    Permission.TOKENS_EDIT: gettext_noop("Makes and revokes tokens"),
    Permission.ALERTS_WRITE: gettext_noop("Raises alerts"),
    Permission.CONFIDENTIAL_SECURITY: gettext_noop("Opens confidential security records"),
}
"""What each permission lets somebody do, as the page of roles says it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A named bundle of permissions; `see_all` skips the audience filter (never for confidential classes)."""

    code: str
    label: str
    description: str
    permissions: frozenset[str]
    see_all: bool = False
    per_team: bool = True


P = Permission
_READERS = {P.REGISTRY_READ, P.PEOPLE_READ}
_WORKERS = {*_READERS, P.RECORD_COMMENT_INTERNAL, P.RECORD_EDIT, P.INCIDENT_LOG, P.INCIDENT_WORK, P.WORK_PICK, P.EXPORT}
_COORDINATORS = {
    *_WORKERS,
    P.RECORD_SEE_ALL,
    P.WORK_ASSIGN,
    P.WORK_BOOST,
    P.WORK_OVERRIDE,
    P.INCIDENT_MAJOR,
    P.INCIDENT_CLOSE,
    P.REPORTS_READ,
    P.CAPACITY_READ,
}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "requester",
            gettext_noop("Requester"),
            gettext_noop("Reports, follows and confirms own records."),
            frozenset(),
            per_team=False,
        ),
        Role(
            "agent",
            gettext_noop("Service desk agent"),
            gettext_noop("Logs calls, solves or routes them, owns the contact with the requester."),
            frozenset({*_WORKERS, P.RECORD_SEE_ALL, P.WORK_ASSIGN, P.INCIDENT_MAJOR, P.INCIDENT_CLOSE}),
            see_all=True,
        ),
        Role(
            "technician",
            gettext_noop("Technician"),
            gettext_noop("Picks work that the person is able to do, and does it."),
            frozenset(_WORKERS),
        ),
        Role(
            "coordinator",
            gettext_noop("Coordinator"),
            gettext_noop("Runs the one queue: assigns, boosts, overrides capacity with a reason."),
            frozenset(_COORDINATORS),
            see_all=True,
        ),
        Role(
            "manager",
            gettext_noop("Manager"),
            gettext_noop("Reads everything that is not confidential, sees promises and capacity."),
            frozenset(
                {
                    *_READERS,
                    P.RECORD_SEE_ALL,
                    P.RECORD_COMMENT_INTERNAL,
                    P.INCIDENT_MAJOR,
                    P.REPORTS_READ,
                    P.CAPACITY_READ,
                    P.EXPORT,
                    P.SETTINGS_READ,
                }
            ),
            see_all=True,
        ),
        Role(
            "auditor",
            gettext_noop("Auditor"),
            gettext_noop("Reads all records and the audit trail, changes nothing."),
            frozenset(
                {*_READERS, P.RECORD_SEE_ALL, P.REPORTS_READ, P.AUDIT_READ, P.SETTINGS_READ, P.EXPORT, P.EXPORT_ALL}
            ),
            see_all=True,
        ),
        Role(
            "administrator",
            gettext_noop("Administrator"),
            gettext_noop("Keeps people, settings, tokens and the registry."),
            frozenset(
                {
                    *_READERS,
                    P.REGISTRY_EDIT,
                    P.PEOPLE_EDIT,
                    P.SETTINGS_READ,
                    P.SETTINGS_EDIT,
                    P.TOKENS_EDIT,
                    P.EXPORT,
                    P.EXPORT_ALL,
                }
            ),
            per_team=False,
        ),
        Role(
            "integration",
            gettext_noop("Integration"),
            gettext_noop("A machine client: raises alerts, and what its token's scopes add."),
            frozenset({P.ALERTS_WRITE, P.INCIDENT_LOG, P.REGISTRY_READ}),
            per_team=False,
        ),
        Role(
            "security_officer",
            gettext_noop("Security officer"),
            gettext_noop("Reads and works on confidential security records."),
            frozenset({P.CONFIDENTIAL_SECURITY, P.RECORD_COMMENT_INTERNAL, P.RECORD_EDIT, P.INCIDENT_WORK}),
            per_team=False,
        ),
    )
}

CONFIDENTIAL_CLASSES: dict[str, tuple[int, str]] = {"security": (2_000_000_001, P.CONFIDENTIAL_SECURITY)}
"""Confidential class of a record → its id in Record.audience, and the permission that opens it (DOMAIN I5)."""

SCOPES: dict[str, frozenset[str]] = {
    "alerts:write": frozenset({P.ALERTS_WRITE}),
    "records:read": frozenset({P.RECORD_SEE_ALL, P.REGISTRY_READ, P.PEOPLE_READ}),
    "records:write": frozenset(
        {P.INCIDENT_LOG, P.INCIDENT_WORK, P.RECORD_EDIT, P.RECORD_COMMENT_INTERNAL, P.INCIDENT_CLOSE, P.INCIDENT_MAJOR}
    ),
    "work:write": frozenset({P.INCIDENT_WORK, P.WORK_PICK, P.WORK_ASSIGN, P.WORK_BOOST, P.WORK_OVERRIDE}),
    "registry:write": frozenset({P.REGISTRY_EDIT}),
    "reports:read": frozenset({P.REPORTS_READ, P.CAPACITY_READ, P.EXPORT, P.AUDIT_READ}),
    "settings:write": frozenset({P.SETTINGS_READ, P.SETTINGS_EDIT, P.PEOPLE_EDIT, P.TOKENS_EDIT}),
}
"""Scope of a token → the permissions that it lets through; a token never has more than its user."""


def permission_words(role: Role) -> list[tuple[str, str]]:
    """The role's permissions in the order of this page: code, and what it lets somebody do (a message id)."""
    return [(code, PERMISSION_WORDS[code]) for code in PERMISSION_WORDS if code in role.permissions]
