"""What tests have happen: each function runs behind the stage, through commands, and answers with plain values.

Everybody and everything arranged here is new, so that tests do not stand in each other's way.
"""

import itertools
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts import commands as accounts
from accounts.models import Team, User, UserSession
from accounts.queries import SYSTEM, actor_for
from coordination import commands as work
from incidents import commands as incidents
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.models import Outbox
from journal.units import database_now, door
from records import commands as records
from records.models import Comment, Draft, Undo
from registry import commands as registry
from registry.models import Component, ComponentType
from tests.browser import places
from tests.browser.pages import PRINCIPALS

Facts = dict[str, Any]
PASSWORD = "spider-in-the-web"
FIRST = ("Maja", "Nils", "Vera", "Otto", "Signe", "Ivar", "Elin", "Hugo", "Tove", "Arvid")
LAST = ("Palmgren", "Rosenlund", "Stenbeck", "Hjelm", "Tallroth", "Wikander", "Zetterlund", "Ahlqvist")
_numbers = itertools.count(1)


def person(roles: list[str], *, team: str = "", name: str = "", **values: Any) -> Facts:
    """Somebody new who reads English, with these roles everywhere, in the team of that code."""
    number = next(_numbers)
    name = name or f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]} {number}"
    values = {"name": name, "email": f"actor{number}@region.example", "language": "en", **values}
    with door(SYSTEM, source="test") as at:
        user = accounts.save_person(None, values, actor=SYSTEM, at=at)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        if team:
            accounts.set_member(user, Team.objects.get(code=team), actor=SYSTEM, at=at)
        for role in roles:
            accounts.grant_role(user, role, team=None, actor=SYSTEM, at=at)
    return {"id": user.pk, "name": name, "email": values["email"], "session": session(user.pk)}


def staff(role: str, *, team: str = "") -> Facts:
    """Somebody with one role."""
    return person([role], team=team)


def session(user_id: int) -> str:
    """The cookie of somebody who has signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="accounts.signin.backends.PersonBackend")
    return client.cookies["sessionid"].value


def demo_session(address: str) -> Facts:
    """The same for one of the demo's well-known people."""
    user = User.objects.get(email=f"{address}@region.example")
    return {"id": user.pk, "name": user.name, "email": user.email, "session": session(user.pk)}


def end_sessions(user_id: int) -> None:
    """As if the time of all sessions of this person were over."""
    UserSession.objects.filter(user=user_id).delete()


def team() -> str:
    """A new team; its code."""
    code = f"crew-{next(_numbers)}"
    with door(SYSTEM, source="test") as at:
        name = {"en": code, "sv": code, "zh-hans": code}
        accounts.save_team(
            None, code=code, name=name, email="", is_desk=False, is_retired=False, actor=SYSTEM, at=at
        )  # fmt: skip
    return code


def component(name: str) -> Facts:
    """A new component of some type."""
    tag = f"{name.lower()}-{next(_numbers)}"
    with door(SYSTEM, source="test") as at:
        values = {"tag": tag, "name": tag, "type": ComponentType.objects.order_by("pk")[0]}
        made = registry.save_component(None, values, actor=SYSTEM, at=at)
    return {"tag": made.tag, "name": made.name}


def incident(
    title: str, *, caller: int | None = None, by: int = 0, team: str = "", hours_ago: float = 0, component: str = "",
    impact: int = 3, urgency: int = 2,
) -> Facts:  # fmt: skip
    """An incident that was logged some hours ago."""
    opening = incidents.IncidentOpening(
        title=title, impact=impact, urgency=urgency, caller=User.objects.get(pk=caller) if caller else None,
        owner_team=Team.objects.get(code=team) if team else None,
        component=Component.objects.get(tag=component) if component else None,
    )  # fmt: skip
    actor = actor_for(User.objects.get(pk=by)) if by else SYSTEM
    with door(actor, source="test") as at:
        made = incidents.open_incident(opening, actor=actor, at=at - timedelta(hours=hours_ago))
    item = INCIDENTS.required_work_item(made.record)
    return {"number": made.record.number, "title": title, "work_item": item.pk}


def of(number: str) -> Incident:
    """The incident with that number."""
    return Incident.objects.select_related("record").get(record__number=number)


def take(number: str, user: int) -> None:
    """Somebody takes the work."""
    actor = actor_for(User.objects.get(pk=user))
    with door(actor, source="test") as at:
        work.take(INCIDENTS.required_work_item(of(number).record), actor=actor, at=at, override_reason="It is mine.")


def give(number: str, user: int, to: int) -> None:
    """Somebody gives the work to somebody else."""
    actor = actor_for(User.objects.get(pk=user))
    with door(actor, source="test") as at:
        item = INCIDENTS.required_work_item(of(number).record)
        work.assign(item, User.objects.get(pk=to), override_reason="She knows it.", actor=actor, at=at)


def comment(number: str, user: int, body: str, *, is_public: bool = False) -> None:
    """Somebody writes."""
    actor = actor_for(User.objects.get(pk=user))
    with door(actor, source="test") as at:
        records.comment(of(number).record, body=body, is_public=is_public, actor=actor, at=at)


def merge(number: str, target: str, user: int) -> None:
    """Somebody finds that two incidents are the same."""
    actor = actor_for(User.objects.get(pk=user))
    with door(actor, source="test") as at:
        incidents.merge(of(number), target=of(target), actor=actor, at=at)


def change_profile(user: int, **values: Any) -> None:
    """Language or looks."""
    found = User.objects.get(pk=user)
    actor = actor_for(found)
    with door(actor, source="test") as at:
        accounts.change_profile(values, actor=actor, at=at)


def drafts(user: int) -> list[Facts]:
    """What the server keeps of somebody's unsent words."""
    return list(Draft.objects.filter(user=user).order_by("key").values("key", "values"))


def incident_facts(number: str) -> Facts:
    """What became of an incident."""
    found = of(number)
    item = found.record
    return {
        "title": item.title, "state": item.state, "priority": item.priority, "description": item.description,
        "cause": found.cause, "resolution": found.resolution, "callers": found.caller_count,
        "workaround": found.workaround, "undos": Undo.objects.filter(record=item).count(),
    }  # fmt: skip


def incidents_called(title: str) -> list[str]:
    """Numbers of all incidents with that title."""
    return list(Incident.objects.filter(record__title=title).order_by("pk").values_list("record__number", flat=True))


def comments_of(number: str) -> list[list[Any]]:
    """Every comment as [body, is public], oldest first."""
    return [[each.body, each.is_public] for each in Comment.objects.filter(record=of(number).record).order_by("pk")]


def is_quiet() -> bool:
    """Whether everything that follows commits has been done."""
    return not Outbox.objects.filter(dead_at=None).exists()


def addresses() -> dict[str, dict[str, str]]:
    """Where each of the roles finds each page: {principal: {route: address}}."""
    return {principal: places.addresses(principal) for principal in PRINCIPALS}


def address_of(name: str) -> str:
    """Where a coordinator finds something that is no page."""
    return places.address_of(name)


def now() -> str:
    """The database's clock."""
    return database_now().isoformat()
