"""What stands in the world, and what to write into an address. Add a line here when a route has a new argument."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts import commands as accounts
from accounts.models import SavedView, User
from accounts.queries import SYSTEM
from coordination.models import WorkItem
from incidents.commands import IncidentOpening, open_incident
from intake.models import AlertGroup, Inbox, SeverityRule, Source
from journal.units import database_now
from notifications.models import Delivery, Notification, Rule, Webhook
from records import commands as records
from records.models import Category, Record
from registry.models import Component, ComponentType, Relation, RelationKind, Service
from sla.models import EscalationStep, Target
from tests.authz.base import (
    CONFIDENTIAL,
    FOREIGN,
    NO_OBJECT,
    NONEXISTENT,
    OTHER,
    OWN,
    RECORD_RELATIONS,
    SECRET,
    TEAM,
    THING_RELATIONS,
    World,
)
from workforce.models import Calendar, Competence

MISSING = 987_654_321
CALL_KEY = "9f8c4c5e-6a7b-4c1d-9d2e-000000000001"
PERSON_PAGES = ("person", "person_edit", "person_step", "rights_step")
WORK_VERBS = ("work", "take", "assign", "release", "skip", "wait", "resume", "boost", "route",
              "pair", "answer_pair")  # fmt: skip
API_VERBS = ("detail", "route", "take", "start", "hand-back", "wait", "resume", "skip", "assign", "boost", "colleagues",
             "pairs", "pair", "answer-pair")  # fmt: skip
CANARIES = {FOREIGN: OTHER, CONFIDENTIAL: SECRET}


def add_things(world: World) -> None:
    """Fill the world: one incident in each relation, and one of everything that settings pages are about."""
    at = database_now() - timedelta(hours=1)
    world.records = {
        OWN: _incident("Own", at=at, caller=world.user, owner_team=world.team),
        TEAM: _incident("Team's", at=at, caller=world.colleague, owner_team=world.team),
        FOREIGN: _incident(OTHER, at=at, caller=world.stranger, owner_team=world.other_team),
        CONFIDENTIAL: _incident(
            SECRET, at=at, caller=world.stranger, owner_team=world.team, confidential_class="security"
        ),
    }
    for relation, record in world.records.items():
        records.comment(record, body=f"{CANARIES.get(relation, 'Plain')} comment", is_public=True, actor=SYSTEM, at=at)
    world.things |= {"user": world.stranger, "team": world.other_team}
    _people(world, at)
    _lists(world)
    _promises(world)
    _registry(world, at)
    _notifications(world, at)
    _intake(world, at)


def _incident(title: str, *, at: datetime, **fields: Any) -> Record:
    opening = IncidentOpening(title=f"{title} record", description=f"{title} description", **fields)
    return open_incident(opening, actor=SYSTEM, at=at).record


def _people(world: World, at: datetime) -> None:
    token = accounts.make_token(world.stranger, name="theirs", scopes=["alerts:write"], actor=SYSTEM, at=at)
    world.things["token"] = token.token
    world.things["guest"] = User.objects.create(kind=User.Kind.GUEST, name="A guest")
    world.things["calendar"] = Calendar.objects.create(code="office", name={"en": "Office"}, weekly=[[0, 480, 960]])
    world.things["competence"] = Competence.objects.create(code="network", name={"en": "Network"})


def _lists(world: World) -> None:
    world.things |= {
        "category": Category.objects.create(kind="incident", code="mail", name={"en": "Mail"}),
        "saved view": SavedView.objects.create(list_key="incidents", name="Theirs", query="", owner=world.stranger),
    }


def _promises(world: World) -> None:
    calendar = world.things["calendar"]
    world.things |= {
        "target": Target.objects.create(kind="problem", metric="response", priority=1, minutes=15, calendar=calendar),
        "step": EscalationStep.objects.create(kind="problem", metric="response", percent=50, action="notify_person"),
    }


def _registry(world: World, at: datetime) -> None:
    kind = ComponentType.objects.create(code="server", name={"en": "Server"})
    first, second = (
        Component.objects.create(tag=tag, name=tag, type=kind, owner_team=world.other_team, updated_at=at)
        for tag in ("srv-1", "srv-2")
    )
    verb = RelationKind.objects.create(code="runs-on", verb={"en": "runs on"}, inverse={"en": "runs"})
    relation = Relation.objects.create(source=first, target=second, kind=verb)
    service = Service.objects.create(component=second, code="vpn")
    world.things |= {"component": first, "component type": kind, "relation": relation, "service": service}


def _notifications(world: World, at: datetime) -> None:
    hook = Webhook.objects.create(name="hook", url="https://hooks.example/x", secret="x", codes=["*"])
    world.things |= {
        "rule": Rule.objects.create(code="record.opened", to=Rule.To.values[0], channel=Rule.Channel.values[0]),
        "webhook": hook,
        "notification": Notification.objects.create(
            user=world.stranger, event_id=1, subject_kind="incident", subject_id=world.records[FOREIGN].pk,
            code="record.opened", title=f"{OTHER} notification", why="assignee", at=at,
        ),
        "delivery": Delivery.objects.create(
            key="k", channel=Delivery.Channel.WEBHOOK, webhook=hook, address=hook.url, subject_kind="incident",
            subject_id=1, payload={"type": "record.opened"}, created_at=at, available_at=at,
        ),
    }  # fmt: skip


def _intake(world: World, at: datetime) -> None:
    source = Source.objects.create(code="prometheus", name="Prometheus", format=Source.Format.values[0])
    world.things |= {
        "source": source,
        "severity rule": SeverityRule.objects.create(source=source, label="severity", pattern="critical"),
        "message": Inbox.objects.create(source=source, received_at=at, digest="x", raw=b"{}", status=202),
    }
    for relation, record in world.records.items():
        group = AlertGroup.objects.create(
            source=source, fingerprint=relation, incident_id=record.pk, title=f"{CANARIES.get(relation, '')} alert",
            labels={"alertname": "DiskFull"}, first_seen_at=at, last_seen_at=at,
        )  # fmt: skip
        world.things[f"alert {relation}"] = group.pk


Provider = Callable[[World, str], Any]


def number(world: World, relation: str) -> str:
    """A record's number."""
    return f"INC-{MISSING}" if relation == NONEXISTENT else world.records[relation].number


