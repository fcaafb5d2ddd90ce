"""People, teams and tokens for the settings pages."""

from django.db.models import Count, Q, QuerySet

from accounts.models import Grant, Membership, Team, Token, User
from kernel.errors import NotFound

SETTINGS_PAGES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("people", (("accounts:people", "people"), ("accounts:teams", "teams"), ("accounts:roles", "roles"),
                ("workforce:competences", "competences"), ("workforce:calendars", "calendars"))),
    ("promises", (("sla:targets", "targets"), ("sla:escalations", "escalations"), ("sla:pause_rules", "pause_rules"),
                  ("incidents:matrix", "matrix"), ("incidents:categories", "categories"),
                  ("incidents:closing", "closing"))),
    ("queue", (("coordination:queue_rules", "queue_rules"), ("coordination:queue_limits", "queue_limits"))),
    ("registry", (("registry:types", "types"),)),
    ("messages", (("notifications:rules", "rules"), ("notifications:webhooks", "webhooks"),
                  ("notifications:deliveries", "deliveries"))),
    ("alerts", (("intake:sources", "sources"), ("intake:rules", "severity"), ("intake:inbox", "inbox"))),
    ("machines", (("accounts:tokens", "tokens"),)),
)  # fmt: skip
"""Groups of settings pages: URL name and the key of its words in the template."""


def people(text: str = "", *, is_active: bool | None = None) -> QuerySet[User]:
    """People whose name, e-mail, phone or staff number has every word."""
    rows = User.objects.filter(kind__in=("person", "guest", "integration"), merged_into=None)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(phone__icontains=word) | Q(staff_number=word)
        )
    return rows


def person(pk: int) -> User:
    """A person or machine; NotFound when there is none."""
    found = User.objects.filter(pk=pk).exclude(kind="system").first()
    if found is None:
        raise NotFound("No such person.")
    return found


def grants_of(user: User) -> list[Grant]:
    """The person's roles."""
    return list(Grant.objects.filter(user=user).select_related("team", "user").order_by("role", "team_id"))


def grant(user: User, pk: int) -> Grant:
    """One of the person's roles; NotFound when it is not theirs."""
    found = Grant.objects.filter(user=user, pk=pk).select_related("user").first()
    if found is None:
        raise NotFound("No such role of this person.")
    return found


def teams_of(user: User) -> list[Team]:
    """The person's teams."""
    ids = Membership.objects.filter(user=user).values("team_id")
    return list(Team.objects.filter(pk__in=ids).order_by("code"))


def teams() -> list[tuple[Team, int]]:
    """Teams and how many active members each has, those in use first."""
    active = Count("id", filter=Q(user__is_active=True))
    members = dict(Membership.objects.values("team").annotate(n=active).values_list("team", "n"))
    return [(team, members.get(team.pk, 0)) for team in Team.objects.order_by("retired_at", "code")]


def team(code: str) -> Team:
    """The team with that code; NotFound when there is none."""
    found = Team.objects.filter(code=code).first()
    if found is None:
        raise NotFound("No such team.")
    return found


def holders() -> dict[str, int]:
    """How many active people hold each role."""
    rows = Grant.objects.filter(user__is_active=True).values("role").annotate(n=Count("user", distinct=True))
    return dict(rows.values_list("role", "n"))


def tokens() -> QuerySet[Token]:
    """Tokens that still open something, newest first."""
    return Token.objects.filter(revoked_at=None).select_related("user").order_by("-created_at")


def token(pk: int) -> Token:
    """A token; NotFound when there is none."""
    found = Token.objects.filter(pk=pk).select_related("user").first()
    if found is None:
        raise NotFound("No such token.")
    return found
