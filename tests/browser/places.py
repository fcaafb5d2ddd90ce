"""Where the demo's people find every page: the addresses of tests/browser/pages.py with the demo's things in them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import SavedView, Team, Token, User
from accounts.queries import SYSTEM
from incidents import commands as incidents
from incidents.models import Incident
from intake import commands as intake
from intake.models import Inbox, SeverityRule, Source
from journal.units import door
from notifications import commands as notifications
from notifications.models import Delivery, Notification, Rule, Webhook
from records.models import Category
from registry.models import Component, ComponentType, Relation
from sla.models import EscalationStep, Target
from tests.authz.asking import arguments
from tests.authz.base import OWN, World
from tests.authz.principals import ANONYMOUS
from tests.authz.routes import routes
from tests.browser.pages import pages, visible
from workforce.models import Calendar, Competence

TITLES = {
    "requester": "Skrivaren på expeditionen skriver dubbelt",
    "technician": "Backup agent on win-001 does not start",
}
MAJOR = "Journalsystemet svarar inte"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FACTORS = ("administrator", "auditor")
"""Who has a second factor, as in the world of tests/authz."""


def first(model: type[Model]) -> Callable[[], Any]:
    """The oldest row of a kind."""
    return lambda: model._default_manager.order_by("pk")[0]


def webhook() -> Webhook:
    """One that has nothing to tell."""
    with door(SYSTEM, source="test") as at:
        values = {
            "name": "hook",
            "url": "https://hooks.example/x",
            "codes": [],
            "allows_private": False,
            "is_active": False,
        }
        return notifications.save_webhook(None, values, actor=SYSTEM, at=at)


def message() -> Inbox:
    """What an alert source sent and nobody could read."""
    with door(SYSTEM, source="test") as at:
        intake.keep_refused(first(Source)(), b"{not JSON", status=400, reason="No JSON.", actor=SYSTEM, at=at)
    found: Inbox = Inbox.objects.order_by("-pk")[0]
    return found


THINGS: dict[str, Callable[[], Any]] = {
    "user": lambda: User.objects.get(email="technician@region.example"),
    "team": first(Team), "token": first(Token), "calendar": first(Calendar), "competence": first(Competence),
    "category": first(Category), "saved view": first(SavedView), "target": first(Target),
    "step": first(EscalationStep), "component": lambda: Component.objects.get(tag="core-a"),
    "component type": first(ComponentType), "relation": first(Relation), "rule": first(Rule), "webhook": webhook,
    "notification": first(Notification), "delivery": first(Delivery), "source": first(Source),
    "severity rule": first(SeverityRule), "message": message,
}  # fmt: skip


class Things(Mapping[str, Any]):
    """The things of the world of tests/authz, taken from the demo when an address asks for them."""

    def __getitem__(self, key: str) -> Any:
        return THINGS[key]()

    def __iter__(self) -> Iterator[str]:
        return iter(THINGS)

    def __len__(self) -> int:
        return len(THINGS)


def addresses(principal: str) -> dict[str, str]:
    """{route: address} of every page that one of the demo's people sees."""
    world, found = _world(principal), {}
    for route in pages():
        relation = visible(route, principal)
        if relation is not None:
            found[route.label] = reverse(route.name, kwargs=arguments(world, route, relation))
    return found


def address_of(name: str) -> str:
    """One address of that name, as a coordinator finds it."""
    route = next(each for each in routes() if each.name == name)
    return reverse(name, kwargs=arguments(_world("coordinator"), route, OWN))


def _world(principal: str) -> World:
    user = None if principal == ANONYMOUS else User.objects.get(email=f"{principal}@region.example")
    if user is not None and principal in FACTORS and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, SECRET)
    team, other = Team.objects.order_by("pk")[:2]
    world = World(principal, user, Client(), team, other, User(), User())
    world.things = Things()  # type: ignore[assignment]  # only read
    incident = Incident.objects.select_related("record").get(record__title=TITLES.get(principal, MAJOR))
    if user is not None:
        with door(SYSTEM, source="test") as at:
            incidents.add_caller(incident, user, actor=SYSTEM, at=at)
    world.records = {OWN: incident.record}
    return world
