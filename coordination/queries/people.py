"""Who takes work from the queue, and whose hours somebody may read."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Grant, Membership, User
from accounts.queries.actors import IN_USE
from accounts.roles import ROLES, Permission
from coordination.models import WorkItem
from coordination.queries.counts import seen_by
from kernel.actor import Actor

MOST = 500
"""So many people are planned at most; an installation is dimensioned for 200 agents (PERFORMANCE)."""


def takers() -> QuerySet[User]:
    """Active people whose role takes work from the queue, by name."""
    roles = [code for code, role in ROLES.items() if Permission.WORK_PICK in role.permissions]
    granted = Exists(Grant.objects.filter(IN_USE, user=OuterRef("pk"), role__in=roles))
    return User.objects.filter(granted, is_active=True).order_by("name", "pk")


def planned_teams(actor: Actor) -> list[int] | None:
    """The teams whose hours the actor may read; None for everybody's (T3)."""
    if actor.is_system or actor.may(Permission.CAPACITY_READ):
        return None
    return [team for team in actor.team_permissions if actor.may(Permission.CAPACITY_READ, team)]


def planned_people(actor: Actor) -> list[tuple[int, str]]:
    """Id and name of the takers whose hours the actor may read."""
    people, teams = takers(), planned_teams(actor)
    if teams is not None:
        people = people.filter(Exists(_members(teams).filter(user=OuterRef("pk"))))
    return list(people.values_list("pk", "name")[:MOST])


def planned_work(actor: Actor) -> QuerySet[WorkItem]:
    """Work that those people may have to do, as far as the actor may see it: all, or that of the teams and of their
    members."""  # fmt: skip
    rows, teams = seen_by(actor), planned_teams(actor)
    if teams is None:
        return rows
    return rows.filter(Q(team__in=teams) | Q(assignee__in=_members(teams).values("user_id")))


def _members(teams: list[int]) -> QuerySet[Membership]:
    return Membership.objects.filter(team__in=teams)