def record_id(world: World, relation: str) -> int:
    """A record's id."""
    return MISSING if relation == NONEXISTENT else world.records[relation].pk


def thing(kind: str, attribute: str = "pk", missing: Any = MISSING) -> Provider:
    """An object that stands in `world.things`, by its id or another attribute."""

    def provide(world: World, relation: str) -> Any:
        return missing if relation == NONEXISTENT else getattr(world.things[kind], attribute)

    return provide


def work_item(world: World, relation: str) -> int:
    """The work item of the record in that relation."""
    if relation == NONEXISTENT:
        return MISSING
    return WorkItem.objects.get(record=world.records[relation]).pk


def always(value: Any) -> Provider:
    """The same text in every relation: a step, a format, a language."""
    return lambda _world, _relation: value


def sheet(_world: World, relation: str) -> str:
    """A list that goes out and comes in."""
    return "none" if relation == NONEXISTENT else "people"


ARGUMENTS: dict[str, tuple[tuple[str, ...], Provider]] = {
    # "argument" for every route, or "route:argument" for one; the relations it can stand in, and its value
    "number": (RECORD_RELATIONS, number),
    "record_id": (RECORD_RELATIONS, record_id),
    "tag": (THING_RELATIONS, thing("component", "tag", "srv-none")),
    "registry:relation_remove/pk": (THING_RELATIONS, thing("relation")),
    "registry:type_edit/code": (THING_RELATIONS, thing("component type", "code", "none")),
    "workforce:calendar/code": (THING_RELATIONS, thing("calendar", "code", "none")),
    "workforce:competence/code": (THING_RELATIONS, thing("competence", "code", "none")),
    "workforce:person/pk": (THING_RELATIONS, thing("user")),
    "workforce:person_add/pk": (THING_RELATIONS, thing("user")),
    "workforce:person_add/what": (NO_OBJECT, always("hold")),
    "workforce:person_drop/pk": (THING_RELATIONS, thing("user")),
    "workforce:person_drop/what": (NO_OBJECT, always("hold")),
    "workforce:person_drop/row": (NO_OBJECT, always(MISSING)),
    "intake:source/code": (THING_RELATIONS, thing("source", "code", "none")),
    "intake:rule/pk": (THING_RELATIONS, thing("severity rule")),
    "intake:source_retire/code": (THING_RELATIONS, thing("source", "code", "none")),
    "intake:rule_retire/pk": (THING_RELATIONS, thing("severity rule")),
    "intake:delivery/pk": (THING_RELATIONS, thing("message")),
    "intake:false_alarm/pk": (RECORD_RELATIONS, lambda world, relation: world.things.get(f"alert {relation}", MISSING)),
    **{f"coordination:{verb}/pk": (RECORD_RELATIONS, work_item) for verb in WORK_VERBS},
    **{f"work-api-{verb}/id": (RECORD_RELATIONS, work_item) for verb in API_VERBS},
    "coordination:answer_pair/ask": (NO_OBJECT, always(MISSING)),
    "incidents:call_draft/key": (NO_OBJECT, always(CALL_KEY)),
    "incidents:call_draft/field": (NO_OBJECT, always("title")),
    "incidents:field/name": (NO_OBJECT, always("workaround")),
    "incidents:step/name": (NO_OBJECT, always("resolve")),
    "sla:target/pk": (THING_RELATIONS, thing("target")),
    "sla:target_retire/pk": (THING_RELATIONS, thing("target")),
    "sla:escalation/pk": (THING_RELATIONS, thing("step")),
    "sla:escalation_retire/pk": (THING_RELATIONS, thing("step")),
    "incidents:category/code": (THING_RELATIONS, thing("category", "code", "none")),
    "category-api-detail/code": (THING_RELATIONS, thing("category", "code", "none")),
    "accounts:first_view/pk": (THING_RELATIONS, thing("saved view")),
    "accounts:remove_view/pk": (THING_RELATIONS, thing("saved view")),
    **{f"accounts:{page}/sheet": (THING_RELATIONS, sheet) for page in ("export", "template", "import", "trial")},
    **{f"accounts:{page}/form": (NO_OBJECT, always("csv")) for page in ("export", "template")},
    **{f"import-api-{name}/sheet": (THING_RELATIONS, sheet) for name in ("trials", "trial")},
    "import-api-trial/pk": (NO_OBJECT, always(MISSING)),
    "accounts:trial/pk": (NO_OBJECT, always(MISSING)),
    "accounts:save_view/key": (NO_OBJECT, always("queue")),
    "alert-inbox-api-detail/id": (THING_RELATIONS, thing("message")),
    "alert-source-api-detail/code": (THING_RELATIONS, thing("source", "code", "none")),
    "calendar-api-detail/code": (THING_RELATIONS, thing("calendar", "code", "none")),
    "competence-api-detail/code": (THING_RELATIONS, thing("competence", "code", "none")),
    "component-api-unrelate/relation": (THING_RELATIONS, thing("relation")),
    "component-type-api-detail/code": (THING_RELATIONS, thing("component type", "code", "none")),
    "delivery-api-resend/id": (THING_RELATIONS, thing("delivery")),
    "escalation-api-detail/id": (THING_RELATIONS, thing("step")),
    **{f"notification-api-{name}/id": (THING_RELATIONS, thing("notification")) for name in ("read", "mute", "unmute")},
    "notification-rule-api-detail/id": (THING_RELATIONS, thing("rule")),
    "pause-rule-api-detail/reason": (NO_OBJECT, always("supplier")),
    **{
        f"people-api-{name}/id": (THING_RELATIONS, thing("user"))
        for name in ("detail", "disable", "enable", "role", "roles", "sessions", "sign-out", "team", "teams")
    },
    "people-api-merge/id": (THING_RELATIONS, thing("guest")),
    "token-api-detail/id": (THING_RELATIONS, thing("token")),
    "token-api-rotate/id": (THING_RELATIONS, thing("token")),
    "own-view-api-detail/id": (THING_RELATIONS, thing("saved view")),
    "own-view-api-first/id": (THING_RELATIONS, thing("saved view")),
    "own-draft-api-detail/key": (NO_OBJECT, always("new/incident")),
    **{
        f"{name}-{what}-api/version": (NO_OBJECT, always(MISSING))
        for name in ("escalation", "pause")
        for what in ("version", "restore")
    },
    "ranking-version-api-detail/version": (NO_OBJECT, always(1)),
    "ranking-version-api-restore/version": (NO_OBJECT, always(1)),
    "alert-api-false/id": (RECORD_RELATIONS, lambda world, relation: world.things.get(f"alert {relation}", MISSING)),
    "people-api-role/grant": (NO_OBJECT, always(MISSING)),
    "people-api-team/team": (NO_OBJECT, always("other")),
    "record-api-file/file": (NO_OBJECT, always(MISSING)),
    "record-api-unlink/link": (NO_OBJECT, always(MISSING)),
    "service-api-detail/code": (THING_RELATIONS, thing("service", "code", "none")),
    "service-api-impact/code": (THING_RELATIONS, thing("service", "code", "none")),
    "severity-rule-api-detail/id": (THING_RELATIONS, thing("severity rule")),
    "target-api-detail/id": (THING_RELATIONS, thing("target")),
    "team-api-detail/code": (THING_RELATIONS, thing("team", "code", "none")),
    "team-api-members/code": (THING_RELATIONS, thing("team", "code", "none")),
    "wall-api-detail/figure": (NO_OBJECT, always("open")),
    **{f"webhook-api-{name}/id": (THING_RELATIONS, thing("webhook")) for name in ("detail", "rotate", "test")},
    **{
        f"working-time-api-{name}/id": (THING_RELATIONS, thing("user"))
        for name in ("absence", "absences", "competence", "competences", "schedules")
    },
    "working-time-api-absence/row": (NO_OBJECT, always(MISSING)),
    "working-time-api-competence/row": (NO_OBJECT, always(MISSING)),
    "incidents:remove_view/pk": (THING_RELATIONS, thing("saved view")),
    "coordination:remove_view/pk": (THING_RELATIONS, thing("saved view")),
    "coordination:queue_rules_restore/version": (NO_OBJECT, always(1)),
    "sla:escalations_restore/version": (NO_OBJECT, always(1)),
    "sla:pause_rules_restore/version": (NO_OBJECT, always(1)),
    "reports:behind/figure": (NO_OBJECT, always("open")),
    "reports:export/figure": (NO_OBJECT, always("open")),
    "reports:export/form": (NO_OBJECT, always("csv")),
    "notifications:follow/pk": (THING_RELATIONS, thing("notification")),
    "notifications:read/pk": (THING_RELATIONS, thing("notification")),
    "notifications:rule/pk": (THING_RELATIONS, thing("rule")),
    "notifications:rule_retire/pk": (THING_RELATIONS, thing("rule")),
    "notifications:webhook/pk": (THING_RELATIONS, thing("webhook")),
    "notifications:webhook_step/pk": (THING_RELATIONS, thing("webhook")),
    "notifications:webhook_step/step": (NO_OBJECT, always("retire")),
    "notifications:resend/pk": (THING_RELATIONS, thing("delivery")),
    "records:draft/key": (NO_OBJECT, always("new/incident")),
    "records:file/file_id": (NO_OBJECT, always(MISSING)),
    "records:undo/undo_id": (NO_OBJECT, always(MISSING)),
    "records:field/name": (NO_OBJECT, always("title")),
    "records:choices/name": (NO_OBJECT, always("component")),
    "records:unlink/link_id": (NO_OBJECT, always(MISSING)),
    **{f"accounts:{page}/pk": (THING_RELATIONS, thing("user")) for page in PERSON_PAGES},
    "accounts:person_merge/pk": (THING_RELATIONS, thing("guest")),
    "accounts:rights_step/step": (NO_OBJECT, always("join")),
    "accounts:person_step/step": (NO_OBJECT, always("off")),
    "accounts:team/code": (THING_RELATIONS, thing("team", "code", "none")),
    "accounts:token_step/pk": (THING_RELATIONS, thing("token")),
    "accounts:token_step/step": (NO_OBJECT, always("revoke")),
    "account_reset_password_from_key/uidb36": (NO_OBJECT, always("1")),
    "account_reset_password_from_key/key": (NO_OBJECT, always("set-password")),
}

BODIES: dict[str, dict[str, Any]] = {
    # "route" for every method but GET, or "route METHOD"
    "records:comment": {"audience": "public", "text": "A reply."},
    "incident-hold": {"reason": "supplier"},
    "incident-resolve": {"cause": "network", "resolution": "Cable."},
    "incident-cancel": {"reason": "Twice."},
    "incident-reopen": {"reason": "Again."},
    "incident-prioritise": {"impact": 4, "urgency": 4},
    "incident-escalate": {"supplier": "Nordic", "reason": "Theirs."},
    "incident-caller": {"caller": "Somebody new"},
    "incident-update": {"body": "On site."},
    "incident-give-back": {"reason": "shift_end"},
    "incident-stand-down": {"reason": "Over."},
    "record-api-comments": {"body": "A note."},
    "record-api-links": {"kind": "relates_to", "number": "INC-1"},
    "notification-api-read-all": {"up_to": 1},
    "work-api-route": {"site": "B"},
    "people-api-roles": {"role": "technician"},
    "people-api-teams": {"team": "mine"},
    "records:field": {"title": "A new title", "saw": ""},
}
"""What to POST to a route; without an entry nothing is sent, which is refused (422) only after the door is passed."""
